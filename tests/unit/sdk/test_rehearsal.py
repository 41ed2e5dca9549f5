"""The rehearsal loads what the first turn needs, tells nobody of it, and holds nobody up where it fails."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from actions.conversations.models import Conversation
from actions.database import Database
from actions.fulfilment.models import Step
from actions.sdk import rehearsal
from actions.wording import services as wording


def test_it_answers_whole_turns_and_leaves_nothing_behind(database: Database) -> None:
    wording.phrases.cache_clear()
    rehearsal.play()
    assert wording.phrases.cache_info().currsize == 1, "the phrases are loaded now"
    with database.read() as session:
        for table in (Conversation, Step):
            assert session.scalar(select(func.count()).select_from(table)) == 0


def test_one_that_fails_is_said_and_no_more(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("rehearsal@rightline.example")

    monkeypatch.setattr(rehearsal, "_play", fail)
    rehearsal.rehearse()
    said = capsys.readouterr().out
    assert "rehearsal_failed" in said
    assert "rehearsal@" not in said
