"""What an agent decides about a case: the one interface of the command line, the web desk and Slack.

Only people decide here, and only people refuse. `review` is the module by which an agent reads free text
before it is sent.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy.orm import Session

from actions.cases import services as cases
from actions.cases.interfaces import TransitionRefused
from actions.cases.models import Case, LegalHold
from actions.cases.states import worded
from actions.crm.interfaces import Crm
from actions.fulfilment import services as journal
from actions.mail import services as mail
from actions.rights import grounds, restriction, review, safeguards
from actions.rights.approvals import Approval, DecisionRefused, carry_out
from actions.wording import organisation, phrase

__all__ = [
    "DecisionRefused",
    "approve",
    "ask_clarification",
    "extend",
    "hold",
    "lift",
    "refuse",
    "release",
    "review",
    "undo",
]

ABOUT_A_CONTACT = frozenset(
    {"access", "portability", "erasure", "rectification", "restriction", "objection", "opt_in"}
)


def approve(
    session: Session,
    crm: Crm,
    case: Case,
    *,
    by: str,
    contact_id: str | None = None,
    answer: str = "",
    replaced: bool = False,
    addresses: Collection[str] = (),
) -> bool:
    """Approve a case that waits for a person, and set it in motion.

    Args:
        session: a writing session; the decision and its steps are one transaction.
        crm: for reading only.
        case: the case, read in this session.
        by: the agent's name.
        contact_id: whom the agent found the requester to be, where the address did not say.
        answer: what the contact is told besides, where a person did what was asked.
        replaced: for an erasure, that a successor has taken the contact's place under the agreement.
        addresses: the agent's own, where they are known: nobody approves a request of their own.

    Returns:
        Whether it is in motion now; False where a second person has to approve it too.

    Raises:
        DecisionRefused: it is not waiting for approval, it is not clear whom it is about, it is the agent's
            own, or they have approved it already.
    """
    if case.state != "awaiting_approval":
        raise DecisionRefused(
            f"{case.reference} is {worded(case.state)}, not waiting for approval; nothing was changed."
        )
    if case.right in ABOUT_A_CONTACT or contact_id is not None:
        case.contact_id = _whose(case, contact_id)
    safeguards.not_ones_own(crm, case, addresses)
    if not safeguards.is_the_last_needed(session, crm, case, by=by):
        return False
    cases.decide(session, case, "approved", by=by)
    carry_out(Approval(session, crm, case, by, answer.strip(), replaced))
    return True


def refuse(
    session: Session,
    case: Case,
    *,
    by: str,
    reason: str,
    ground: str | None = None,
    signed_off_by: str = "",
    evidence: str = "",
    crm: Crm | None = None,
) -> None:
    """Refuse a case, with the reason and the routes of complaint (UK GDPR Art. 12(4)).

    Args:
        session: a writing session.
        case: the case, read in this session.
        by: the agent's name.
        reason: what the contact will read.
        ground: the rule it rests on, an id under `refusal` of `grounds.yml`.
        signed_off_by: the data protection officer, where the ground needs one (UK GDPR Art. 12(5)).
        evidence: what shows that the ground holds, where it needs the officer; the contact does not read it.
        crm: for reading only; the embedded or configured one when left out.

    Raises:
        DecisionRefused: it is closed, there is no reason, no such ground, or no sign-off or evidence where
            they are needed.
    """
    if not reason.strip():
        raise DecisionRefused("Give a reason: the contact reads it, and the law asks for it.")
    rule = _rule(ground, signed_off_by.strip())
    if ground is not None and rule is not None and rule.dpo:
        safeguards.keep_evidence(session, case, ground, evidence, by=by)
    try:
        cases.decide(
            session, case, "refused", by=by, reason=reason.strip(), ground=rule.source if rule else None
        )
        if rule is not None and rule.dpo:
            cases.add_note(session, case, f"signed off by {signed_off_by.strip()}", by=by)
        journal.cancel_steps(session, case)
        safeguards.forget_approvals(case)
        cases.move(session, case, "refused", by=by, note="refused")
    except TransitionRefused as refusal:
        raise DecisionRefused(str(refusal)) from refusal
    if case.address:
        regulator = organisation().regulator
        mail.post(
            session,
            "erasure_refused" if case.right == "erasure" else "request_refused",
            case.address,
            case=case,
            key=f"case:{case.id}:refused",
            reference=case.reference,
            reason=reason.strip(),
            rule=f"{rule.says} ({rule.source})" if rule else "",
            regulator=f"{regulator.name}, {regulator.address}, {regulator.website}, {regulator.phone}",
        )
    journal.plan_step(
        session,
        kind="close_request",
        payload={"phrase": "decision.refused"},
        key=f"case:{case.id}:close",
        case=case,
    )
    _end_what_stood_meanwhile(session, crm, case, by=by)


def undo(session: Session, case: Case, *, by: str, reason: str) -> None:
    """Take an erasure back within its waiting time: it waits for a decision again, and nothing is erased.

    Args:
        session: a writing session.
        case: the case, read in this session.
        by: the agent's name.
        reason: why, for colleagues; kept encrypted.

    Raises:
        DecisionRefused: there is no reason, or it does not wait any more.
    """
    if not reason.strip():
        raise DecisionRefused("Say why it is taken back: whoever decides next reads it.")
    if case.state != "scheduled":
        raise DecisionRefused(
            f"{case.reference} is {worded(case.state)}: only what is scheduled can be taken back."
        )
    journal.take_back(session, case)
    mail.forget_unsent(session, case)
    try:
        cases.move(session, case, "awaiting_approval", by=by, note="taken back within the waiting time")
    except TransitionRefused as refusal:
        raise DecisionRefused(str(refusal)) from refusal
    safeguards.forget_approvals(case)
    case.decision, case.decided_by, case.decided_at = None, None, None
    cases.add_note(session, case, reason, by=by)


def ask_clarification(session: Session, case: Case, question: str, *, by: str, told: str = "") -> bool:
    """Ask the contact what is needed to go on; see `actions.cases.timing.ask_contact`.

    Returns:
        Whether the clock stands still until the answer.
    """
    return cases.ask_contact(session, case, question, by=by, told=told)


def extend(session: Session, case: Case, reason: str, *, by: str, told: str = "") -> date:
    """Extend the time of a complex request and tell the contact why; see `actions.cases.timing.extend`.

    Returns:
        The new due date.
    """
    return cases.extend(session, case, reason, by=by, told=told)


def lift(session: Session, crm: Crm, case: Case, *, by: str, reason: str) -> None:
    """Let a restriction end; the contact is told before (UK GDPR Art. 18(3)).

    Args:
        session: a writing session.
        crm: for reading only.
        case: the case that the restriction was set for.
        by: the agent's name.
        reason: why; the contact reads it.

    Raises:
        DecisionRefused: there is no restriction to end, or no reason.
    """
    found = dict(case.details.get("restriction", {}))
    if not reason.strip():
        raise DecisionRefused("Give a reason: the contact reads it before their data is used again.")
    if not found or found.get("lifted_by"):
        raise DecisionRefused(f"There is no restriction of {case.reference} to lift.")
    contact = crm.get(found["contact_id"])
    if contact is None:
        raise DecisionRefused("The contact is not on file any more, so there is nothing to use again.")
    restriction.lift(session, case, contact, by=by, reason=reason.strip())


def hold(session: Session, case: Case, *, by: str, reason: str) -> LegalHold:
    """Order that nothing of a case, its contact or its address is erased; see `actions.cases.holds`."""
    return cases.place_hold(session, case=case, by=by, reason=reason)


def release(session: Session, held: LegalHold, *, by: str) -> None:
    """End a hold; what it held back goes on."""
    cases.lift_hold(session, held, by=by)


def _end_what_stood_meanwhile(session: Session, crm: Crm | None, case: Case, *, by: str) -> None:
    """A restriction that stood while a case was weighed ends with the refusal, after the contact was told."""
    found = dict(case.details.get("restriction", {}))
    if case.right not in ("rectification", "objection") or not found:
        return
    from actions.crm.services import get_crm

    contact = (crm or get_crm()).get(found["contact_id"])
    if contact is not None:
        reason = phrase("decision.weighed", reference=case.reference)
        restriction.lift(session, case, contact, by=by, reason=reason)


def _rule(ground: str | None, signed_off_by: str) -> grounds.RefusalGround | None:
    if ground is None:
        return None
    known = grounds.grounds().refusal
    if ground not in known:
        raise DecisionRefused(f"There is no ground '{ground}' to refuse; there is {', '.join(known)}.")
    if known[ground].dpo and not signed_off_by:
        raise DecisionRefused(
            f"'{ground}' needs the data protection officer's sign-off: name them, and say what shows it."
        )
    return known[ground]


def _whose(case: Case, contact_id: str | None) -> str:
    candidates = list(case.details.get("candidates", ()))
    if contact_id is not None:
        if candidates and contact_id not in candidates:
            raise DecisionRefused(f"The address of {case.reference} belongs to: {', '.join(candidates)}.")
        return contact_id
    if case.contact_id is not None:
        return case.contact_id
    if len(candidates) == 1:
        return str(candidates[0])
    who = f" It may be: {', '.join(candidates)}." if candidates else ""
    raise DecisionRefused(f"Say whom {case.reference} is about with --contact ID.{who}")
