"""Slack away, slow, out of order or refusing: nothing of a thread is lost, and the order stays."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from actions.clock.services import machine_now
from actions.slack.models import SlackCall, SlackThread
from bot.slack.threads import catching_up
from tests.unit.slack.conftest import AGENT, DESK
from tests.unit.slack.little_slack import DROP_AFTER
from tests.unit.slack.thread_desk import (
    Desk,
    desk,
    pseudonymiser,
    taken,
)

__all__ = ["desk", "pseudonymiser", "taken"]


def test_what_was_written_while_we_were_away_is_fetched_in_order(taken: Desk) -> None:
    said = taken.write(AGENT, "before")
    gone = taken.write(AGENT, "gone soon")
    for text in ("first", "second"):
        taken.slack.write(DESK, AGENT, text, taken.root)
    taken.slack.edit(DESK, said["ts"], "before, corrected")
    taken.slack.delete(DESK, gone["ts"])
    catching_up.connected()
    live = taken.slack.write(DESK, AGENT, "third", taken.root)
    taken.deliver(live)
    taken.settle()
    agents = [text for sender, text in taken.seen_by_visitor() if sender == "agent" and text]
    assert agents == ["Corrected: before, corrected", "first", "second", "third"]
    assert ("system", "agent took a message back.") in taken.seen_by_visitor()


def test_an_event_that_overtakes_another_does_not_change_the_order(taken: Desk) -> None:
    first, second, third = (taken.slack.write(DESK, AGENT, text, taken.root) for text in ("1", "2", "3"))
    for event in (third, first, second):
        assert taken.deliver(event) == 200
    assert [text for sender, text in taken.seen_by_visitor() if sender == "agent"] == ["1", "2", "3"]


def test_a_thread_whose_beginning_is_gone_keeps_no_other_from_being_looked_through(taken: Desk) -> None:
    catching_up.connected()
    taken.slack.troubles["conversations.replies"] = ["thread_not_found"]
    assert catching_up.catch_up_all(taken.services) == 1
    assert catching_up.catch_up_all(taken.services) == 0


def test_a_thread_that_cannot_be_fetched_lets_nothing_overtake(taken: Desk) -> None:
    taken.slack.write(DESK, AGENT, "first", taken.root)
    catching_up.connected()
    live = taken.slack.write(DESK, AGENT, "second", taken.root)
    # The client that listeners use tries such an error again once by itself.
    taken.slack.troubles["conversations.replies"] = ["internal_error"]
    assert taken.deliver(live, event_id="Ev-x") == 500, "Slack sends it again"
    assert [text for sender, text in taken.seen_by_visitor() if sender == "agent"] == []
    assert taken.deliver(live, event_id="Ev-x") == 200
    assert [text for sender, text in taken.seen_by_visitor() if sender == "agent"] == ["first", "second"]


def test_threads_are_looked_through_every_minute(taken: Desk) -> None:
    assert catching_up.catch_up_all(taken.services) == 0
    with taken.database.write() as session:
        session.execute(update(SlackThread).values(caught_up_at=machine_now() - timedelta(minutes=2)))
    taken.slack.write(DESK, AGENT, "did you get this?", taken.root)
    assert catching_up.catch_up_all(taken.services) == 1
    assert taken.seen_by_visitor()[-1] == ("agent", "did you get this?")


def test_a_message_that_slack_refuses_is_told_in_the_thread_once(taken: Desk) -> None:
    taken.slack.troubles["chat.postMessage"] = ["invalid_blocks"]
    taken.says("what is this?")
    for _look in range(3):
        taken.settle()
    assert [text for text in taken.thread() if "Slack did not take" in text] == [taken.thread()[-1]]
    assert "what is this?" not in str(taken.thread())


def test_while_slack_is_away_nothing_is_lost_and_the_order_stays(desk: Desk) -> None:
    desk.slack.troubles["chat.postMessage"] = [503, DROP_AFTER, 503, 503]
    for number in range(4):
        desk.says(f"line {number}")
        desk.settle()
    for _attempt in range(8):
        with desk.database.write() as session:
            session.execute(update(SlackCall).values(not_before=machine_now() - timedelta(seconds=1)))
        desk.settle()
    lines = [text for text in desk.thread() if text.startswith("*visitor:*")]
    assert lines == [f"*visitor:* line {number}" for number in range(4)]
