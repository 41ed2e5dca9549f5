"""Fixtures of this folder's tests."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from actions.fulfilment import handlers as registered
from actions.fulfilment import journal
from actions.fulfilment.running import Claimed, carry_out
from tests.support.dialogue import Chat, chat
from tests.support.store import database
from tests.support.working import PostOffice, post_office

__all__ = ["chat", "database", "post_office", "work"]

Letters = list[tuple[str, str]]
Work = Callable[[], Letters]


@pytest.fixture
def work(chat: Chat, post_office: PostOffice) -> Work:
    """Carry out everything that is due; returns all letters so far, as (template, address)."""
    assert "actions.rights.handlers" in registered.MODULES
    assert not post_office.letters
    letters: Letters = []

    def run() -> Letters:
        while True:
            with chat.database.write() as session:
                steps = journal.claim(session, "test", limit=10)
                letters.extend(
                    (step.payload["template"], step.payload["to"])
                    for step in steps
                    if step.kind == "mail" and step.payload is not None
                )
                claimed = [Claimed.of(chat.database, step) for step in steps]
            if not claimed:
                return letters
            for one in claimed:
                carry_out(one, "test")

    return run
