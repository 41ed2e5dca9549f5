"""Which numbers may be rung, and what the table of proofs must not say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from actions.cases import services as cases
from actions.clock import now
from actions.crm.demo import load_demo
from actions.crm.embedded import EmbeddedCrm
from actions.database import Database
from actions.identity.lost_mailbox import numbers_to_ring
from actions.wording.interfaces import ProofByRisk


def rung(database: Database, name: str) -> list[str]:
    contact = EmbeddedCrm(database).get(name)
    assert contact is not None
    with database.read() as session:
        return numbers_to_ring(session, contact, now(session))


def test_numbers_on_file_for_a_month_may_be_rung(database: Database) -> None:
    load_demo(database)
    assert rung(database, "tom") == ["+441632960101", "+447700900101"]


def test_numbers_of_a_contact_added_lately_are_not_rung(database: Database) -> None:
    load_demo(database)
    assert rung(database, "ana") == []


def test_numbers_corrected_lately_are_not_rung(database: Database) -> None:
    load_demo(database)
    with database.write() as session:
        case = cases.open_case(
            session,
            right="rectification",
            conversation_id=None,
            received_at=now(session) - timedelta(days=10),
            contact_id="tom",
        )
        cases.move(session, case, "in_progress", by="contact")
    assert rung(database, "tom") == []


@pytest.mark.parametrize("less", ["nothing", "code"])
def test_doubt_never_lowers_what_is_needed(less: Any) -> None:
    with pytest.raises(ValidationError, match="must not need less"):
        ProofByRisk(ordinary="code_and_agent", agreement="code", doubtful=less)
