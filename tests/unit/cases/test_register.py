"""The register of requests, as a table that is safe to open."""

from __future__ import annotations

import csv
import io
import tracemalloc
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from actions import clock
from actions.cases import register
from actions.cases import services as cases
from actions.database import Database
from actions.spreadsheets import harmless

ASKED = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def exported(database: Database, **limits: date) -> list[dict[str, str]]:
    out = io.StringIO(newline="")
    with database.read() as session:
        count = register.export(session, out, **limits)
    rows = list(csv.DictReader(io.StringIO(out.getvalue(), newline="")))
    assert len(rows) == count
    return rows


@pytest.fixture(autouse=True)
def _on_the_26th(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock.services, "machine_now", lambda: datetime(2026, 11, 26, 10, tzinfo=UTC))


def test_a_case_is_one_line_and_says_nothing_about_whom_it_is_from(database: Database) -> None:
    with database.write() as session:
        case = cases.open_case(
            session,
            right="access",
            conversation_id=None,
            received_at=ASKED,
            address="priya@hartwell.example",
            contact_id="canary-contact",
            state="awaiting_approval",
        )
        case.details["words"] = "canary"
        cases.add_tag(session, case, "restricted", by="dana")
        cases.record_searches(session, case, {"crm": 1, "mail": 4}, {"backups": "Beyond use."}, by="dana")
        cases.assign(session, case, "sam", by="dana")
        cases.decide(session, case, "refused", by="dana", reason="Not proven.", ground="UK GDPR Art. 12(6)")
        cases.move(session, case, "refused", by="dana")
    (row,) = exported(database)
    assert row == {
        "reference": case.reference,
        "right": "access",
        "channel": "web",
        "jurisdiction": "uk",
        "state": "refused",
        "received_at": "2026-11-23T09:30:00.000Z",
        "counted_from": "2026-11-23",
        "paused_days": "0",
        "extended_on": "",
        "due_on": "2026-12-23",
        "acknowledged_at": "",
        "closed_at": "2026-11-26T10:00:00.000Z",
        "days_taken": "3",
        "in_time": "yes",
        "decision": "refused",
        "decided_by": "dana",
        "ground": "UK GDPR Art. 12(6)",
        "reason": "Not proven.",
        "assigned_to": "sam",
        "tags": "restricted",
        "searched": "crm mail",
        "left_out": "backups",
    }
    assert "canary" not in str(row)
    assert "hartwell" not in str(row)


def test_days_limit_it_where_the_organisation_is(database: Database) -> None:
    # Summer time: an hour before midnight in UTC is the next day in London.
    late = datetime(2026, 7, 14, 23, 30, tzinfo=UTC)
    with database.write() as session:
        for at in (late, late + timedelta(days=1), late + timedelta(days=2)):
            cases.open_case(session, right="access", conversation_id=None, received_at=at)
    assert [row["counted_from"] for row in exported(database)] == ["2026-07-15", "2026-07-16", "2026-07-17"]
    only = exported(database, first=date(2026, 7, 16), last=date(2026, 7, 16))
    assert [row["counted_from"] for row in only] == ["2026-07-16"]


def test_what_is_late_says_so(database: Database) -> None:
    with database.write() as session:
        cases.open_case(session, right="access", conversation_id=None, received_at=ASKED)
        cases.open_case(session, right="access", conversation_id=None, received_at=ASKED - timedelta(days=60))
    assert {row["counted_from"]: row["in_time"] for row in exported(database)} == {
        "2026-09-24": "no",
        "2026-11-23": "",
    }


@pytest.mark.parametrize(
    "reason",
    [
        '=HYPERLINK("http://x")',
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        " =1",
        "＝1+1",
        'quoted " and, comma',
        "two\nlines",
    ],
)
def test_no_cell_is_a_formula(database: Database, reason: str) -> None:
    with database.write() as session:
        case = cases.open_case(
            session, right="access", conversation_id=None, received_at=ASKED, state="awaiting_approval"
        )
        cases.decide(session, case, "refused", by="dana", reason=reason)
    (row,) = exported(database)
    assert row["reason"] in (reason, f"'{reason}")
    assert not row["reason"].lstrip(" ").startswith(("=", "+", "-", "@", "\t", "＝"))


def test_words_are_left_as_they_are() -> None:
    assert harmless("Not proven - see the file") == "Not proven - see the file"
    assert harmless("") == ""


def test_memory_does_not_grow_with_the_register(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register, "READ_AT_ONCE", 20)

    def add(count: int) -> None:
        with database.write() as session:
            for _ in range(count):
                cases.open_case(session, right="access", conversation_id=None, received_at=ASKED)

    def peak(file: Path) -> int:
        with database.read() as session, file.open("w", newline="") as out:
            tracemalloc.start()
            register.export(session, out)
            _, most = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        return most

    add(60)
    peak(tmp_path / "first.csv")
    few = peak(tmp_path / "few.csv")
    add(240)
    assert peak(tmp_path / "many.csv") < 1.5 * few, "five times as many cases, and no more memory"
