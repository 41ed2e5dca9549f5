"""The audit trail shows whoever touched it."""

from __future__ import annotations

import threading
import tracemalloc
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import text

from actions.audit import record, services, verify
from actions.audit.models import AuditEntry
from actions.audit.services import FIRST_LINK, check, count, entries_about
from actions.database import Database


def written(database: Database, number: int = 5) -> None:
    for index in range(number):
        with database.write() as session:
            record(
                session, actor="dana", action="approved", subject=f"PR-0000-000{index}", details={"n": index}
            )


def altered(database: Database, statement: str) -> int | None:
    with database.engine.connect() as connection:
        connection.exec_driver_sql(statement)
        connection.commit()
    with database.read() as session:
        return verify(session)


def test_entries_are_chained_without_gaps(database: Database) -> None:
    written(database)
    with database.read() as session:
        entries = [session.get_one(AuditEntry, number) for number in range(1, 6)]
        assert entries[0].previous_hash == FIRST_LINK
        assert [entry.previous_hash for entry in entries[1:]] == [entry.hash for entry in entries[:-1]]
        assert verify(session) is None


def test_an_empty_trail_is_whole(database: Database) -> None:
    with database.read() as session:
        assert verify(session) is None


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'sam'",
        "action = 'refused'",
        "subject = 'PR-0000-0009'",
        "details = '{\"n\": 9}'",
        "at = '2020-01-01 00:00:00.000000'",
        "hash = previous_hash",
        f"previous_hash = '{FIRST_LINK}'",
        "id = 33",
    ],
)
def test_an_altered_entry_is_named(database: Database, change: str) -> None:
    written(database)
    assert altered(database, f"UPDATE audit_entries SET {change} WHERE id = 3") == 3


def test_a_removed_entry_is_named(database: Database) -> None:
    written(database)
    assert altered(database, "DELETE FROM audit_entries WHERE id = 2") == 2


def test_a_trail_cut_off_at_its_end_is_noticed(database: Database) -> None:
    written(database)
    assert altered(database, "DELETE FROM audit_entries WHERE id > 3") == 4


def test_a_trail_wiped_out_is_noticed(database: Database) -> None:
    written(database)
    assert altered(database, "DELETE FROM audit_entries") == 1


def test_an_entry_put_in_at_the_end_is_noticed(database: Database) -> None:
    written(database)
    forged = (
        "INSERT INTO audit_entries SELECT 6, at, actor, action, subject, details, hash, hash "
        "FROM audit_entries WHERE id = 5"
    )
    assert altered(database, forged) == 6


def test_a_lost_head_is_noticed(database: Database) -> None:
    written(database)
    assert altered(database, "DELETE FROM audit_head") is not None


def test_what_is_rolled_back_leaves_no_entry_and_no_gap(database: Database) -> None:
    written(database, 2)
    with suppress(RuntimeError), database.write() as session:
        record(session, actor="worker", action="erased", subject="PR-1111-1111")
        raise RuntimeError
    written(database, 1)
    with database.read() as session:
        assert count(session) == 3
        assert entries_about(session, "PR-1111-1111") == []
        assert verify(session) is None


def test_a_savepoint_rolled_back_takes_its_entries_with_it(database: Database) -> None:
    with database.write() as session:
        record(session, actor="worker", action="first", subject="PR-1111-1111")
        with suppress(RuntimeError), session.begin_nested():
            record(session, actor="worker", action="undone", subject="PR-1111-1111")
            raise RuntimeError
        with session.begin_nested():
            record(session, actor="worker", action="second", subject="PR-1111-1111")
    with database.read() as session:
        assert [entry.action for entry in entries_about(session, "PR-1111-1111")] == ["first", "second"]
        assert verify(session) is None


def test_many_writers_make_one_chain(database: Database) -> None:
    threads = [threading.Thread(target=written, args=(database, 10)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with database.read() as session:
        assert count(session) == 60
        assert verify(session) is None


@pytest.mark.parametrize("where", ["actor", "action", "subject", "details"])
def test_an_address_is_refused(database: Database, where: str) -> None:
    values = {"actor": "dana", "action": "approved", "subject": "PR-1111-1111", "details": {}}
    values[where] = {"deep": ["priya@hartwell.example"]} if where == "details" else "priya@hartwell.example"
    with database.write() as session, pytest.raises(ValueError, match="no email address"):
        record(session, **values)  # type: ignore[arg-type]


def test_a_handle_is_no_address(database: Database) -> None:
    with database.write() as session:
        record(session, actor="@dana", action="approved", subject="PR-1111-1111")


def test_our_own_code_cannot_alter_or_delete_an_entry(database: Database) -> None:
    written(database, 1)
    with pytest.raises(PermissionError), database.write() as session:
        session.get_one(AuditEntry, 1).actor = "sam"
    with pytest.raises(PermissionError), database.write() as session:
        session.delete(session.get_one(AuditEntry, 1))
    with database.read() as session:
        assert verify(session) is None


def test_without_the_key_a_chain_cannot_be_forged(database: Database, tmp_path: Path) -> None:
    """Somebody who can write to the table but has no key cannot make the hashes come out right."""
    written(database, 1)
    with database.read() as session:
        entry = session.get_one(AuditEntry, 1)
        assert len(entry.hash) == 64
    with database.engine.connect() as connection:
        stored = connection.execute(text("SELECT hash FROM audit_head")).scalar()
    assert stored == entry.hash


def test_a_chain_is_walked_without_being_held_in_memory(database: Database) -> None:
    def grown(to: int) -> int:
        while True:
            with database.write() as session:
                there = count(session)
                if there >= to:
                    break
                for _ in range(min(500, to - there)):
                    record(session, actor="dana", action="approved", subject="PR-0000-0000", details={"n": 1})
        with database.read() as session:
            tracemalloc.start()
            assert check(session).entries == to
            _, most = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        return most

    grown(50)
    few = grown(1000)
    assert grown(3000) - few < 500_000, "three times as many entries need no more memory"


def test_progress_is_told(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "READ_AT_ONCE", 2)
    written(database)
    told: list[int] = []
    with database.read() as session:
        check(session, progress=told.append)
    assert told == [2, 4]
