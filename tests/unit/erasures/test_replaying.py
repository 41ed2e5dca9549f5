"""A backup brings erased people back; the record erases them again, and only them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from actions.cases import holds
from actions.conversations.models import Message
from actions.crm.embedded import EmbeddedCrm
from actions.crm.models import Contact, ContactEmail
from actions.database import Database
from actions.erasures import ledger, replaying
from actions.erasures.models import Erasure
from actions.helpdesk.embedded import EmbeddedHelpdesk
from actions.mail.models import SentLetter
from actions.preferences import services as preferences
from actions.settings import get_settings
from tests.support.backups import back_up, restored
from tests.support.dialogue import Chat
from tests.support.erasing import approve, ask_for_erasure, days_later
from tests.support.store import on_sqlite
from tests.support.working import PostOffice, work

pytestmark = on_sqlite
TOM, PRIYA, MEI = "tom@northgate.example", "priya@hartwell.example", "mei.lin@post.example"


@pytest.fixture
def backup(
    chat: Chat, post_office: PostOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Database]:
    """A backup from before tom was erased, priya reduced, and mei's marketing stopped."""
    monkeypatch.setenv("RIGHTLINE_LEDGER", str(tmp_path / "ledger.jsonl"))
    get_settings.cache_clear()
    EmbeddedHelpdesk(chat.database).create_ticket("Printer", "It is on fire.", TOM, key="t1")
    ask_for_erasure(chat, TOM)
    priya = Chat(chat.database)
    reference = ask_for_erasure(priya, PRIYA)
    copy = restored(back_up(chat.database, tmp_path / "backup.db"))
    approve(chat, reference)
    days_later(chat, 3)
    chat.send("opt_out", email=MEI)
    chat.send(choice="cancel")
    work(chat.database)
    ledger.save(chat.database)
    yield copy
    copy.dispose()


def found(copy: Database, tmp_path: Path) -> replaying.Findings:
    records = replaying.collected(ledger.read(tmp_path / "ledger.jsonl"))
    return replaying.find(copy, EmbeddedCrm(copy), records)


def replay(copy: Database, tmp_path: Path) -> None:
    replaying.replay(copy, EmbeddedCrm(copy), EmbeddedHelpdesk(copy), found(copy, tmp_path))


def states(copy: Database) -> dict[str, str]:
    with copy.read() as session:
        return {contact.id: contact.state for contact in session.scalars(select(Contact))}


def test_the_living_database_has_nobody_back(chat: Chat, backup: Database, tmp_path: Path) -> None:
    findings = found(chat.database, tmp_path)
    assert findings.clean
    assert findings.returned == []


def test_what_a_backup_brings_back_is_found_by_the_ledger_alone(backup: Database, tmp_path: Path) -> None:
    findings = found(backup, tmp_path)
    assert {one.contact_id for one in findings.returned} == {"tom", "priya"}
    tom = next(one for one in findings.returned if one.contact_id == "tom")
    assert tom.ours["messages"] > 0
    assert findings.wanted == {"mei": [("sales_and_marketing", "email")]}
    assert findings.suppressions
    assert not findings.clean
    assert states(backup)["tom"] == "active", "looking changes nothing"


def test_replaying_erases_them_again_and_leaves_everybody_else(
    chat: Chat, backup: Database, tmp_path: Path
) -> None:
    before = states(backup)
    replay(backup, tmp_path)
    after = states(backup)
    assert after == {name: state for name, state in before.items() if name != "tom"} | {"priya": "reduced"}
    assert after == states(chat.database)
    assert EmbeddedHelpdesk(backup).find_by_requestor(TOM) == []
    with backup.read() as session:
        assert {row.contact_id for row in session.scalars(select(Erasure))} == {"tom", "priya"}
        assert preferences.standing(session, "email", TOM).erased_at is not None
        assert preferences.suppressed_topics(session, "email", MEI)
        assert all(message.erased for message in session.scalars(select(Message)))
        assert all(letter.content is None for letter in session.scalars(select(SentLetter)))


def test_done_twice_it_has_the_effect_of_once(backup: Database, tmp_path: Path) -> None:
    for _ in range(2):
        replay(backup, tmp_path)
        findings = found(backup, tmp_path)
        assert findings.clean
        assert findings.returned == []
    with backup.read() as session:
        assert len(session.scalars(select(Erasure)).all()) == 2


def test_a_crm_that_gave_out_new_ids_is_searched_by_address(backup: Database, tmp_path: Path) -> None:
    with backup.write() as session:
        session.execute(update(ContactEmail).where(ContactEmail.contact_id == "tom").values(contact_id="dev"))
        session.execute(update(Contact).where(Contact.id == "dev").values(name="Tom", surname="Aldous"))
    EmbeddedCrm(backup).erase("tom")
    assert "dev" in {one.contact_id for one in found(backup, tmp_path).returned}
    replay(backup, tmp_path)
    assert "dev" not in states(backup)


def test_who_was_added_after_the_erasure_is_somebody_new(
    chat: Chat, backup: Database, tmp_path: Path
) -> None:
    with chat.database.write() as session:
        at = session.scalars(select(Erasure.at).where(Erasure.contact_id == "tom")).one()
    with backup.write() as session:
        session.get_one(Contact, "tom").added_at = at + timedelta(hours=1)
    assert "tom" not in {one.contact_id for one in found(backup, tmp_path).returned}


def test_a_legal_hold_that_stands_by_now_leaves_them_alone(backup: Database, tmp_path: Path) -> None:
    with backup.write() as session:
        holds.place_hold(session, by="dana", reason="A claim is pending.", contact_id="tom")
    replay(backup, tmp_path)
    assert states(backup)["tom"] == "active"
    (left,) = found(backup, tmp_path).returned
    assert left.held
    assert found(backup, tmp_path).clean, "there is nothing that may be done"


def test_a_fingerprint_that_was_made_anew_does_not_come_back_by_its_old_key() -> None:
    old = {"kind": "suppression", "fingerprint": "a", "of": "email"}
    new = {"kind": "suppression", "fingerprint": "b", "of": "email", "replaces": ["a"]}
    assert set(replaying.collected([old, new])[1]) == {"b"}


def test_what_was_reduced_and_later_erased_is_erased() -> None:
    first = {"kind": "erasure", "contact": "c1", "at": "2026-11-23T10:00:00.000Z", "keep": ["name"]}
    later = first | {"at": "2027-10-10T10:00:00.000Z", "keep": []}
    for order in ([first, later], [later, first]):
        assert replaying.collected(order)[0]["c1"] == later
