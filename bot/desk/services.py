"""The desk over our own database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.audit import record
from actions.cases import services as cases
from actions.cases.models import Case
from actions.clock import now
from actions.conversations import log
from actions.conversations.models import Conversation, Message, Turn
from actions.database import Database
from actions.handover import desk_agents, hours
from actions.handover import services as handovers
from actions.handover.interfaces import AgentIdentity, HandoverRefused, desk_rules
from actions.handover.models import Handover
from actions.identity.models import IdentityProof
from actions.vault import services as vault
from actions.vault.models import VaultedValue
from bot.desk.veil import veiled, without_values

MOST_CASES = 10


class DatabaseDesk:
    """Implements `interfaces.Desk`; each call is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def queue(self, agent: AgentIdentity) -> dict[str, Any]:
        """See `interfaces.Desk.queue`."""
        with self._database.write() as session:
            on_duty = desk_agents.keep_duty(session, agent.name)
            rows = [_row(session, handover) for handover in handovers.listed(session)]
            return {
                "agent": {"name": agent.name, "role": agent.role, "on_duty": on_duty},
                "now": log.rfc3339(now(session)),
                "open": hours.is_open(now(session)),
                "hours": hours.opening(now(session)),
                "waiting": [row for row in rows if row["state"] == "waiting"],
                "mine": [row for row in rows if row.get("taken_by") == agent.name],
                "others": [row for row in rows if row.get("taken_by") not in (None, agent.name)],
            }

    def conversation(self, agent: AgentIdentity, handover_id: int, after: int = 0) -> dict[str, Any]:
        """See `interfaces.Desk.conversation`."""
        with self._database.read() as session:
            return shown(session, agent, handover_id, after)

    def duty(self, agent: AgentIdentity, on: bool) -> None:
        """See `interfaces.Desk.duty`."""
        if on and not agent.may_talk:
            raise HandoverRefused("Your role only reads, so you can't be on duty for contacts.")
        with self._database.write() as session:
            desk_agents.set_duty(session, agent.name, on)

    def take(self, agent: AgentIdentity, handover_id: int, *, over: bool = False) -> None:
        """See `interfaces.Desk.take`."""
        with self._database.write() as session:
            handovers.take(session, handover_id, agent, over=over)

    def reply(self, agent: AgentIdentity, handover_id: int, text: str, *, key: str) -> None:
        """See `interfaces.Desk.reply`."""
        with self._database.write() as session:
            handovers.reply(session, handover_id, agent, text, key=key)

    def hand_back(self, agent: AgentIdentity, handover_id: int) -> None:
        """See `interfaces.Desk.hand_back`."""
        with self._database.write() as session:
            handovers.hand_back(session, handover_id, agent)

    def close(self, agent: AgentIdentity, handover_id: int) -> None:
        """See `interfaces.Desk.close`."""
        with self._database.write() as session:
            handovers.close(session, handover_id, agent)

    def reveal(self, agent: AgentIdentity, handover_id: int, placeholder: str) -> str:
        """See `interfaces.Desk.reveal`."""
        with self._database.write() as session:
            handover = session.get(Handover, handover_id)
            found = None
            if handover is not None:
                found = session.scalar(
                    select(VaultedValue).where(
                        VaultedValue.conversation_id == handover.conversation_id,
                        VaultedValue.placeholder == placeholder,
                    )
                )
            if handover is None or found is None:
                raise HandoverRefused(f"This conversation has no {placeholder}, or it has expired.")
            if agent.role not in desk_rules().reveal.get(found.kind, ()):
                raise HandoverRefused(f"Your role may not uncover a {found.kind}. Ask an approver.")
            value = vault.value_of(session, handover.conversation_id, placeholder)
            if value is None:
                raise HandoverRefused(f"{placeholder} has expired and can't be read any more.")
            record(
                session,
                actor=agent.name,
                action="value_revealed",
                subject=handovers.subject(handover.conversation_id),
                details={"placeholder": placeholder},
            )
            return value


def shown(session: Session, agent: AgentIdentity, handover_id: int, after: int = 0) -> dict[str, Any]:
    """See `interfaces.Desk.conversation`: the same for whoever has a transaction of their own."""
    handover = session.get(Handover, handover_id)
    if handover is None:
        raise HandoverRefused("There is no such conversation any more.")
    return {
        **_row(session, handover),
        "values": _values(session, handover.conversation_id, agent),
        "messages": veiled(session, handover.conversation_id, after),
    }


def _row(session: Session, handover: Handover) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": handover.id,
        "state": handover.state,
        "requested_at": log.rfc3339(handover.requested_at),
        "reason": _reason(session, handover),
        "identity": _identity(session, handover.conversation_id),
        "cases": _cases(session, handover.conversation_id),
    }
    if handover.state == "waiting":
        row["position"] = handovers.position(session, handover)
    if handover.taken_by is not None and handover.taken_at is not None:
        row |= {"taken_by": handover.taken_by, "taken_at": log.rfc3339(handover.taken_at)}
    if handover.outcome is not None:
        row["outcome"] = handover.outcome
    return row


def _reason(session: Session, handover: Handover) -> str:
    """The contact's own words that asked for a person, veiled; a pressed button by its label."""
    where = {"conversation_id": handover.conversation_id, "seq": handover.from_seq}
    message = session.scalar(select(Message).filter_by(**where))
    engine_text = session.scalar(select(Turn.engine_text).filter_by(**where)) or ""
    if message is None or message.erased:
        return ""
    if engine_text and not engine_text.startswith("/"):
        return engine_text
    names = {value: name for (_, value), name in vault.known(session, handover.conversation_id).items()}
    return without_values(str(message.body.get("text") or ""), names)


def _identity(session: Session, conversation_id: str) -> dict[str, Any]:
    proof = session.scalar(
        select(IdentityProof)
        .where(IdentityProof.conversation_id == conversation_id)
        .order_by(IdentityProof.id.desc())
        .limit(1)
    )
    if proof is None:
        return {"state": "not_proven"}
    state = "proven" if proof.expires_at > now(session) else "ran_out"
    return {"state": state, "at": log.rfc3339(proof.proven_at)}


def _cases(session: Session, conversation_id: str) -> list[dict[str, Any]]:
    rows = session.scalars(
        select(Case).where(Case.conversation_id == conversation_id).order_by(Case.id.desc()).limit(MOST_CASES)
    )
    return [dict(cases.summary(case)) for case in rows]


def _values(session: Session, conversation_id: str, agent: AgentIdentity) -> list[dict[str, Any]]:
    rows = session.scalars(
        select(VaultedValue)
        .where(VaultedValue.conversation_id == conversation_id, VaultedValue.expires_at > now(session))
        .order_by(VaultedValue.id)
    )
    return [
        {
            "placeholder": row.placeholder,
            "kind": row.kind,
            "may_reveal": agent.role in desk_rules().reveal.get(row.kind, ()),
        }
        for row in rows
    ]


def conversation_of(session: Session, handover_id: int) -> str | None:
    """The conversation a handover belongs to, for whoever feeds its readers."""
    return session.scalar(
        select(Conversation.id)
        .join(Handover, Handover.conversation_id == Conversation.id)
        .where(Handover.id == handover_id)
    )
