"""Letters held back because somebody else may read the contact's mail, until a safe way is agreed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.audit import record
from actions.cases.models import Case
from actions.cases.notes import SAFE_CHANNEL, tags_of
from actions.cases.tasks import raise_task
from actions.clock import now
from actions.fulfilment.models import Step
from actions.fulfilment.services import plan_step
from actions.mail.smtp import address

HELD = "held"
"""The state of a step that the worker leaves alone."""


def must_be_held(session: Session, case: Case) -> bool:
    """Whether nothing may be sent about a case."""
    return SAFE_CHANNEL in tags_of(session, case)


def hold(session: Session, case: Case, *, key: str, payload: Mapping[str, Any]) -> None:
    """Keep a letter instead of sending it, and give a person the task to decide.

    It belongs to no case in the journal, so that the case's other steps do not wait for it.

    Args:
        session: a writing session.
        case: the case the letter is about.
        key: the letter's; a letter that went out before is left alone.
        payload: what sending it needs.
    """
    if session.scalar(select(Step.id).where(Step.key == key)) is not None:
        return
    step = plan_step(session, kind="mail", key=key, payload={**payload, "case": case.reference})
    step.state = HELD
    session.flush()
    raise_task(
        session,
        key=f"case-{case.id}-held-mail",
        kind="held_mail",
        text=f"{case.reference}: letters are held back. Agree a safe way, then release or discard them.",
        case=case,
    )


def of_case(session: Session, case: Case) -> list[Step]:
    """The letters held back about a case, oldest first."""
    waiting = session.scalars(select(Step).where(Step.state == HELD).order_by(Step.id))
    return [step for step in waiting if (step.payload or {}).get("case") == case.reference]


def release(session: Session, case: Case, *, by: str, to: str | None = None) -> int:
    """Send what was held back; returns how many letters.

    Args:
        session: a writing session.
        case: the case.
        by: the agent's name.
        to: a safe address that the contact named, instead of the one they were written to.

    Raises:
        MailRefused: `to` is not exactly one well-formed address.
    """
    if to is not None:
        address(to)
    letters = of_case(session, case)
    for step in letters:
        step.payload = {**(step.payload or {}), "to": to or (step.payload or {})["to"]}
        step.state = "planned"
    _note(session, case, by, "letters_released", len(letters))
    return len(letters)


def discard(session: Session, case: Case, *, by: str) -> int:
    """Send none of what was held back, and destroy it; returns how many letters."""
    letters = of_case(session, case)
    for step in letters:
        step.state, step.payload, step.done_at = "cancelled", None, now(session)
    _note(session, case, by, "letters_discarded", len(letters))
    return len(letters)


def _note(session: Session, case: Case, by: str, action: str, count: int) -> None:
    session.flush()
    record(session, actor=by, action=action, subject=case.reference, details={"letters": count})
