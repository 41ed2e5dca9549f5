"""The connector for Tryton keeps the port's contract, against a real Tryton.

Every run plays a few of the contract's tests, `./rightline test --full` all.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

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
