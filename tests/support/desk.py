"""A support desk in opening hours."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from actions import clock
from actions.database import Database
from actions.handover import desk_agents, hours
from actions.handover.interfaces import AgentIdentity, Role
from actions.wording import organisation


def open_the_desk(database: Database) -> datetime:
    """Move the clock to ten in the morning of the next Tuesday; returns that instant."""
    with database.write() as session:
        local = clock.now(session).astimezone(ZoneInfo(organisation().timezone))
        ahead = (1 - local.weekday()) % 7 or 7
        target = (local + timedelta(days=ahead)).replace(hour=10, minute=0, second=0, microsecond=0)
        clock.advance(session, target - local)
        assert hours.is_open(clock.now(session))
        return clock.now(session)


def agent(database: Database, name: str, role: Role = "agent", *, on_duty: bool = True) -> AgentIdentity:
    """Somebody at the desk."""
    with database.write() as session:
        desk_agents.invite(session, name, role, by="test")
        if on_duty:
            desk_agents.set_duty(session, name, True)
    return AgentIdentity(name, role)
