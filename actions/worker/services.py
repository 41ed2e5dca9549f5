"""Whether a worker is alive."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from actions.clock.services import machine_now
from actions.worker.models import WorkerHeartbeat

EVERY = timedelta(seconds=2)
ALIVE_WITHIN = timedelta(seconds=10)
REMEMBERED = timedelta(days=1)


def beat(session: Session, owner: str) -> None:
    """Say that this worker is alive, and forget workers long gone."""
    at = machine_now()
    row = session.get(WorkerHeartbeat, owner)
    if row is None:
        session.add(WorkerHeartbeat(owner=owner, started_at=at, at=at))
        session.execute(delete(WorkerHeartbeat).where(WorkerHeartbeat.at < at - REMEMBERED))
    else:
        row.at = at


def stop(session: Session, owner: str) -> None:
    """Say that this worker ends, as it should."""
    session.execute(delete(WorkerHeartbeat).where(WorkerHeartbeat.owner == owner))


def last_heartbeat(session: Session) -> datetime | None:
    """When any worker was last alive, by the machine's clock; None when there never was one."""
    return session.scalar(select(func.max(WorkerHeartbeat.at)))


def is_alive(session: Session) -> bool:
    """Whether a worker gave a sign of life lately."""
    last = last_heartbeat(session)
    return last is not None and machine_now() - last <= ALIVE_WITHIN
