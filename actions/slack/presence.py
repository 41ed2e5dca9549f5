"""Whether the Slack app does its work, for `/readyz`: what its process says of itself every few seconds."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from actions.clock.services import machine_now
from actions.slack.models import SlackHeartbeat

EVERY = timedelta(seconds=2)
ALIVE_WITHIN = timedelta(seconds=10)
REMEMBERED = timedelta(days=1)
Presence = Literal["ready", "starting", "down"]


def beat(session: Session, owner: str, *, is_connected: bool) -> None:
    """Say that this process is alive, and forget those long gone.

    Args:
        session: a writing session.
        owner: the process, by a random name.
        is_connected: whether Slack's deliveries reach it, or have reached it: Slack being away for a while
            is no trouble of ours.
    """
    at = machine_now()
    row = session.get(SlackHeartbeat, owner)
    if row is None:
        session.add(SlackHeartbeat(owner=owner, at=at, is_connected=is_connected))
        session.execute(delete(SlackHeartbeat).where(SlackHeartbeat.at < at - REMEMBERED))
    else:
        row.at, row.is_connected = at, is_connected


def stop(session: Session, owner: str) -> None:
    """Say that this process ends, as it should."""
    session.execute(delete(SlackHeartbeat).where(SlackHeartbeat.owner == owner))


def presence(session: Session) -> Presence:
    """How the Slack app does: `starting` while it lives and no connection to Slack has come about."""
    lately = select(SlackHeartbeat.is_connected).where(SlackHeartbeat.at >= machine_now() - ALIVE_WITHIN)
    connected = list(session.scalars(lately))
    if not connected:
        return "down"
    return "ready" if any(connected) else "starting"
