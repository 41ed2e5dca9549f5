"""What the notice says, to whom it goes, and that it goes once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from actions.cases import services as cases
from actions.cases.chores import SAFE_CHANNEL
from actions.cases.models import AgentTask, CaseTag
from actions.clock import now
from actions.crm.embedded import EmbeddedCrm
from actions.crm.interfaces import NewContact
from actions.fulfilment.models import Step
from actions.mail import services as mail
from actions.mail.interfaces import MailRefused
from actions.mail.services import message_id
from actions.notices import services
from actions.notices.models import ContactNotice
from actions.preferences import services as preferences
from actions.recipients import services as recipients
from actions.wording import topics
from tests.support.dialogue import Chat
from tests.support.erasing import ask_for_erasure, days_later
from tests.support.working import PostOffice, work

ANA = "ana@northgate.example"


@pytest.fixture
def planned(chat: Chat) -> Chat:
    """The notice to ana is planned."""
    services.run(chat.database, EmbeddedCrm(chat.database))
    return chat


def state(chat: Chat, contact: str = "ana") -> str:
    with chat.database.read() as session:
        return session.get_one(ContactNotice, contact).state


def test_it_tells_what_is_held_where_from_why_who_gets_it_and_what_can_be_done(
    chat: Chat, post_office: PostOffice
) -> None:
    with chat.database.write() as session:
        recipients.record(session, "ana", "mailing_service")
    services.run(chat.database, EmbeddedCrm(chat.database))
    work(chat.database)
    (letter,) = post_office.to(ANA)
    text = " ".join(letter.text.split())
    for said in (
        "Hello Ana",
        "first name - surname - email address - work telephone - company name We got",
        "from your company, when it became our customer",
        "section 8",
        "Art. 6",
        "Amazon Web Services, which stores our customer records",
        "Larkpost Mailings Ltd, which sends our newsletters",
        "corrected or deleted",
        "object",
        "stop our marketing",
        "Information Commissioner",
    ):
        assert said in text, said
    assert "Kowalska" not in letter.text, "kinds of details, not the details themselves"
    assert "+441632960108" not in letter.text
    assert letter.message_id == message_id("notice:ana")
    assert state(chat) == "sent"


def test_opting_out_of_marketing_does_not_stop_it(chat: Chat, post_office: PostOffice) -> None:
    with chat.database.write() as session:
        preferences.suppress(session, "email", ANA, topics=topics().optional, reason="objection")
    services.run(chat.database, EmbeddedCrm(chat.database))
    work(chat.database)
    assert len(post_office.to(ANA)) == 1


def test_who_is_gone_or_restricted_by_then_gets_none(planned: Chat, post_office: PostOffice) -> None:
    EmbeddedCrm(planned.database).restrict("ana", True)
    work(planned.database)
    assert post_office.letters == []
    assert state(planned) == "not_needed"


def test_an_erased_contact_gets_none_and_is_not_remembered(planned: Chat, post_office: PostOffice) -> None:
    ask_for_erasure(planned, ANA)
    with planned.database.write() as session:
        for step in session.scalars(select(Step).where(Step.kind == "notice")):
            step.not_before = now(session) + timedelta(hours=30)
    days_later(planned, 3)
    assert not [letter for letter in post_office.to(ANA) if "holds some of" in letter.subject]
    with planned.database.read() as session:
        assert session.get(ContactNotice, "ana") is None


def test_a_refused_letter_becomes_a_persons_task(planned: Chat, post_office: PostOffice) -> None:
    post_office.refusing[ANA] = MailRefused("the mail server refused the letter (550)")
    work(planned.database)
    assert state(planned) == "by_a_person"
    with planned.database.read() as session:
        (task,) = session.scalars(select(AgentTask)).all()
    assert "ana" in task.text
    assert ANA not in task.text


def test_no_notice_goes_to_a_mailbox_that_somebody_else_reads(planned: Chat, post_office: PostOffice) -> None:
    with planned.database.write() as session:
        case = cases.open_case(
            session, right="other", conversation_id=None, received_at=now(session), address=ANA
        )
        session.add(CaseTag(case_id=case.id, tag=SAFE_CHANNEL))
    work(planned.database)
    assert post_office.letters == []
    assert state(planned) == "by_a_person"


def test_a_code_does_not_wait_behind_a_thousand_notices(chat: Chat, post_office: PostOffice) -> None:
    crm = EmbeddedCrm(chat.database)
    crm.add(NewContact({"email": f"p{number}@a.example"}) for number in range(30))
    services.run(chat.database, crm)
    with chat.database.write() as session:
        mail.post(session, "code_locked", "tom@northgate.example", key="urgent")
    first = work(chat.database, until=lambda: len(post_office.letters) == 1)
    assert first == ["mail"]
    assert post_office.letters[0].to == "tom@northgate.example"
