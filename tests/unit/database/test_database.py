"""Transactions, column types and migrations."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from cryptography.exceptions import InvalidTag

from actions import clock
from actions.clock.models import ClockOffset
from actions.database import Database, migrate, tables
from actions.database.types import UtcDateTime
from actions.vault import cipher

THREADS, INCREMENTS = 8, 40


def test_concurrent_read_then_write_loses_no_increment(database: Database) -> None:
    with database.write() as session:
        session.add(ClockOffset(id=1, seconds=0.0))

    def increment() -> None:
        for _ in range(INCREMENTS):
            with database.write() as session:
                row = session.get(ClockOffset, 1)
                assert row is not None
                row.seconds += 1

    threads = [threading.Thread(target=increment) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as session:
        row = session.get(ClockOffset, 1)
    assert row is not None
    assert row.seconds == THREADS * INCREMENTS


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    def fail_half_way() -> None:
        with database.write() as session:
            session.add(ClockOffset(id=1, seconds=5.0))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    with database.read() as session:
        assert session.get(ClockOffset, 1) is None


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    kept = datetime(2026, 11, 23, tzinfo=UTC)
    with pytest.raises(ValueError, match="without a zone"):
        UtcDateTime().process_bind_param(kept.replace(tzinfo=None), database.engine.dialect)
    assert UtcDateTime().process_result_value(kept.replace(tzinfo=None), database.engine.dialect) == kept


def test_migrations_make_exactly_what_the_models_say(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'migrated.db'}"
    migrate(url)
    migrate(url)
    migrated = Database(url)
    with migrated.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, tables.METADATA) == []
    migrated.dispose()


def test_the_clock_moves_forward_only_and_comes_back(database: Database) -> None:
    with database.write() as session:
        before = clock.now(session)
        assert clock.advance(session, timedelta(days=3)) - before >= timedelta(days=3)
        with pytest.raises(ValueError, match="forward"):
            clock.advance(session, timedelta(seconds=-1))
        clock.reset(session)
        assert clock.now(session) - before < timedelta(minutes=1)


def test_ciphertext_differs_each_time_and_cannot_be_altered() -> None:
    first, second = cipher.encrypt(b"priya@hartwell.example"), cipher.encrypt(b"priya@hartwell.example")
    assert first != second
    assert cipher.decrypt(first) == cipher.decrypt(second) == b"priya@hartwell.example"
    with pytest.raises(InvalidTag):
        cipher.decrypt(first[:-1] + bytes([first[-1] ^ 1]))


def test_keyed_hashes_separate_purposes_and_parts() -> None:
    assert cipher.keyed_hash("a", "x") != cipher.keyed_hash("b", "x")
    assert cipher.keyed_hash("a", "xy", "z") != cipher.keyed_hash("a", "x", "yz")
    assert cipher.same(cipher.keyed_hash("a", "x"), cipher.keyed_hash("a", "x"))
