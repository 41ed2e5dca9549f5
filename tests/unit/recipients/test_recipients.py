"""Who was given what is on record, named on request, and told of every change they must follow."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from actions.cases import services as cases
from actions.cases.models import AgentTask, Case
from actions.clock import now
from actions.crm.embedded import EmbeddedCrm
from actions.fulfilment import journal, plans
from actions.mail.interfaces import MailRefused, MailUnavailable
from actions.recipients import services
from actions.recipients.interfaces import Recipients
from actions.recipients.models import Disclosure
from tests.support.dialogue import Chat
from tests.support.working import PostOffice, work

LARKPOST = "data-requests@larkpost.example"
BRACKENHILL = "privacy@brackenhill.example"


def opened(chat: Chat, right: str = "rectification") -> Case:
    with chat.database.write() as session:
        return cases.open_case(
            session,
            right=right,
            conversation_id=chat.id,
            received_at=now(session),
            state="in_progress",
            address="priya@hartwell.example",
        )


def rectify(chat: Chat, changes: dict, contact: str = "priya") -> Case:
    case = opened(chat)
    found = EmbeddedCrm(chat.database).get(contact)
    assert found is not None
    with chat.database.write() as session:
        plans.plan_rectification(session, session.get_one(Case, case.id), found, changes)
    work(chat.database)
    return case


def outcomes(chat: Chat, case: Case) -> dict[str, str]:
    with chat.database.read() as session:
        return {one.recipient: one.state for one in services.outcomes(session, case)}


def test_recipients_are_named_with_what_they_get_and_since_when(chat: Chat) -> None:
    with chat.database.read() as session:
        found = services.of_contact(session, "tom")
    assert [one.id for one in found] == ["cloud", "mailing_service", "auditor"]
    assert found[0].since is None
    assert found[1].name == "Larkpost Mailings Ltd"
    assert found[1].what == ("name", "surname", "email")
    assert found[1].since is not None


def test_a_contact_given_to_nobody_has_only_those_everybody_is_given_to(chat: Chat) -> None:
    with chat.database.read() as session:
        assert [one.id for one in services.of_contact(session, "ana")] == ["cloud"]


def test_a_correction_reaches_whoever_was_given_the_field_and_is_proven_first(
    chat: Chat, post_office: PostOffice
) -> None:
    case = rectify(chat, {"work_telephone": "+441632960199"})
    priya = EmbeddedCrm(chat.database).get("priya")
    assert priya is not None
    assert priya.fields["work_telephone"] == "+441632960199"
    (to_support,) = post_office.to(BRACKENHILL)
    assert "+441632960199" in to_support.text
    assert "priya@hartwell.example" in to_support.text
    (to_mailing,) = post_office.to(LARKPOST)
    assert "+441632960199" not in to_mailing.text, "the mailing service was never given the number"
    assert outcomes(chat, case) == {
        "cloud": "not_needed",
        "mailing_service": "told",
        "support_partner": "told",
    }


def test_a_recipient_whose_mail_is_refused_is_passed_to_a_person_and_holds_nobody_up(
    chat: Chat, post_office: PostOffice
) -> None:
    post_office.refusing[LARKPOST] = MailRefused("the mail server refused the letter (550)")
    case = rectify(chat, {"name": "Pria"})
    assert outcomes(chat, case)["mailing_service"] == "with_a_person"
    assert outcomes(chat, case)["support_partner"] == "told"
    with chat.database.read() as session:
        (task,) = session.scalars(select(AgentTask)).all()
        assert task.kind == "recipient"
        assert "Larkpost" in task.text
        (notice,) = [one for one in services.outcomes(session, case) if one.recipient == "mailing_service"]
    with chat.database.write() as session:
        services.note_outcome(session, notice.notice_id, "confirmed", by="dana", note="by telephone")
    assert outcomes(chat, case)["mailing_service"] == "confirmed"


def test_a_mail_server_that_is_away_is_tried_again_and_the_letter_goes_out_once(
    chat: Chat, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "wait_after", lambda _attempts: timedelta(0))
    post_office.refusing[LARKPOST] = MailUnavailable("the mail server is unavailable")
    failures = iter(range(3))

    def until() -> bool:
        if next(failures, None) is None:
            post_office.refusing.clear()
        return False

    case = opened(chat)
    found = EmbeddedCrm(chat.database).get("ines")
    assert found is not None
    with chat.database.write() as session:
        plans.plan_rectification(session, session.get_one(Case, case.id), found, {"name": "Inês"})
    work(chat.database, until=until)
    assert len(post_office.to(LARKPOST)) == 1
    assert outcomes(chat, case)["mailing_service"] == "told"


def test_restricting_and_lifting_are_each_told_once(chat: Chat, post_office: PostOffice) -> None:
    case = opened(chat, "restriction")
    crm = EmbeddedCrm(chat.database)
    for restricted, state in ((True, "restricted"), (False, "active")):
        tom = crm.get("tom")
        assert tom is not None
        with chat.database.write() as session:
            plans.plan_restriction(session, session.get_one(Case, case.id), tom, restricted=restricted)
            plans.plan_restriction(session, session.get_one(Case, case.id), tom, restricted=restricted)
        work(chat.database)
        found = crm.get("tom")
        assert found is not None
        assert found.state == state
    first, second = post_office.to(LARKPOST)
    assert "stop using" in first.text
    assert "use it again" in second.text


def test_those_who_send_marketing_are_told_of_an_address_on_file_or_not(
    chat: Chat, post_office: PostOffice
) -> None:
    chat.send("opt_out", email="stranger@nowhere.example")
    chat.send(choice="cancel")
    work(chat.database)
    (letter,) = post_office.to(LARKPOST)
    assert "stranger@nowhere.example" in letter.text
    assert not post_office.to(BRACKENHILL)


def test_an_unknown_recipient_is_an_error_and_one_taken_out_of_the_data_is_still_named(chat: Chat) -> None:
    with chat.database.write() as session:
        with pytest.raises(ValueError, match=r"no recipient 'nobody' in data/recipients\.yml"):
            services.record(session, "tom", "nobody")
        session.scalars(select(Disclosure).where(Disclosure.contact_id == "grace")).one().recipient = "former"
    with chat.database.read() as session:
        assert [one.name for one in services.of_contact(session, "grace")] == [
            "Amazon Web Services",
            "former",
        ]


def test_a_recipient_told_by_email_needs_an_address() -> None:
    facts = {"name": "A", "role": "processor", "does": "b", "section": "10", "given": "recorded"}
    with pytest.raises(ValueError, match="address belongs to those"):
        Recipients.model_validate({"recipients": {"a": facts | {"receives": ["name"], "told_by": "email"}}})
