"""Transactions, column types and migrations."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from cryptography.exceptions import InvalidTag

from actions import clock
from actions.clock.models import ClockOffset
from actions.database import Database, migrate, tables
from actions.database.types import UtcDateTime
from actions.settings import PROJECT_ROOT
from actions.vault import cipher
from tests.support.servers import postgresql_database
from tests.support.store import BACKENDS, everywhere

THREADS, INCREMENTS = 8, 40


@everywhere
def test_concurrent_read_then_write_loses_no_increment(database: Database) -> None:
    with database.write() as session:
        session.add(ClockOffset(id=1, seconds=0.0))

    def increment() -> None:
        for _ in range(INCREMENTS):
            with database.write() as session:
                row = session.get(ClockOffset, 1, with_for_update=True)
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


@pytest.fixture(params=BACKENDS)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'migrated.db'}"
        return
    with postgresql_database(empty=True) as url:
        yield url


def test_migrations_make_exactly_what_the_models_say(empty: str) -> None:
    migrate(empty)
    migrate(empty)
    migrated = Database(empty)
    with migrated.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, tables.METADATA) == []
    migrated.dispose()


def test_several_that_start_at_once_migrate_once(empty: str) -> None:
    # Forked: what they import would take longer than all the rest.
    starting = [get_context("fork").Process(target=migrate, args=(empty,)) for _ in range(4)]
    for process in starting:
        process.start()
    for process in starting:
        process.join(120)
    assert [process.exitcode for process in starting] == [0] * 4
    migrated = Database(empty)
    with migrated.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.METADATA) == []
    migrated.dispose()


@everywhere
def test_only_one_process_at_a_time_is_the_first(database: Database) -> None:
    other = Database(database.url.render_as_string(hide_password=False))
    with (
        database.first("chore") as mine,
        other.first("chore") as theirs,
        other.first("another chore") as also,
    ):
        assert (mine, theirs, also) == (True, False, True)
    with other.first("chore") as mine:
        assert mine
    other.dispose()


@everywhere
def test_a_lock_ends_with_the_process_that_holds_it(database: Database) -> None:
    url = database.url.render_as_string(hide_password=False)
    code = (
        "import sys, time; from actions.database import Database\n"
        "with Database(sys.argv[1]).alone('chore'): print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, url], cwd=PROJECT_ROOT, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with database.first("chore") as mine:
        assert not mine
    holder.kill()
    holder.wait(timeout=10)
    with database.alone("chore"):
        pass


@pytest.mark.parametrize("name", ["postgresql", "postgres", "postgresql+psycopg"])
def test_a_servers_url_needs_no_driver(name: str) -> None:
    made = Database(f"{name}://rightline@db.example/rightline")
    assert made.url.drivername == "postgresql+psycopg"
    assert not made.is_sqlite


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
