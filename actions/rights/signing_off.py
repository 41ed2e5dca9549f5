"""Refusals that need the data protection officer: proposed by one person, signed off by the officer.

UK GDPR Art. 12(5): a request is refused as excessive or unfounded only where that can be shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from actions.audit import record
from actions.cases import services as cases
from actions.cases.models import Case
from actions.cases.states import worded
from actions.clock import now
from actions.conversations.log import rfc3339
from actions.crm.interfaces import Crm
from actions.rights import grounds, safeguards
from actions.rights.approvals import DecisionRefused
from actions.wording import phrase

PROPOSED = "refusal_proposed"
REFUSABLE = frozenset({"awaiting_approval", "awaiting_clarification", "scheduled"})


@dataclass(frozen=True)
class Proposal:
    """A refusal that waits for the officer."""

    by: str
    ground: str
    reason: str


def proposal_of(case: Case) -> Proposal | None:
    """The refusal that is proposed for a case."""
    found: dict[str, Any] | None = (case.details or {}).get(PROPOSED)
    return Proposal(found["by"], found["ground"], found["reason"]) if found else None


def propose_refusal(
    session: Session, case: Case, *, by: str, ground: str, reason: str, evidence: str = ""
) -> None:
    """Ask the data protection officer to sign a refusal off; nothing is refused until then.

    Args:
        session: a writing session.
        case: the case, read in this session.
        by: who proposes it.
        ground: an id under `refusal` of `grounds.yml` that needs the officer.
        reason: what the contact will read.
        evidence: what shows that the ground holds, for the officer; the contact does not read it.

    Raises:
        DecisionRefused: there is no reason or no evidence, it cannot be refused now, or one is proposed
            already.
    """
    if not reason.strip():
        raise DecisionRefused("Give a reason: the contact reads it, and the law asks for it.")
    if case.state not in REFUSABLE:
        raise DecisionRefused(f"{case.reference} is {worded(case.state)}, so it can't be refused.")
    waiting = proposal_of(case)
    if waiting is not None:
        raise DecisionRefused(f"{waiting.by} has proposed to refuse {case.reference} already.")
    if not grounds.to_refuse(ground).dpo:
        raise DecisionRefused(f"'{ground}' needs no sign-off: refuse the case yourself.")
    safeguards.keep_evidence(session, case, ground, evidence, by=by)
    number = len([task for task in cases.tasks_of(session, case) if task.kind == "sign_off"]) + 1
    case.details[PROPOSED] = {
        "by": by,
        "ground": ground,
        "reason": reason.strip(),
        "at": rfc3339(now(session)),
    }
    cases.raise_task(
        session,
        key=_key(case, number),
        kind="sign_off",
        text=phrase("task.sign_off", reference=case.reference),
        case=case,
    )
    record(session, actor=by, action="refusal_proposed", subject=case.reference, details={"ground": ground})


def sign_off(session: Session, crm: Crm, case: Case, *, by: str) -> None:
    """Refuse a case as proposed, with the officer's name on it.

    Args:
        session: a writing session.
        crm: for reading only.
        case: the case, read in this session.
        by: the data protection officer.

    Raises:
        DecisionRefused: nothing is proposed, it was proposed by the same person (who stands in for the
            officer), or the case cannot be refused any more.
    """
    from actions.rights.decisions import refuse

    proposal = _waiting(case)
    if proposal.by == by:
        raise DecisionRefused(
            f"You have proposed to refuse {case.reference} yourself: somebody else has to sign it off."
        )
    refuse(
        session,
        case,
        by=proposal.by,
        reason=proposal.reason,
        ground=proposal.ground,
        signed_off_by=by,
        crm=crm,
    )
    _over(session, case, by=by)


def turn_down(session: Session, case: Case, *, by: str, why: str) -> None:
    """Let a proposed refusal be; the case waits for a decision as before.

    Raises:
        DecisionRefused: nothing is proposed.
    """
    _waiting(case)
    if why.strip():
        cases.add_note(session, case, why, by=by)
    record(session, actor=by, action="refusal_turned_down", subject=case.reference, details={})
    _over(session, case, by=by)


def _waiting(case: Case) -> Proposal:
    proposal = proposal_of(case)
    if proposal is None:
        raise DecisionRefused(f"No refusal of {case.reference} waits for a sign-off.")
    return proposal


def _over(session: Session, case: Case, *, by: str) -> None:
    case.details.pop(PROPOSED, None)
    for task in cases.open_tasks(session, case=case, kind="sign_off"):
        cases.complete(session, task, by=by)


def _key(case: Case, number: int) -> str:
    return f"case:{case.id}:sign-off:{number}"
