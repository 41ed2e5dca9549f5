"""`./rightline situations`: what turned up, read and decided by a person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from typer.testing import CliRunner

from actions.audit.models import AuditEntry
from bot.cli import case_shared, situations
from tests.support.dialogue import Chat, chat
from tests.support.store import database

__all__ = ["chat", "database"]


@pytest.fixture
def run(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The command on the conversation's database."""

    @contextmanager
    def session() -> Iterator[Any]:
        with chat.database.write() as found:
            yield found

    monkeypatch.setattr(situations, "deciding", session)
    monkeypatch.setattr(situations, "reading", session)
    return lambda *words: CliRunner().invoke(situations.app, list(words))


def test_what_turned_up_is_listed_read_and_settled(chat: Chat, run: Any) -> None:
    assert "Nothing turned up" in run("list").output
    chat.send("access", situations=("domestic",))
    listed = run("list").output
    assert re.fullmatch(r"[0-9a-f]{32}", chat.id), "an identifier that an option cannot be taken for"
    assert chat.id in listed
    assert "domestic" in listed
    assert chat.cases()[0].reference in listed
    assert "0808 2000 247" in run("read", chat.id, "--as", "dana").output
    with chat.database.read() as session:
        entries = session.query(AuditEntry).filter_by(action="conversation_read").all()
        assert [entry.actor for entry in entries] == ["dana"]
    assert run("settle", chat.id, "domestic", "--as", "dana").exit_code == 0
    assert run("settle", chat.id, "domestic", "--as", "dana").exit_code == case_shared.EXIT_FAILED


def test_held_letters_are_released_or_discarded(chat: Chat, run: Any) -> None:
    chat.send("opt_out", situations=("domestic",))
    chat.send(email="priya@hartwell.example")
    reference = chat.cases()[0].reference
    assert run("release", reference, "--as", "dana", "--to", "nowhere").exit_code == case_shared.EXIT_FAILED
    assert "1 held back" in run("release", reference, "--as", "dana").output
    assert "Nothing is held back" in run("discard", reference, "--as", "dana").output


def test_a_conversation_is_ended_once_it_is_known(chat: Chat, run: Any) -> None:
    assert run("end", "nobody", "--as", "dana").exit_code == case_shared.EXIT_FAILED
    assert run("end", chat.id, "--as", "dana").exit_code == 0
    assert "ended this chat" in chat.send("access")[-1]["text"]
