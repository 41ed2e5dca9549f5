"""One press, one transaction: let in, the case read again under a lock, the effect with its receipt."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.cases.deadlines import local_date
from actions.cases.interfaces import ChangeRefused
from actions.cases.models import Case, CaseEvent
from actions.cases.queues import Reader, may_see
from actions.cases.references import normalised
from actions.cases.states import MACHINES, TRANSITIONS
from actions.clock import now
from actions.crm import services as crm_services
from actions.crm.interfaces import Crm, CrmError
from actions.handover.interfaces import ROLES, Role
from actions.rights import safeguards
from actions.rights.approvals import DecisionRefused
from actions.rights.review import ReviewRefused
from bot.slack import gate, receipts
from bot.slack.blocks import Marked, escape, mention
from bot.slack.interfaces import Agent, Body, SlackRefused, SlackServices
from bot.slack.shown import ago
from bot.slack.wording import marked, plain

SAYS_WHY = (ChangeRefused, DecisionRefused, ReviewRefused)


@dataclass(frozen=True)
class Act:
    """Somebody's press, let in, on a case that is locked.

    Attributes:
        addresses: the agent's own, as far as Slack knows them.
    """

    session: Session
    services: SlackServices
    agent: Agent
    case: Case
    crm: Crm
    addresses: tuple[str, ...]


Effect = Callable[[Act], str]


def perform(
    services: SlackServices,
    body: Body,
    reference: str,
    effect: Effect,
    *,
    at_least: Role,
    what: str,
    while_in: Collection[str] | None = None,
) -> str:
    """Do something with a case, once for each delivery.

    Args:
        services: the app's.
        body: the delivery.
        reference: the case's.
        effect: does it, and returns the sentence that whoever pressed is told.
        at_least: the lowest role that may.
        what: for the audit trail, should they be refused.
        while_in: the states in which it makes sense; in another one somebody was faster.

    Returns:
        The effect's sentence; empty where the delivery had its effect before.

    Raises:
        SlackRefused: it cannot be done; the message says why, and where somebody was faster, who and when.
    """
    services.people.prepare(user_of(body))
    with reasons_told(services):
        with services.database.write() as session:
            agent = gate.admitted(
                session,
                services,
                user_of(body),
                at_least=at_least,
                what=what,
                channel=channel_of(body),
            )
            case = locked(session, agent, reference)
            if not receipts.first(session, receipts.key_of(body)):
                return ""
            if while_in is not None and case.state not in while_in:
                raise SlackRefused(faster(session, services, case))
            crm, addresses = crm_services.get_crm(), addresses_of(services, agent)
            safeguards.not_ones_own(crm, case, addresses)
            sentence = effect(Act(session, services, agent, case, crm, addresses))
        services.changed.set()
        return sentence


@contextmanager
def reasons_told(services: SlackServices) -> Iterator[None]:
    """Turn what speaks against a deed into words for whoever wanted it; a refusal is put on record.

    Raises:
        SlackRefused: it cannot be done, or not by them.
    """
    try:
        yield
    except gate.Refusal as refusal:
        refusal.note(services)
        raise
    except SAYS_WHY as refusal:
        raise SlackRefused(str(refusal)) from refusal
    except CrmError as error:
        raise SlackRefused(plain("acting.crm_away")) from error


def look(
    services: SlackServices,
    body: Body,
    *,
    what: str,
    at_least: Role = "observer",
    channel: str | None = None,
) -> tuple[Agent, Reader]:
    """Let somebody in who only wants to see something.

    Raises:
        SlackRefused: they may not; it is on the audit trail.
    """
    services.people.prepare(user_of(body))
    with reasons_told(services), services.database.write() as session:
        agent = gate.admitted(session, services, user_of(body), at_least=at_least, what=what, channel=channel)
        return agent, reader_of(session, agent)


def locked(session: Session, agent: Agent, reference: str) -> Case:
    """The case of a reference, read again and locked until the transaction ends.

    Raises:
        SlackRefused: there is none, or it is restricted.
    """
    return _found(session, agent, reference, lock=True)


def seen(session: Session, agent: Agent, reference: str) -> Case:
    """The same for whoever only looks."""
    return _found(session, agent, reference, lock=False)


def _found(session: Session, agent: Agent, reference: str, *, lock: bool) -> Case:
    query = select(Case).where(Case.reference == (normalised(reference) or ""))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    case = session.scalar(query)
    if case is None or not may_see(session, case, reader_of(session, agent)):
        # The same words for both: a reference that is restricted is not given away.
        raise SlackRefused(plain("acting.no_case", reference=reference))
    return case


def reader_of(session: Session, agent: Agent) -> Reader:
    """Who looks, as the queues know them."""
    rank = ROLES.index(agent.role)
    return Reader(
        name=agent.name,
        decides=rank >= ROLES.index("approver"),
        signs_off=agent.role == "dpo",
        sees_restricted=agent.role == "dpo",
        today=local_date(now(session)),
    )


def addresses_of(services: SlackServices, agent: Agent) -> tuple[str, ...]:
    """An agent's own addresses, so that nobody decides about themselves."""
    email = services.people.profile(agent.user_id).email
    return (email,) if email else ()


def faster(session: Session, services: SlackServices, case: Case) -> Marked:
    """Who was faster, with what, and when."""
    last = session.scalar(
        select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.id.desc()).limit(1)
    )
    if last is None:
        return marked("acting.state", reference=case.reference, state=plain(f"state.{case.state}"))
    return marked(
        "acting.faster",
        who=who(session, services, last.by),
        did=did(last),
        ago=ago(session, last.at),
        reference=case.reference,
        state=plain(f"state.{case.state}"),
    )


def did(event: CaseEvent) -> str:
    """What a line of a case's history says that somebody did."""
    name = TRANSITIONS.get(event.from_state or "", {}).get(event.to_state, "open")
    return plain(f"did.{name}")


def who(session: Session, services: SlackServices, name: str) -> Marked:
    """Whoever did something: a mention where Slack knows them, a word for our processes, or the name."""
    if name in MACHINES:
        return escape(plain(f"by.{name or 'system'}"))
    user_id = services.people.user_of(session, name)
    return escape(name) if user_id is None else mention(user_id)


def user_of(body: Body) -> str:
    """Who sent a delivery: pressed, submitted, or typed a command."""
    user = body.get("user")
    return str(user["id"] if isinstance(user, dict) else body.get("user_id") or body["event"]["user"])


def channel_of(body: Body) -> str | None:
    """In which channel something was pressed; None in a modal or the Home."""
    found = body.get("channel")
    return str(found["id"]) if isinstance(found, dict) else None


def pack(**values: Any) -> str:
    """Values for a button or a view's metadata, as short as they can be."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def unpack(text: str) -> dict[str, Any]:
    """What `pack` packed."""
    found = json.loads(text or "{}")
    return found if isinstance(found, dict) else {}


def pressed(body: Body) -> dict[str, Any]:
    """What the pressed button or the chosen option is about."""
    action = body["actions"][0]
    chosen = action.get("selected_option") or {}
    return unpack(str(action.get("value") or chosen.get("value") or ""))
