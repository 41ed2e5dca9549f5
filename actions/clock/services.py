"""Time travel for tests and demos: machine time plus an offset kept in the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from actions.clock.models import ClockOffset

ONLY_ROW = 1
KNOWN = "clock_offset"


def machine_now() -> datetime:
    """The machine's own time, for what must not travel: leases between processes."""
    return datetime.now(UTC)


def now(session: Session) -> datetime:
    """The present instant, as every process of this installation sees it, in UTC."""
    return machine_now() + timedelta(seconds=offset(session))


def offset(session: Session) -> float:
    """How many seconds our clock is ahead of the machine's; looked up once in each transaction."""
    known = session.info.get(KNOWN)
    if known is not None and known[0] is session.get_transaction():
        return float(known[1])
    seconds = session.scalar(_offset_in_force()) or 0.0
    session.info[KNOWN] = (session.get_transaction(), seconds)
    return seconds


@cache
def _offset_in_force() -> Select[float]:
    """Asked in nearly every transaction, so it is put together only once."""
    return select(ClockOffset.seconds).where(ClockOffset.id == ONLY_ROW)


def advance(session: Session, by: timedelta) -> datetime:
    """Move the clock on.

    Args:
        session: a writing session.
        by: how far; never negative, since what has expired stays expired.

    Returns:
        The new present.

    Raises:
        ValueError: `by` is negative.
    """
    if by < timedelta(0):
        raise ValueError("the clock only goes forward")
    row = session.get(ClockOffset, ONLY_ROW, with_for_update=True)
    if row is None:
        row = ClockOffset(id=ONLY_ROW, seconds=0.0)
        session.add(row)
    row.seconds += by.total_seconds()
    session.flush()
    session.info.pop(KNOWN, None)
    return now(session)


def reset(session: Session) -> None:
    """Back to the machine's own time."""
    row = session.get(ClockOffset, ONLY_ROW)
    if row is not None:
        row.seconds = 0.0
    session.info.pop(KNOWN, None)
