"""The connector for Tryton keeps the port's contract, against a real Tryton.

Every run plays a few of the contract's tests, `./rightline test --full` all.
"""

from __future__ import annotations

import contextlib
import sqlite3
from datetime import datetime, timedelta

import pytest

from actions.clock.services import machine_now
from actions.crm.demo import load_demo, state
from actions.crm.embedded import EmbeddedCrm
from actions.crm.tryton.client import TrytonClient
from actions.crm.tryton.demo import DemoTryton
from actions.crm.tryton.services import TrytonCrm
from actions.database import Database
from tests.peers.tryton import Tryton
from tests.support.crm_contract import CrmContract, Person, anna
from tests.support.crm_tryton import TrytonHarness, client

SMOKE = (
    CrmContract.test_a_contact_is_found_by_its_address_in_any_case,
    CrmContract.test_preferences_change_one_by_one,
    CrmContract.test_a_new_address_replaces_the_old_one_and_is_dated,
    CrmContract.test_reducing_keeps_exactly_what_was_named,
    CrmContract.test_erasing_leaves_nothing_and_touches_nobody_else,
)


@pytest.fixture
def harness(tryton: Tryton) -> TrytonHarness:
    harness = TrytonHarness(tryton)
    harness.reset()
    return harness


@pytest.mark.timeout(600)  # the first run of all makes the environment and the database
@pytest.mark.parametrize("test", SMOKE, ids=lambda test: test.__name__.removeprefix("test_"))
def test_smoke(harness: TrytonHarness, test: object) -> None:
    assert callable(test)
    test(CrmContract(), harness, harness.crm)


@pytest.mark.full
@pytest.mark.timeout(600)
class TestTryton(CrmContract):
    """The contract."""


@pytest.mark.full
def test_the_demo_shows_the_same_contacts_as_the_embedded_crm(
    tryton: Tryton, harness: TrytonHarness, database: Database
) -> None:
    crm = DemoTryton(client(tryton), machine_now)
    assert crm.load(again=False) == load_demo(database)
    with database.read() as session:
        expected = state(session)
    # Tryton keeps what is sent by email by address, and these two share one.
    expected["jo"]["preferences"]["sales_and_marketing"]["email"] = True
    expected["lee"]["preferences"]["monthly_newsletter"] = {"email": True}
    assert crm.state() == expected
    crm.erase("tom")
    crm.rectify("priya", {"email": "priya@raman.example"})
    assert crm.state()["tom"] == {"state": "erased"}
    assert crm.load(again=False) == 0
    assert crm.load(again=True) == 14
    assert crm.state() == expected
    embedded = EmbeddedCrm(database)
    for code in ("priya", "grace", "rhys", "omar", "nora", "dev"):
        theirs, ours = crm.holdings(code), embedded.holdings(code)
        assert theirs is not None
        assert ours is not None
        assert theirs.agreements == ours.agreements
        for name in ("fields", "has_left", "email_bounced", "source", "company_id"):
            assert getattr(theirs.contact, name) == getattr(ours.contact, name), (code, name)
        for name in ("added_at", "email_changed_at"):
            assert _near(getattr(theirs.contact, name), getattr(ours.contact, name)), (code, name)
    recent = crm.added_since(machine_now() - timedelta(days=30), None, 5)
    assert [contact.id for contact in recent] == ["ana"]


def test_all_that_is_held_is_told_and_erasing_leaves_none_of_it(
    tryton: Tryton, harness: TrytonHarness
) -> None:
    code = harness.make_contact(Person(anna().fields, ("anna.l@canary.example",), emails=1))
    people = harness.client
    (other,) = people.create("party.party", [{"name": "Neighbour"}])
    (row,) = people.search_read("party.party", [["code", "=", code]], ["code"])
    (group,) = people.create("party.category", [{"name": f"VIP {code}"}])
    (kind,) = people.create("party.relation.type", [{"name": "sister of"}])
    mechanisms = [
        {"type": "fax", "value": "+44 1632 960299"},
        {"type": "website", "value": "https://canary.example"},
    ]
    people.change(
        "party.party",
        [row["id"]],
        {
            "addresses": [["create", [{"street_unstructured": "1 Canary Wharf", "city": "Canaryville"}]]],
            "contact_mechanisms": [["create", mechanisms]],
            "identifiers": [["create", [{"type": None, "code": "CANARY-77"}]]],
            "categories": [["add", [group]]],
            "relations": [["create", [{"to": other, "type": kind}]]],
        },
    )
    resource = f"party.party,{row['id']}"
    people.create("ir.note", [{"resource": resource, "message": "Anna canary sings."}])
    people.create("ir.attachment", [{"resource": resource, "name": "canary.pdf", "data": b"%PDF"}])
    _send_email(tryton, resource, "Re: canary", "<p>Dear Anna</p>")
    held = harness.crm.holdings(code)
    assert held is not None
    told = {(each.kind, each.value) for each in held.further}
    assert told == {
        ("address", "1 Canary Wharf Canaryville"),
        ("telephone", "+44 1632 960299"),
        ("online", "https://canary.example"),
        ("number", "CANARY-77"),
        ("group", f"VIP {code}"),
        ("relation", "sister of"),
        ("file", "canary.pdf"),
    }
    assert held.tracked_emails == 3
    told_by_mail = {email.subject: email.body for email in harness.crm.tracked_emails(code)}
    assert told_by_mail["Note"] == "Anna canary sings."
    assert told_by_mail["Re: canary"].strip() == "Dear Anna"

    before = _everything(tryton)
    assert "Canary" in before
    harness.crm.erase(code)
    left = _everything(tryton)
    for personal in ("canary", "Lindqvist", "Anna", "960201", "900201", "960299"):
        assert personal.lower() not in left.lower(), personal
    assert "Neighbour" in left
    # Tryton's cron takes them from the disk; without this note of theirs they would lie there for ever.
    queued = 'INSERT INTO "ir_filestore_queue"'
    assert left.count(queued) - before.count(queued) == 2


def _send_email(tryton: Tryton, resource: str, subject: str, body: str) -> None:
    """What Tryton keeps of an email sent from a party's page; no client can make one without sending it."""
    path = tryton.folder / f"{tryton.database}.sqlite"
    with contextlib.closing(sqlite3.connect(path, timeout=20)) as connection, connection:
        connection.execute(
            "INSERT INTO ir_email (resource, subject, body, recipients, create_date, create_uid) "
            "VALUES (?, ?, ?, 'anna@lindqvist.example', CURRENT_TIMESTAMP, 1)",
            (resource, subject, body),
        )


def test_somebody_made_inactive_in_tryton_is_held_and_has_every_right(harness: TrytonHarness) -> None:
    code = harness.make_contact(anna())
    party = harness.client.search_read("party.party", [["code", "=", code]], ["code"])[0]["id"]
    harness.client.change("party.party", [party], {"active": False})
    crm = harness.crm
    assert [contact.id for contact in crm.find_by_email("anna@lindqvist.example")] == [code]
    crm.rectify(code, {"surname": "Lind", "email": "anna@lind.example"})
    crm.restrict(code, True)
    crm.set_preferences(code, {("technology_updates", "sms"): False})
    contact = crm.get(code)
    assert contact is not None
    assert (contact.email, contact.fields["surname"], contact.state) == (
        "anna@lind.example",
        "Lind",
        "restricted",
    )
    assert not harness.client.search_read("party.party", [["code", "=", code]], ["active"])[0]["active"]
    crm.erase(code)
    assert crm.get(code) is None


def _everything(tryton: Tryton) -> str:
    """Tryton's whole database as text, files in it too."""
    with contextlib.closing(sqlite3.connect(tryton.folder / f"{tryton.database}.sqlite")) as connection:
        return "\n".join(connection.iterdump())


def test_the_doctor_finds_nothing_wrong_with_the_account_the_page_describes(harness: TrytonHarness) -> None:
    findings = list(harness.crm.check())
    assert [finding.state for finding in findings] == ["ok"]
    assert "8.2" in findings[0].what


def test_the_doctor_names_what_an_account_may_not_do(tryton: Tryton) -> None:
    weak = {"name": "Weak", "login": "weak", "password": tryton.password}
    administrator = tryton.administrator()
    if not administrator.count("res.user", [["login", "=", "weak"]]):
        administrator.create("res.user", [weak])
    crm = TrytonCrm(TrytonClient(tryton.url, tryton.database, "weak", tryton.password), machine_now)
    (finding,) = crm.check()
    assert finding.state == "failed"
    assert "marketing.email" in finding.what
    assert "docs/tryton.md" in finding.mend


def test_the_doctor_says_that_nobody_answers() -> None:
    (finding,) = TrytonCrm(TrytonClient("http://127.0.0.1:9", "peer", "r", "secret"), machine_now).check()
    assert (finding.state, "RIGHTLINE_TRYTON_URL" in finding.what) == ("failed", True)
    assert "secret" not in str(finding)


def _near(one: datetime | None, other: datetime | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) < timedelta(minutes=5)
