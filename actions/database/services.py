"""Connections and transactions, with SQLite's traps closed once for everybody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.orm import Session, sessionmaker

from actions.database.locks import held, tried
from actions.database.turnstile import Turnstile
from actions.settings import PROJECT_ROOT, get_settings

BUSY_TIMEOUT_SECONDS = 15
CONNECT_SECONDS = 5
DRIVERS = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}


class Database:
    """A database by URL: `read()` for looking, `write()` for one transaction that changes something."""

    def __init__(self, url: str) -> None:
        """Prepare, without connecting.

        Args:
            url: as SQLAlchemy takes it; `postgresql://` and `postgres://` mean the driver that is installed.

        Raises:
            sqlalchemy.exc.ArgumentError: it is no URL of a database.
        """
        self.url = database_url(url)
        self.engine = _sqlite_engine(self.url) if self.is_sqlite else _server_engine(self.url)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)
        self._turn = self._turnstile()

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded default."""
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for reading; nothing it did is kept."""
        with self._sessions() as session:
            yield session

    @contextmanager
    def write(self, *, urgent: bool = False) -> Iterator[Session]:
        """One transaction: committed at the end, rolled back on any exception.

        On SQLite it takes the write lock at once (`BEGIN IMMEDIATE`): a transaction that reads first and
        then writes would otherwise lose updates or fail half-way.

        Args:
            urgent: somebody waits for this alone, and it is short: on SQLite it goes before the others.
        """
        with self._turn(urgent=urgent), self._sessions() as session:
            session.connection(execution_options={"rightline_write": True})
            yield session
            session.commit()

    def _turnstile(self) -> Callable[..., AbstractContextManager[None]]:
        file = self.url.database
        if not self.is_sqlite or not file or file == ":memory:":
            return _no_turnstile
        return Turnstile(Path(file), BUSY_TIMEOUT_SECONDS)

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """Wait until no other process is in a block of this name, and keep the others out of it meanwhile.

        It ends with the process that holds it, however that ends.
        """
        with held(self.engine, name):
            yield

    @contextmanager
    def first(self, name: str) -> Iterator[bool]:
        """Whether this process is the one that may do what only one at a time should; others do without."""
        with tried(self.engine, name) as mine:
            yield mine

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def _no_turnstile(*, urgent: bool = False) -> AbstractContextManager[None]:
    return nullcontext()


def database_url(text: str) -> URL:
    """A database's URL, with the driver that is installed where it names none.

    Raises:
        sqlalchemy.exc.ArgumentError: it is no URL of a database.
    """
    url = make_url(text)
    return url.set(drivername=DRIVERS.get(url.drivername, url.drivername))


def _server_engine(url: URL) -> Engine:
    return create_engine(
        url,
        pool_pre_ping=True,
        pool_size=10,
        max_overflow=20,
        hide_parameters=True,
        connect_args={"connect_timeout": CONNECT_SECONDS},
    )


def _sqlite_engine(url: URL) -> Engine:
    database = url.database
    if database and database != ":memory:":
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
        pool_size=20,
        max_overflow=40,
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("rightline_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


@lru_cache(maxsize=1)
def get_database() -> Database:
    """The database of this process."""
    return Database(get_settings().effective_database_url)


def migrate(url: str | None = None) -> None:
    """Bring the schema to the newest version; safe to call when it already is, and by several at once.

    Args:
        url: the database; by default the settings' one.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(PROJECT_ROOT / "migrations"))
    config.attributes["url"] = url or get_settings().effective_database_url
    command.upgrade(config, "head")
