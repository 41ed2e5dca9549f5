"""A delivery has its effect once: repeated it has none, lost it is made up for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from actions.clock.services import advance
from actions.database import Database
from bot.slack import receipts
from bot.slack.interfaces import Body


def press(**changes: object) -> Body:
    action = {"action_id": "approve", "action_ts": "17.1"} | changes
    return {
        "type": "block_actions",
        "user": {"id": "U1"},
        "container": {"message_ts": "16.5"},
        "actions": [action],
    }


def test_a_repeated_delivery_is_known() -> None:
    assert receipts.key_of({"type": "event_callback", "event_id": "Ev1"}) == "event:Ev1"
    assert receipts.key_of(press()) == receipts.key_of(press())
    assert receipts.key_of(press()) != receipts.key_of(press(action_ts="17.2"))
    with pytest.raises(ValueError, match="known by"):
        receipts.key_of({"type": "unheard_of"})


def test_only_the_first_has_its_effect(database: Database) -> None:
    with database.write() as session:
        assert receipts.first(session, "event:Ev1")
    with database.write() as session:
        assert not receipts.first(session, "event:Ev1")


def test_what_was_never_committed_is_done_by_the_repetition(database: Database) -> None:
    with database.read() as killed:
        assert receipts.first(killed, "event:Ev1")
    with database.write() as session:
        assert receipts.first(session, "event:Ev1")


def test_what_was_only_acknowledged_is_taken_up_after_a_while(database: Database) -> None:
    body = {"type": "event_callback", "event_id": "Ev1"}
    with database.write() as session:
        receipts.put_by(session, "event:Ev1", body)
        receipts.put_by(session, "event:Ev1", {"never": "kept"})
    with database.write() as session:
        assert receipts.left_over(session) == []
        advance(session, timedelta(seconds=31))
    with database.write() as session:
        assert receipts.left_over(session) == [("event:Ev1", body, False)]
        assert receipts.first(session, "event:Ev1")
    with database.write() as session:
        assert receipts.left_over(session) == []
        assert not receipts.first(session, "event:Ev1")
