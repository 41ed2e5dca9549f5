"""Finished engine sessions, deleted from Rasa's own tables: its server has no call for that."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Float,
    MetaData,
    String,
    Table,
    create_engine,
    delete,
    event,
    func,
    inspect,
    select,
)

from actions.database.services import database_url

BUSY_SECONDS = 5.0
BATCH = 200

EVENTS = Table("events", MetaData(), Column("sender_id", String(255)), Column("timestamp", Float))


class TrackerTables:
    """Rasa's SQL tracker store, seen from outside while Rasa uses it."""

    def __init__(self, url: str) -> None:
        self._url = database_url(url)
        self._exists = False

    def delete(self, engine_sessions: Sequence[str]) -> None:
        """Delete every event of these sessions; a store that does not exist yet holds none.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the store was busy for too long, or cannot be reached.
        """
        for start in range(0, len(engine_sessions), BATCH):
            with self._connection() as connection:
                if connection is not None:
                    batch = engine_sessions[start : start + BATCH]
                    connection.execute(delete(EVENTS).where(EVENTS.c.sender_id.in_(batch)))

    def forgotten(self, in_use: Collection[str], idle_since: float) -> list[str]:
        """Sessions that nobody uses and nothing was added to since then: left behind by a kill.

        Args:
            in_use: sessions that conversations still name.
            idle_since: in seconds of the epoch, by the machine's clock as the engine writes it.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: as for `delete`.
        """
        with self._connection() as connection:
            if connection is None:
                return []
            last = func.max(EVENTS.c.timestamp)
            idle = select(EVENTS.c.sender_id).group_by(EVENTS.c.sender_id).having(last < idle_since)
            return [sender for sender in connection.scalars(idle) if sender not in in_use]

    def dispose(self) -> None:
        """Close every connection."""
        if "_engine" in self.__dict__:
            self._engine.dispose()

    @contextmanager
    def _connection(self) -> Iterator[Connection | None]:
        database = self._url.database
        if self._is_sqlite and (database is None or not Path(database).exists()):
            yield None
            return
        with self._engine.begin() as connection:
            self._exists = self._exists or inspect(connection).has_table(EVENTS.name)
            yield connection if self._exists else None

    @property
    def _is_sqlite(self) -> bool:
        return self._url.get_backend_name() == "sqlite"

    @cached_property
    def _engine(self) -> Engine:
        if not self._is_sqlite:
            return create_engine(self._url, pool_pre_ping=True, pool_size=2)
        engine = create_engine(self._url, connect_args={"timeout": BUSY_SECONDS})

        @event.listens_for(engine, "connect")
        def _prepare(connection: Any, _record: Any) -> None:
            # What is deleted is overwritten, not only unlinked.
            connection.execute("PRAGMA secure_delete=ON")

        return engine
