"""From the decision to the effect: the CRM, the suppression list, the letters and the words at the end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from actions.cases.services import by_reference
from actions.conversations import log
from actions.conversations.models import Turn
from actions.crm.demo import state
from actions.crm.embedded import EmbeddedCrm
from actions.fulfilment.models import Step
from actions.preferences.services import suppressed_topics
from actions.rights import decisions, status
from actions.tasks.context import Context
from tests.support.dialogue import Chat
from tests.unit.rights.conftest import Work


def demo(chat: Chat) -> dict:
    with chat.database.read() as session:
        return state(session)


def confirmed_erasure(chat: Chat, address: str, choice: str = "erase") -> str:
    chat.send("erase")
    chat.prove(address)
    chat.send(choice=choice)
    return chat.cases()[-1].reference


def decide(chat: Chat, reference: str, **how: str) -> None:
    with chat.database.write() as session:
        case = by_reference(session, reference)
        assert case is not None
        if "reason" in how:
            decisions.refuse(session, case, by="dana", reason=how["reason"])
        else:
            decisions.approve(
                session, EmbeddedCrm(chat.database), case, by="dana", contact_id=how.get("contact")
            )


def test_erasure_waits_a_day_and_then_nothing_is_left(chat: Chat, work: Work) -> None:
    confirmed_erasure(chat, "tom@northgate.example")
    assert "erasure_done" not in dict(work())
    assert demo(chat)["tom"]["state"] == "active"
    chat.pass_time(timedelta(hours=25))
    letters = work()
    assert demo(chat)["tom"] == {"state": "erased"}
    assert ("erasure_done", "tom@northgate.example") in letters
    case = chat.cases()[-1]
    assert (case.state, case.address) == ("fulfilled", None)
    assert "your data is deleted" in chat.messages()[-1]["text"]
    chat.pass_time(timedelta(hours=25))
    work()
    with chat.database.read() as session:
        assert suppressed_topics(session, "email", "tom@northgate.example")
        left = session.scalars(select(Step).where(Step.payload.is_not(None))).all()
    assert not left, [step.kind for step in left]


def test_an_approved_erasure_under_an_agreement_keeps_what_the_ground_keeps(chat: Chat, work: Work) -> None:
    reference = confirmed_erasure(chat, "priya@hartwell.example", "copy_first")
    assert ("copy_of_data", "priya@hartwell.example") in work()
    assert demo(chat)["priya"]["state"] == "active"
    decide(chat, reference)
    chat.pass_time(timedelta(hours=25))
    letters = work()
    priya = demo(chat)["priya"]
    assert priya["state"] == "reduced"
    assert set(priya["fields"]) == {"name", "surname", "email", "company"}
    assert priya["tracked_emails"] == 0
    assert ("erasure_done_kept", "priya@hartwell.example") in letters


def test_a_refused_erasure_changes_nothing_and_gives_the_reason(chat: Chat, work: Work) -> None:
    reference = confirmed_erasure(chat, "priya@hartwell.example")
    decide(chat, reference, reason="A dispute about the agreement is open.")
    assert ("erasure_refused", "priya@hartwell.example") in work()
    assert demo(chat)["priya"]["state"] == "active"
    assert chat.cases()[-1].state == "refused"
    with pytest.raises(decisions.DecisionRefused, match="not waiting for approval"):
        decide(chat, reference)


def test_a_shared_address_is_approved_only_with_a_name(chat: Chat, work: Work) -> None:
    chat.send("access")
    chat.prove("accounts@millbrook.example")
    reference = chat.cases()[-1].reference
    with pytest.raises(decisions.DecisionRefused, match="jo, lee"):
        decide(chat, reference)
    decide(chat, reference, contact="lee")
    assert ("access_answer", "accounts@millbrook.example") in work()
    assert chat.cases()[-1].state == "in_progress"
    assert "first part of the answer" in chat.messages()[-1]["text"]


def test_stopping_marketing_reaches_everybody_at_the_address_and_can_be_undone(
    chat: Chat, work: Work
) -> None:
    chat.send("opt_out", email="accounts@millbrook.example")
    chat.send(choice="cancel")
    letters = work()
    assert ("marketing_stopped", "accounts@millbrook.example") in letters
    people = demo(chat)
    assert people["jo"]["preferences"]["monthly_newsletter"] == {"email": False}
    assert people["jo"]["preferences"]["sales_and_marketing"]["sms"] is True
    assert people["lee"]["preferences"]["sales_and_marketing"] == {"email": False, "sms": True}
    chat.send("opt_out", email="tom@northgate.example")
    chat.send(choice="cancel")
    chat.send("opt_in")
    chat.prove("tom@northgate.example")
    work()
    assert demo(chat)["tom"]["preferences"]["monthly_newsletter"]["email"] is True
    with chat.database.read() as session:
        assert not suppressed_topics(session, "email", "tom@northgate.example")


def test_a_withdrawn_erasure_never_runs(chat: Chat, work: Work) -> None:
    confirmed_erasure(chat, "tom@northgate.example")
    with chat.database.write() as session:
        conversation = log.lock(session, chat.id)
        turn = session.scalars(select(Turn).order_by(Turn.seq.desc())).first()
        assert conversation is not None
        assert turn is not None
        assert status.withdraw(Context(session, conversation, turn, EmbeddedCrm(chat.database)))
    chat.pass_time(timedelta(hours=25))
    work()
    assert demo(chat)["tom"]["state"] == "active"
    assert chat.cases()[-1].state == "withdrawn"
