"""A PostgreSQL server for the tests of one run, started when the first of them asks for it."""

from __future__ import annotations

import atexit
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

from actions.database import Base, tables
from bot.supervisor.servers import LocalPostgresql, ServerMissing
from bot.supervisor.watchdog import Watchdog
from tests.support.components import lacking

GIVEN = os.environ.get("RIGHTLINE_TEST_POSTGRESQL", "")
"""The URL of a server to use instead of one of our own."""
START_SECONDS = 60


def postgresql() -> str:
    """The server's URL; skips the test where there can be none, and fails it there when CI=true."""
    if GIVEN:
        return GIVEN
    try:
        return _started()
    except ServerMissing as error:
        lacking(str(error))


@contextmanager
def postgresql_database(*, empty: bool = False) -> Iterator[str]:
    """The URL of a database of one's own.

    Args:
        empty: whether it shall have no tables, and be made for this; otherwise it has all of ours, and the
            next test gets it again, emptied: to make one takes longer than most tests.
    """
    if not empty:
        url = _with_tables()
        try:
            yield url
        finally:
            _empty(url)
        return
    name = _create()
    try:
        yield _url(name)
    finally:
        with _administrator().connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


def _create() -> str:
    name = f"rightline_test_{secrets.token_hex(8)}"
    with _administrator().connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    return name


def _url(name: str) -> str:
    return make_url(postgresql()).set(database=name).render_as_string(hide_password=False)


@lru_cache(maxsize=1)
def _with_tables() -> str:
    assert tables.ALL
    url = _url(_create())
    engine = create_engine(url)
    Base.metadata.create_all(engine)
    engine.dispose()
    return url


def _empty(url: str) -> None:
    """Let nobody hold anything there, delete every row, and let the numbers begin anew.

    What a test has made beside our tables goes; where it has taken one of ours away, all are made again.
    """
    name = make_url(url).database
    with _administrator().connect() as connection:
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"),
            {"name": name},
        )
    engine = create_engine(url)
    ours = Base.metadata.sorted_tables
    with engine.begin() as connection:
        there = set(connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")))
        for table in there - {table.name for table in ours}:
            connection.exec_driver_sql(f'DROP TABLE "{table}"')
        for known in reversed(ours):
            if known.name in there:
                connection.exec_driver_sql(f'DELETE FROM "{known.name}"')
        used = "SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL"
        for (sequence,) in connection.exec_driver_sql(used).all():
            connection.exec_driver_sql(f'ALTER SEQUENCE "{sequence}" RESTART')
    Base.metadata.create_all(engine, [table for table in ours if table.name not in there])
    engine.dispose()


@lru_cache(maxsize=1)
def _started() -> str:
    folder = Path(tempfile.mkdtemp(prefix="rl-pg-"))
    server = LocalPostgresql(folder)
    part = server.prepare()
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            part.command, env=dict(part.environment), cwd=folder, stdout=log, stderr=log, process_group=0
        )
    # A test run that is killed does not leave it behind.
    watchdog = Watchdog()
    watchdog.watch(process.pid)

    def stop() -> None:
        process.send_signal(signal.SIGQUIT)
        process.wait(timeout=20)
        watchdog.close()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    deadline = time.monotonic() + START_SECONDS
    while not server.accepts():
        if process.poll() is not None or time.monotonic() > deadline:
            raise ServerMissing(f"PostgreSQL does not start: {(folder / 'log').read_text()[-500:]}")
        time.sleep(0.05)
    return server.url()


@lru_cache(maxsize=1)
def _administrator() -> Engine:
    return create_engine(postgresql(), isolation_level="AUTOCOMMIT")
