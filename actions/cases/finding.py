"""Finding cases: by what people say, by whom they are about, and for an agent's list."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import Exists, exists, select
from sqlalchemy.orm import Session

from actions.cases import references
from actions.cases.interfaces import CASE_STATES, OPEN_STATES, UNVERIFIED_STATES
from actions.cases.models import Case, CaseEvent, CaseTag, address_hash
from actions.conversations.interfaces import CaseSummary


def by_reference(session: Session, text: str) -> Case | None:
    """The case of a reference as somebody typed or said it, however they spelt it."""
    reference = references.normalised(text)
    return None if reference is None else session.scalar(select(Case).where(Case.reference == reference))


def open_of_conversation(session: Session, conversation_id: str) -> list[Case]:
    """The cases of a conversation that are not closed, in the order they were opened."""
    return list(
        session.scalars(
            select(Case)
            .where(Case.conversation_id == conversation_id, Case.state.in_(OPEN_STATES))
            .order_by(Case.id)
        )
    )


def open_duplicate(
    session: Session, *, right: str, address: str, other_than: Case | None = None
) -> Case | None:
    """The open case of the same right about the same address, which a new request joins.

    One that is under way comes before one that is still a draft or unverified; then the oldest.

    Args:
        session: any session.
        right: the right.
        address: the address, however it is spelt.
        other_than: the new request itself, when it is on record already.
    """
    begun = Case.state.not_in(UNVERIFIED_STATES)
    query = select(Case).where(
        Case.address_hash == address_hash(address), Case.right == right, Case.state.in_(sorted(OPEN_STATES))
    )
    if other_than is not None:
        query = query.where(Case.id != other_than.id)
    return session.scalar(query.order_by(begun.desc(), Case.id).limit(1))


def under_way_like(session: Session, case: Case) -> Case | None:
    """The case of the same right and the same contact that is being worked on already, which this one joins.

    Only where it is clear who the contact is: several people may share an address.
    """
    if case.contact_id is None or case.address_hash is None:
        return None
    return session.scalar(
        select(Case)
        .where(
            Case.address_hash == case.address_hash,
            Case.contact_id == case.contact_id,
            Case.right == case.right,
            Case.state.in_(("awaiting_clarification", "awaiting_approval", "in_progress")),
            Case.id != case.id,
        )
        .order_by(Case.id)
        .limit(1)
    )


def of_address(session: Session, address: str) -> list[Case]:
    """Every case about an address, oldest first."""
    return list(
        session.scalars(select(Case).where(Case.address_hash == address_hash(address)).order_by(Case.id))
    )


def listed(
    session: Session,
    *,
    state: str | None = None,
    states: Collection[str] | None = None,
    right: str | None = None,
    assigned_to: str | None = None,
    tag: str | None = None,
    without_tag: str | None = None,
    due_until: date | None = None,
    limit: int = 100,
) -> list[Case]:
    """Cases for an agent's list, the most urgent first; every condition narrows it.

    Args:
        session: any session.
        state: one state.
        states: several.
        right: one right.
        assigned_to: whose they are; the empty text means nobody's.
        tag: carrying a tag.
        without_tag: not carrying it.
        due_until: due on that day or before.
        limit: how many at the most.

    Raises:
        ValueError: no such state.
    """
    wanted = set(states) if states is not None else set()
    wanted |= {state} if state is not None else set()
    for name in sorted(wanted - set(CASE_STATES)):
        raise ValueError(f"there is no case state called '{name}'")
    query = select(Case).order_by(Case.due_on, Case.id).limit(limit)
    if wanted:
        query = query.where(Case.state.in_(sorted(wanted)))
    if right is not None:
        query = query.where(Case.right == right)
    if assigned_to is not None:
        query = query.where(Case.assigned_to == assigned_to if assigned_to else Case.assigned_to.is_(None))
    if tag is not None:
        query = query.where(_carries(tag))
    if without_tag is not None:
        query = query.where(~_carries(without_tag))
    if due_until is not None:
        query = query.where(Case.due_on <= due_until)
    return list(session.scalars(query))


def summary(case: Case) -> CaseSummary:
    """What a contact sees of a case."""
    due = case.due_on.isoformat()
    return {"reference": case.reference, "right": case.right, "state": case.state, "due": due}


def history(session: Session, case: Case) -> list[CaseEvent]:
    """What happened to a case, oldest first."""
    return list(session.scalars(select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.id)))


def _carries(tag: str) -> Exists:
    return exists().where(CaseTag.case_id == Case.id, CaseTag.tag == tag)
