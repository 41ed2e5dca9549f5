"""The embedded CRM keeps the port's contract, and looks up by index."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from actions.crm.demo import load_demo, state
from actions.crm.embedded import EmbeddedCrm
from actions.database import Database
from tests.support.crm_contract import CrmContract
from tests.support.crm_embedded import EmbeddedHarness
from tests.support.store import on_sqlite


@pytest.fixture
def crm(database: Database) -> EmbeddedCrm:
    load_demo(database)
    return EmbeddedCrm(database)


class TestEmbeddedCrm(CrmContract):
    """The contract."""

    @pytest.fixture
    def harness(self, database: Database) -> EmbeddedHarness:
        return EmbeddedHarness(database)


@on_sqlite
def test_looking_up_an_address_never_reads_the_whole_table(crm: EmbeddedCrm, database: Database) -> None:
    with database.read() as session:
        steps = session.execute(
            text(
                "EXPLAIN QUERY PLAN SELECT c.id FROM crm_contacts c "
                "JOIN crm_contact_emails e ON e.contact_id = c.id "
                "WHERE e.address = 'tom@northgate.example'"
            )
        ).all()
    assert all("SCAN" not in str(step) for step in steps), steps


def test_the_demo_is_loaded_once_and_replaced_on_request(database: Database) -> None:
    assert load_demo(database) == 14
    assert load_demo(database) == 0
    EmbeddedCrm(database).erase("tom")
    with database.read() as session:
        assert state(session)["tom"] == {"state": "erased"}
    assert load_demo(database, replace=True) == 14
    with database.read() as session:
        assert state(session)["tom"]["fields"]["email"] == "tom@northgate.example"


@on_sqlite
def test_erasure_leaves_no_trace_in_the_file(database: Database, crm: EmbeddedCrm) -> None:
    crm.erase("tom")
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    path = database.url.database
    assert path
    with open(path, "rb") as file:  # noqa: PTH123
        assert b"tom@northgate.example" not in file.read()
