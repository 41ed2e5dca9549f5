"""The people at the desk: invited with a role, known by a token, on duty or not."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.audit import record
from actions.clock import now
from actions.handover.interfaces import ROLES, AgentIdentity, HandoverRefused, Role, desk_rules
from actions.handover.models import DeskAgent
from actions.vault.cipher import keyed_hash

NAME = re.compile(r"[\w][\w .'-]{0,39}\Z")


def invite(session: Session, name: str, role: str, *, by: str) -> str:
    """Let somebody work at the desk, or give them a new token and role.

    Args:
        session: a writing session.
        name: as contacts and the audit trail see it.
        role: one of `interfaces.ROLES`.
        by: who invites.

    Returns:
        Their token, shown only here: a keyed hash of it is kept.

    Raises:
        HandoverRefused: the name or the role is not one.
    """
    if not NAME.match(name):
        raise HandoverRefused(f"'{name}' is no name for an agent: use 1 to 40 letters, digits, blanks, . ' -")
    if role not in ROLES:
        raise HandoverRefused(f"There is no role '{role}'. There are: {', '.join(ROLES)}.")
    token = secrets.token_urlsafe(32)
    agent = session.get(DeskAgent, name)
    if agent is None:
        agent = DeskAgent(name=name, created_at=now(session))
        session.add(agent)
    agent.role, agent.token_hash, agent.revoked_at = role, keyed_hash("desk-token", token), None
    session.flush()
    record(session, actor=by, action="desk_invited", subject=f"agent-{name}", details={"role": role})
    return token


def revoke(session: Session, name: str, *, by: str) -> None:
    """End somebody's access at once.

    Raises:
        HandoverRefused: there is no such agent.
    """
    agent = session.get(DeskAgent, name)
    if agent is None or agent.revoked_at is not None:
        raise HandoverRefused(f"There is no agent called '{name}' at the desk.")
    agent.revoked_at, agent.on_duty_until = now(session), None
    record(session, actor=by, action="desk_revoked", subject=f"agent-{name}")


def known(session: Session) -> list[DeskAgent]:
    """Everybody who may work at the desk, by name."""
    return list(
        session.scalars(select(DeskAgent).where(DeskAgent.revoked_at.is_(None)).order_by(DeskAgent.name))
    )


def by_token(session: Session, token: str) -> AgentIdentity | None:
    """Who holds a token; the look-up is by keyed hash, so its time tells nothing about tokens."""
    agent = session.scalar(
        select(DeskAgent).where(
            DeskAgent.token_hash == keyed_hash("desk-token", token), DeskAgent.revoked_at.is_(None)
        )
    )
    return None if agent is None else AgentIdentity(agent.name, _role(agent.role))


def enrol(session: Session, name: str, role: Role) -> None:
    """Know somebody who works from elsewhere, such as Slack, and has no token for the desk's page.

    Args:
        session: a writing session.
        name: as contacts and the audit trail see it.
        role: their role there.
    """
    agent = session.get(DeskAgent, name)
    if agent is None:
        # Nobody is ever given what this is the hash of.
        unknown = keyed_hash("desk-token", secrets.token_urlsafe(32))
        agent = DeskAgent(name=name, role=role, token_hash=unknown, created_at=now(session))
        session.add(agent)
        session.flush()
        record(session, actor=name, action="desk_enrolled", subject=f"agent-{name}", details={"role": role})


def set_duty(session: Session, name: str, on: bool, *, until: datetime | None = None) -> None:
    """Note that an agent is there for contacts.

    Args:
        session: a writing session.
        name: the agent's.
        on: whether they are.
        until: until when; by default until their desk has not been heard of for a while.
    """
    agent = session.get(DeskAgent, name)
    if agent is not None:
        minutes = timedelta(minutes=desk_rules().duty_minutes)
        agent.on_duty_until = (until or now(session) + minutes) if on else None


def on_duty(session: Session, name: str) -> bool:
    """Whether an agent is there for contacts now."""
    agent = session.get(DeskAgent, name)
    return agent is not None and agent.on_duty_until is not None and agent.on_duty_until > now(session)


def keep_duty(session: Session, name: str) -> bool:
    """Whether an agent is on duty; if so, they count as being there for a while longer."""
    agent = session.get(DeskAgent, name)
    if agent is None or agent.on_duty_until is None or agent.on_duty_until <= now(session):
        return False
    set_duty(session, name, True)
    return True


def anybody_on_duty(session: Session) -> bool:
    """Whether any agent is there for contacts."""
    return (
        session.scalar(
            select(DeskAgent.name)
            .where(
                DeskAgent.on_duty_until > now(session),
                DeskAgent.revoked_at.is_(None),
                DeskAgent.role != "observer",
            )
            .limit(1)
        )
        is not None
    )


def _role(name: str) -> Role:
    return next(role for role in ROLES if role == name)
