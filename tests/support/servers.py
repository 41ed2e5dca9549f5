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

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url

from actions.database import Base, tables
from bot.supervisor.servers import LocalPostgresql, ServerMissing

GIVEN = os.environ.get("RIGHTLINE_TEST_POSTGRESQL", "")
"""The URL of a server to use instead of one of our own."""
START_SECONDS = 60
TEMPLATE = "rightline_template"


def postgresql() -> str:
    """The server's URL; skips the test where there can be none, and fails it there when CI=true."""
    if GIVEN:
        return GIVEN
    try:
        return _started()
    except ServerMissing as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error), pytrace=False)
        pytest.skip(str(error))


@contextmanager
def postgresql_database(*, empty: bool = False) -> Iterator[str]:
    """The URL of a database of one's own, dropped afterwards.

    Args:
        empty: whether it shall have no tables; otherwise it has all of ours.
    """
    name = f"rightline_test_{secrets.token_hex(8)}"
    server = _administrator(postgresql())
    template = "" if empty else f" TEMPLATE {_template()}"
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}{template}")
    try:
        yield make_url(postgresql()).set(database=name).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


@lru_cache(maxsize=1)
def _started() -> str:
    folder = Path(tempfile.mkdtemp(prefix="rl-pg-"))
    server = LocalPostgresql(folder)
    part = server.prepare()
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            part.command, env=dict(part.environment), cwd=folder, stdout=log, stderr=log, process_group=0
        )

    def stop() -> None:
        process.send_signal(signal.SIGQUIT)
        process.wait(timeout=20)
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    deadline = time.monotonic() + START_SECONDS
    while not server.accepts():
        if process.poll() is not None or time.monotonic() > deadline:
            raise ServerMissing(f"PostgreSQL does not start: {(folder / 'log').read_text()[-500:]}")
        time.sleep(0.05)
    return server.url()


@lru_cache(maxsize=1)
def _administrator(url: str) -> Engine:
    return create_engine(url, isolation_level="AUTOCOMMIT")


@lru_cache(maxsize=1)
def _template() -> str:
    """A database with every table of ours, from which the tests' are copied."""
    assert tables.ALL
    name = f"{TEMPLATE}_{secrets.token_hex(4)}"
    with _administrator(postgresql()).connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine = create_engine(make_url(postgresql()).set(database=name))
    Base.metadata.create_all(engine)
    engine.dispose()
    return name
