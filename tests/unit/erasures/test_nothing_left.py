"""Erasure is real: after it, no table, file or log holds anything of the contact but what is said to stay."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from actions.cases import notes
from actions.cases.models import Case
from actions.cases.services import by_reference
from actions.clock import now
from actions.crm.embedded import EmbeddedCrm
from actions.crm.interfaces import NewContact
from actions.crm.models import ContactEmail, ContactPreference, TrackedEmail
from actions.erasures.models import Erasure
from actions.mail.models import SentLetter
from actions.notices import services as notices
from actions.preferences.models import Suppression
from actions.recipients import services as recipients
from actions.rights import decisions
from actions.settings import get_settings
from actions.worker import housekeeping
from tests.support.dialogue import Chat
from tests.support.erasing import days_later
from tests.support.searching import in_files, in_tables
from tests.support.store import on_sqlite
from tests.support.working import PostOffice, work

NAME, SURNAME = "Zephyrine", "Quillfeather"
ADDRESS, OTHER = "zephyrine@quillfeather.example", "zq.private@letterbox.example"
WORK, MOBILE = "+441632960777", "+447700900777"
MAILED = "The heron by the weir ate my contract"
TOLD, ASKED, NOTED = (
    "I knit at my desk on Thursdays",
    "Ring my neighbour Ottoline",
    "She sounded like a kookaburra",
)
CROWD = 300
VALUES = (
    ("name", NAME),
    ("surname", SURNAME),
    ("email", ADDRESS),
    ("email", OTHER),
    ("phone", WORK),
    ("phone", MOBILE),
    ("value", MAILED),
    ("value", TOLD),
    ("value", ASKED),
    ("value", NOTED),
)
NEEDLES = [value for _kind, value in VALUES] + ["441632960777", "7700900777", "quillfeather", "letterbox"]


@pytest.fixture
def contact(chat: Chat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Somebody of whom much is held, in a CRM with many others; the id in the CRM."""
    monkeypatch.setenv("RIGHTLINE_LEDGER", str(tmp_path / "ledger.jsonl"))
    get_settings.cache_clear()
    crm = EmbeddedCrm(chat.database)
    crm.add(NewContact({"email": f"p{n}@crowd.example", "name": f"Person {n}"}) for n in range(CROWD))
    crm.add(
        [
            NewContact(
                {
                    "name": NAME,
                    "surname": SURNAME,
                    "email": ADDRESS,
                    "work_telephone": WORK,
                    "mobile_telephone": MOBILE,
                    "company": "Northgate Joinery Ltd",
                },
                "website",
            )
        ]
    )
    (found,) = crm.find_by_email(ADDRESS)
    with chat.database.write() as session:
        session.add(ContactEmail(contact_id=found.id, address=OTHER, primary=False))
        session.add(
            ContactPreference(contact_id=found.id, topic="monthly_newsletter", channel="email", wanted=True)
        )
        for number in range(30):
            body = f"Dear {NAME}, {MAILED}. " * 20
            session.add(
                TrackedEmail(contact_id=found.id, at=now(session), subject=f"{SURNAME} {number}", body=body)
            )
        recipients.record(session, found.id, "mailing_service")
    return found.id


def live_through_everything(chat: Chat) -> str:
    """Everything that leaves traces, and at last an erasure; returns its reference."""
    notices.run(chat.database, EmbeddedCrm(chat.database))
    chat.send("access")
    chat.prove(ADDRESS)
    chat.send("enough")
    chat.send("portability")
    objecting = Chat(chat.database)
    objecting.send("object")
    objecting.prove(ADDRESS)
    objecting.send(value=TOLD)
    objection = objecting.cases()[-1].reference
    asking = Chat(chat.database)
    asking.send("talk_to_human")
    asking.send(email=ADDRESS)
    asking.send(value=ASKED)
    work(chat.database)
    with chat.database.write() as session:
        case = by_reference(session, objection)
        assert case is not None
        notes.add_note(session, case, f"{NOTED}: {SURNAME}", by="dana")
        decisions.refuse(session, case, by="dana", reason="We need the counts for billing.")
    work(chat.database)
    rectified = EmbeddedCrm(chat.database)
    (found,) = rectified.find_by_email(ADDRESS)
    rectified.rectify(found.id, {"mobile_telephone": MOBILE})
    chat.send("erase")
    chat.send(choice="copy_first")
    return chat.cases()[-1].reference


@on_sqlite
def test_nothing_of_the_contact_is_left_anywhere(
    chat: Chat, contact: str, post_office: PostOffice, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    reference = live_through_everything(chat)
    assert len(in_tables(chat.database, NEEDLES)) > 20, "before, it is everywhere"
    assert in_files(tmp_path, VALUES)
    days_later(chat)
    assert in_files(tmp_path, [("value", MAILED)]) == [], "the log of the database is emptied at once"
    days_later(chat, 2)
    housekeeping.tidy(chat.database)
    assert EmbeddedCrm(chat.database).get(contact) is None
    assert in_tables(chat.database, NEEDLES) == []
    assert in_files(tmp_path, VALUES) == []
    said = capfd.readouterr()
    assert "crm_erase" in said.out + said.err, "this is where the log went"
    for needle in NEEDLES:
        assert needle.lower() not in (said.out + said.err).lower()
    with chat.database.read() as session:
        cases = session.scalars(select(Case).where(Case.contact_id == contact)).all()
        assert {case.right for case in cases} == {"access", "portability", "objection", "erasure"}
        erasure = by_reference(session, reference)
        assert erasure is not None
        assert set(erasure.details) == {"plan"}, "what was decided stays, in words that name nobody"
        assert session.scalars(select(Erasure)).one().contact_id == contact
        assert len(session.scalars(select(Suppression)).all()) == 2, "one fingerprint an address"
        letters = session.scalars(select(SentLetter)).all()
        assert letters
        assert all(letter.content is None and letter.sent_at for letter in letters)
    crm = EmbeddedCrm(chat.database)
    assert all(crm.find_by_email(f"p{n}@crowd.example") for n in range(CROWD)), "and nobody else is gone"
    tom = crm.holdings("tom")
    assert tom is not None
    assert tom.tracked_emails == 6
