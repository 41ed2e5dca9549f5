"""The ledger outside the database: complete, appended, readable after a crash."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from sqlalchemy import update

from actions.database import Database
from actions.erasures import ledger, services
from actions.erasures.models import Erasure
from actions.preferences import services as preferences


def erase(database: Database, contact: str) -> None:
    with database.write() as session:
        services.record(session, key=f"k-{contact}", reference="PR-7F3K-9Q2M", contact_id=contact, keep=[])
        preferences.suppress(
            session, "email", f"{contact}@northgate.example", topics=["newsletter"], reason="erasure"
        )


def test_every_record_is_written_once_and_again_when_it_changes(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    erase(database, "tom")
    assert ledger.save(database, path) == 2
    assert ledger.save(database, path) == 0
    with database.write() as session:
        preferences.lift(session, "email", "tom@northgate.example")
    assert ledger.save(database, path) == 1
    records = list(ledger.read(path))
    assert [record["kind"] for record in records] == ["erasure", "suppression", "suppression"]
    assert records[1]["lifted_at"] is None
    assert records[2]["lifted_at"] is not None
    assert records[1]["fingerprint"] == records[2]["fingerprint"]


def test_it_holds_no_address_and_is_for_its_owner_only(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    erase(database, "tom")
    ledger.save(database, path)
    assert "northgate" not in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_line_cut_off_by_a_crash_is_written_again_whole(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    erase(database, "tom")
    ledger.save(database, path)
    path.write_bytes(path.read_bytes()[:-20])
    assert [record["kind"] for record in ledger.read(path)] == ["erasure"]
    with database.write() as session:
        session.execute(update(Erasure).values(saved_at=None))
    ledger.save(database, path)
    assert [json.loads(line)["kind"] for line in path.read_text().splitlines()] == ["erasure", "erasure"]


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    path.write_text('{"kind":"erasure"}\nnonsense\n{"kind":"erasure"}\n')
    with pytest.raises(ledger.LedgerBroken, match=r"ledger\.jsonl:2: .*copy of it"):
        list(ledger.read(path))


def test_more_than_a_page_is_written_whole(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    with database.write() as session:
        for number in range(ledger.AT_A_TIME + 3):
            services.record(session, key=f"k{number}", reference="PR", contact_id=f"c{number}", keep=[])
    assert ledger.save(database, path) == ledger.AT_A_TIME + 3
    assert len({record["key"] for record in ledger.read(path)}) == ledger.AT_A_TIME + 3
