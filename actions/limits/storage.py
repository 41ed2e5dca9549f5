"""The `limits` library's counters, as rows that change in the caller's own transaction."""

from __future__ import annotations

from datetime import datetime, timedelta

from limits.storage import Storage
from sqlalchemy import case, delete, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from actions.clock import now
from actions.limits.models import RateCounter
from actions.vault.cipher import keyed_hash


class DatabaseStorage(Storage):
    """Counts in `rate_counters` through one session; lives no longer than that session."""

    STORAGE_SCHEME = ["rightline"]  # noqa: RUF012 # as the library declares it

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        """What the storage itself may fail with."""
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count in one statement, in a new window when the last has ended; returns the window's hits."""
        at = now(self._session)
        insert = sqlite_insert if self._session.get_bind().dialect.name == "sqlite" else postgresql_insert
        over = RateCounter.expires_at <= at
        ends = at + timedelta(seconds=expiry)
        hits = self._session.scalar(
            insert(RateCounter)
            .values(key=_hidden(key), hits=amount, expires_at=ends)
            .on_conflict_do_update(
                index_elements=[RateCounter.key],
                set_={
                    "hits": case((over, amount), else_=RateCounter.hits + amount),
                    "expires_at": case((over, ends), else_=RateCounter.expires_at),
                },
            )
            .returning(RateCounter.hits)
        )
        return int(hits or 0)

    def get(self, key: str) -> int:
        """The hits of the present window."""
        row = self._row(key)
        return 0 if row is None else row[0]

    def get_expiry(self, key: str) -> float:
        """When the present window ends, in seconds of the epoch; now when there is none."""
        row = self._row(key)
        return (now(self._session) if row is None else row[1]).timestamp()

    def check(self) -> bool:
        """Whether the storage works."""
        self._session.execute(select(RateCounter.key).limit(1))
        return True

    def reset(self) -> int | None:
        """Forget every count."""
        self._session.execute(delete(RateCounter))
        return None

    def clear(self, key: str) -> None:
        """Forget one count."""
        self._session.execute(delete(RateCounter).where(RateCounter.key == _hidden(key)))

    def _row(self, key: str) -> tuple[int, datetime] | None:
        found = self._session.execute(
            select(RateCounter.hits, RateCounter.expires_at).where(
                RateCounter.key == _hidden(key), RateCounter.expires_at > now(self._session)
            )
        ).first()
        return None if found is None else (found[0], found[1])


def _hidden(key: str) -> str:
    return keyed_hash("rate-limit", key)
