"""Who may decide: nobody about a request of their own, and two people together where the settings say so."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy.orm import Session

from actions.audit import record
from actions.cases import services as cases
from actions.cases.models import Case, address_hash
from actions.clock import now
from actions.conversations.log import rfc3339
from actions.crm.interfaces import Crm
from actions.rights.approvals import DecisionRefused
from actions.rights.erasure_plan import AGREEMENT
from actions.settings import get_settings

APPROVALS = "approvals"
"""In a case's details: who approved it, where it takes two people."""


def not_ones_own(crm: Crm, case: Case, addresses: Collection[str]) -> None:
    """Make sure that an agent does not decide about a request of their own.

    Args:
        crm: for reading only.
        case: the request.
        addresses: the agent's own addresses, as far as they are known.

    Raises:
        DecisionRefused: it is their own, by its address or by an address of its contact.
    """
    if not addresses:
        return
    theirs = {address_hash(address) for address in addresses}
    about = {case.address_hash}
    contact = crm.get(case.contact_id) if case.contact_id else None
    if contact is not None:
        about |= {address_hash(each) for each in (contact.email, *contact.other_emails) if each}
    if theirs & about:
        raise DecisionRefused(f"{case.reference} is your own request: somebody else has to decide about it.")


def keep_evidence(session: Session, case: Case, ground: str, evidence: str, *, by: str) -> None:
    """Write down what shows that a ground holds which needs the officer (UK GDPR Art. 12(5)).

    Args:
        session: a writing session.
        case: the request.
        ground: the ground's id.
        evidence: what shows it; may be left out where it was written down before.
        by: who says so.

    Raises:
        DecisionRefused: nothing was ever written down that shows it.
    """
    if evidence.strip():
        cases.add_note(session, case, evidence, by=by, kind="evidence")
    elif not cases.notes_of(session, case, kind="evidence"):
        raise DecisionRefused(
            f"'{ground}' has to be shown: say what shows it, for example how often and when they asked. "
            "The contact does not read that."
        )


def approved_by(case: Case) -> list[str]:
    """Who has approved a case that waits for somebody else's approval too."""
    return approvers(case) if case.state == "awaiting_approval" else []


def approvers(case: Case) -> list[str]:
    """Everybody who has approved a case that takes two people, in order."""
    return [str(one["by"]) for one in (case.details or {}).get(APPROVALS, ())]


def needs_two_people(crm: Crm, case: Case) -> bool:
    """Whether two different people have to approve: an erasure under an active agreement, by the settings."""
    if case.right != "erasure" or not get_settings().two_people_for_agreements:
        return False
    plan: dict[str, Any] = (case.details or {}).get("plan") or {}
    if plan.get("ground") == AGREEMENT:
        return True
    holdings = crm.holdings(case.contact_id) if case.contact_id else None
    return holdings is not None and holdings.active_agreement is not None


def is_the_last_needed(session: Session, crm: Crm, case: Case, *, by: str) -> bool:
    """Count an approval; where it is the first of two, it is noted and nothing else happens yet.

    Args:
        session: a writing session.
        crm: for reading only.
        case: a case that waits for approval, and whose contact is known.
        by: who approves now.

    Returns:
        Whether the case is approved now.

    Raises:
        DecisionRefused: the same person has approved it already.
    """
    if not needs_two_people(crm, case):
        return True
    before = approvers(case)
    if by in before:
        raise DecisionRefused(
            f"You have approved {case.reference} already; a second person has to, because of the agreement."
        )
    approval = {"by": by, "at": rfc3339(now(session))}
    case.details[APPROVALS] = [*(case.details or {}).get(APPROVALS, ()), approval]
    session.flush()
    if before:
        return True
    record(session, actor=by, action="case_approved_first", subject=case.reference, details={})
    return False


def forget_approvals(case: Case) -> None:
    """A case that is decided otherwise, or taken back, has nobody's approval any more."""
    (case.details or {}).pop(APPROVALS, None)
