"""What makes an erasure real: in order, proven, told to those who were given the data, and remembered."""

from __future__ import annotations

from sqlalchemy import func, select

from actions.cases import holds
from actions.cases.models import AgentTask, Case
from actions.crm.models import Contact
from actions.erasures.models import DeferredErasure, Erasure
from actions.fulfilment.models import Step
from actions.helpdesk import case_tickets
from actions.helpdesk.embedded import EmbeddedHelpdesk
from actions.preferences.services import standing
from actions.recipients.models import Disclosure, RecipientNotice
from tests.support.dialogue import Chat
from tests.support.erasing import approve, ask_for_erasure, days_later
from tests.support.working import PostOffice, work

TOM = "tom@northgate.example"


def test_everybody_is_told_only_after_the_crm_was_seen_to_be_empty(
    chat: Chat, post_office: PostOffice
) -> None:
    EmbeddedHelpdesk(chat.database).create_ticket("Printer", "It is on fire.", TOM, key="t1")
    reference = ask_for_erasure(chat, TOM)
    kinds = [kind for kind in days_later(chat) if kind != case_tickets.KIND]
    wanted = [
        "suppress",
        "record_erasure",
        "save_ledger",
        "crm_erase",
        "helpdesk_anonymise",
        "crm_prove_erasure",
        "wipe_disk",
        *["tell_recipient"] * 3,
        "mail",
        "move_case",
        "close_request",
    ]
    assert kinds[kinds.index("suppress") :] == wanted
    assert EmbeddedHelpdesk(chat.database).find_by_requestor(TOM) == []
    (told,) = post_office.to("data-requests@larkpost.example")
    assert TOM in told.text
    assert "delete every detail" in told.text
    with chat.database.read() as session:
        outcomes = {row.recipient: row.state for row in session.scalars(select(RecipientNotice))}
        tasks = [task.text for task in session.scalars(select(AgentTask)) if task.kind == "recipient"]
        (record,) = session.scalars(select(Erasure)).all()
    assert outcomes == {"cloud": "not_needed", "mailing_service": "told", "auditor": "with_a_person"}
    assert len(tasks) == 1
    assert "Thornbury" in tasks[0]
    assert (record.case_reference, record.keep) == (reference, [])
    assert record.saved_at is not None


def test_a_shared_address_is_not_silenced_and_blocks_only_the_one_who_left(
    chat: Chat, post_office: PostOffice
) -> None:
    chat.send("erase")
    chat.prove("accounts@millbrook.example")
    approve(chat, chat.cases()[-1].reference, "jo")
    days_later(chat)
    with chat.database.read() as session:
        assert session.get(Contact, "jo") is None
        assert session.get(Contact, "lee") is not None
        assert standing(session, "email", "accounts@millbrook.example").topics == frozenset()
        assert standing(session, "email", "accounts@millbrook.example").erased_at is None
        assert standing(session, "person", "accounts@millbrook.example", "Jo  WHITLOCK").erased_at
        assert standing(session, "person", "accounts@millbrook.example", "Lee Nakamura").erased_at is None


def test_every_address_of_the_contact_is_remembered(chat: Chat, post_office: PostOffice) -> None:
    ask_for_erasure(chat, "ines@pennant.example")
    days_later(chat)
    with chat.database.read() as session:
        for address in ("ines@pennant.example", "ines.carvalho@post.example"):
            assert standing(session, "email", address).erased_at is not None


def test_a_legal_hold_placed_during_the_waiting_time_stops_everything_until_it_is_lifted(
    chat: Chat, post_office: PostOffice
) -> None:
    ask_for_erasure(chat, TOM)
    work(chat.database)
    with chat.database.write() as session:
        hold = holds.place_hold(session, by="dana", reason="A claim is pending.", contact_id="tom")
    for _ in range(3):
        assert days_later(chat) == ["move_case"]
    with chat.database.read() as session:
        assert session.get(Contact, "tom") is not None
        assert session.scalar(select(func.count()).select_from(Erasure)) == 0
        waiting = session.scalars(select(AgentTask).where(AgentTask.kind == "waiting_step")).all()
        assert [task.done_at for task in waiting] == [None], "one task, however often it was looked at"
        step = session.scalars(select(Step).where(Step.state == "planned").order_by(Step.id)).first()
        assert step is not None
        assert (step.kind, step.attempts) == ("move_case", 0)
    with chat.database.write() as session:
        holds.lift_hold(session, session.merge(hold), by="dana")
    assert "crm_erase" in days_later(chat)
    with chat.database.read() as session:
        assert session.get(Contact, "tom") is None
        task = session.scalars(select(AgentTask).where(AgentTask.kind == "waiting_step")).one()
        assert task.done_by == "system"


def test_what_a_ground_keeps_is_remembered_with_its_end(chat: Chat, post_office: PostOffice) -> None:
    approve(chat, ask_for_erasure(chat, "priya@hartwell.example"))
    days_later(chat)
    with chat.database.read() as session:
        (row,) = session.scalars(select(DeferredErasure)).all()
        case = session.get_one(Case, row.case_id)
        assert (row.contact_id, row.ground, row.state) == ("priya", "active_agreement", "waiting")
        assert row.review_on is not None
        assert case.state == "fulfilled"
        assert session.scalars(select(Disclosure).where(Disclosure.contact_id == "priya")).all()
