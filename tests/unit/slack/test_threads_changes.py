"""What colleagues and contacts change or delete in a talk reaches the other side, or they are told why."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from actions.audit.models import AuditEntry
from actions.conversations import intake, second_thoughts
from actions.conversations.interfaces import TurnInput
from actions.conversations.models import Turn
from actions.handover import services as handovers
from actions.slack import redaction
from bot.slack.threads import catching_up, mirror, rendering
from tests.unit.slack.conftest import AGENT, DESK
from tests.unit.slack.thread_desk import Desk, desk, forget, pseudonymiser, taken

__all__ = ["desk", "pseudonymiser", "taken"]
REMOVED = "This was removed to protect somebody's personal data."


def said(desk: Desk) -> list[str | None]:
    """What colleagues have said to the visitor and stands."""
    return [text for sender, text in desk.seen_by_visitor() if sender == "agent" and text]


def told(desk: Desk) -> str:
    """What a colleague was told privately last."""
    user, text = desk.whispers()[-1]
    assert user == AGENT
    return text


def edit(desk: Desk, event: dict[str, Any], text: str, *, second: int | None = None) -> None:
    assert desk.deliver(desk.slack.edit(DESK, event["ts"], text, second=second)) == 200
    desk.settle()


def test_two_changes_in_one_second_are_two_and_one_that_is_fetched_again_is_none(taken: Desk) -> None:
    event = taken.write(AGENT, "March")
    for text in ("April", "May"):
        edit(taken, event, text, second=7)
    assert said(taken) == ["Corrected: May"]
    catching_up.catch_up(taken.services, taken.handover)
    assert said(taken) == ["Corrected: May"]
    edit(taken, event, "much too early", second=6)
    assert said(taken) == ["Corrected: May"]


def test_what_was_not_sent_is_sent_once_it_is_changed_into_something_that_can_be(taken: Desk) -> None:
    event = taken.write(AGENT, "", subtype="file_share", files=[{"id": "F1"}])
    assert "only words can" in told(taken)
    assert taken.reactions(event["ts"]) == ["warning"]
    edit(taken, event, "The form has two pages.")
    assert said(taken) == ["The form has two pages."]
    assert taken.reactions(event["ts"]) == ["white_check_mark"]


def test_what_is_held_and_then_made_a_note_cannot_be_sent_any_more(desk: Desk) -> None:
    event = desk.write(AGENT, "She is lying")
    send = desk.slack.whispers[-1]["blocks"][-1]["elements"][0]
    edit(desk, event, "// She is lying")
    desk.press(AGENT, send["action_id"], send["value"])
    assert said(desk) == []
    assert "Write it again" in told(desk)


def test_whoever_lost_their_role_is_told_that_the_change_did_not_go(
    taken: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = taken.write(AGENT, "It ends in March")
    monkeypatch.setattr(taken.services.people, "agent", lambda *_given: None)
    edit(taken, event, "You get nothing")
    assert said(taken) == ["It ends in March"]
    assert "your role does not let you" in told(taken)
    assert "warning" in taken.reactions(event["ts"])
    with taken.database.read() as session:
        refused = session.scalars(select(AuditEntry).where(AuditEntry.action == "slack_refused")).all()
    assert [entry.details["what"] for entry in refused] == ["correct_a_reply"]
    # Taking back is always allowed.
    taken.deliver(taken.slack.delete(DESK, event["ts"]))
    assert said(taken) == []


def test_a_change_that_is_too_long_or_comes_too_late_is_told(taken: Desk) -> None:
    event = taken.write(AGENT, "Short")
    edit(taken, event, "long " * 2_000)
    assert "longer than 8000" in told(taken)
    assert said(taken) == ["Short"]
    forget(taken)
    edit(taken, event, "Another")
    assert "is gone from their chat" in told(taken)
    assert said(taken) == []


def write(desk: Desk, text: str, key: str) -> None:
    """The contact writes where what they wrote can be changed."""
    with desk.database.write() as session:
        intake.accept(session, desk.chat, TurnInput(text=text), key=key, to_person=handovers.heard)
    desk.settle()


def take_back(desk: Desk, key: str) -> str:
    with desk.database.write() as session:
        outcome, seq = second_thoughts.take_back(session, desk.chat, key)
        redaction.redact_message(session, desk.chat, seq)
        mirror.begin_anew(session, desk.chat)
    desk.settle()
    return outcome


def test_what_a_contact_takes_back_is_taken_out_of_the_thread_and_nothing_else(taken: Desk) -> None:
    for number in range(3):
        write(taken, f"line {number}", f"k{number}")
    before = list(taken.thread())
    assert take_back(taken, "k1") == "removed"
    assert take_back(taken, "k1") == "unknown"
    after = taken.thread()
    assert [text for text in after if text in before] == [text for text in before if "line 1" not in text]
    assert REMOVED in after
    assert len(after) == len(before)
    write(taken, "line 3", "k3")
    assert taken.thread()[-1] == "*visitor:* line 3"
    assert rendering.HAND_BACK in taken.buttons()


def test_what_a_contact_takes_back_while_nobody_has_it_yet_is_not_posted(taken: Desk) -> None:
    with taken.database.write() as session:
        intake.accept(session, taken.chat, TurnInput(text="never mind"), key="k", to_person=handovers.heard)
    mirror.tick(taken.database, DESK)
    assert take_back(taken, "k") == "removed"
    assert not any("never mind" in text for text in taken.thread())


@pytest.mark.parametrize("over", [False, True])
def test_the_first_messages_are_written_again_without_it(taken: Desk, over: bool) -> None:
    if over:
        taken.press(AGENT, rendering.CLOSE)
    assert "hurt" in str(taken.slack.messages[DESK][:2])
    with taken.database.write() as session:
        turn = session.scalars(select(Turn).where(Turn.conversation_id == taken.chat)).first()
        assert turn is not None
        turn.key = "the wish"
    length = len(taken.thread())
    assert take_back(taken, "the wish") == "withdrawn"
    taken.settle()
    first, before = taken.slack.messages[DESK][:2]
    assert "hurt" not in str([first, before])
    assert "We wrote to EMAIL_1" in str(before["blocks"])
    assert len(taken.thread()) == length
    assert bool(taken.buttons()) is not over
