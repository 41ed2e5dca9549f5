"""The connector for Tryton keeps the port's contract, against a real Tryton.

Every run plays a few of the contract's tests, `./rightline test --full` all.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from actions.clock.services import machine_now
from actions.crm.demo import load_demo, state
from actions.crm.embedded import EmbeddedCrm
from actions.crm.tryton.demo import DemoTryton
from actions.database import Database
from tests.peers.tryton import Tryton, require_tryton, running
from tests.support.crm_contract import CrmContract
from tests.support.crm_tryton import TrytonHarness

SMOKE = (
    CrmContract.test_a_contact_is_found_by_its_address_in_any_case,
    CrmContract.test_preferences_change_one_by_one,
    CrmContract.test_a_new_address_replaces_the_old_one_and_is_dated,
    CrmContract.test_reducing_keeps_exactly_what_was_named,
    CrmContract.test_erasing_leaves_nothing_and_touches_nobody_else,
)


@pytest.fixture(scope="module")
def tryton() -> Iterator[Tryton]:
    require_tryton()
    with running() as server:
        yield server


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


def test_the_demo_shows_the_same_contacts_as_the_embedded_crm(
    tryton: Tryton, harness: TrytonHarness, database: Database
) -> None:
    crm = DemoTryton(harness.client, machine_now)
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
    for code in expected:
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


def _near(one: datetime | None, other: datetime | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) < timedelta(minutes=5)
