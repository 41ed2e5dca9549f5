"""What an agent decides about a case: approve it, or refuse it with a reason. Only people refuse."""

from __future__ import annotations

from sqlalchemy.orm import Session

from actions.cases import services as cases
from actions.cases.interfaces import TransitionRefused
from actions.cases.models import Case
from actions.cases.states import worded
from actions.crm.interfaces import Crm
from actions.fulfilment import services as journal
from actions.mail import services as mail
from actions.rights import access, erasure
from actions.wording import organisation


class DecisionRefused(Exception):
    """The decision cannot be taken like this; the message says what to do instead."""


def approve(session: Session, crm: Crm, case: Case, *, by: str, contact_id: str | None = None) -> None:
    """Approve a case that waits for a person, and set it in motion.

    Args:
        session: a writing session; the decision and its steps are one transaction.
        crm: for reading only.
        case: the case, read in this session.
        by: the agent's name.
        contact_id: whom the agent found the requester to be, where the address did not say.

    Raises:
        DecisionRefused: it is not waiting for approval, or it is not clear whom it is about.
    """
    _waiting(case)
    if case.right in ("erasure", "access", "portability"):
        case.contact_id = _whose(case, contact_id)
    cases.decide(session, case, "approved", by=by)
    if case.right == "erasure":
        _approve_erasure(session, crm, case, by)
    elif case.right in ("access", "portability"):
        _approve_access(session, crm, case, by)
    else:
        cases.move(session, case, "in_progress", by=by, note="taken on by a person")
        cases.move(session, case, "fulfilled", by=by, note="done by a person")
        _tell(session, case, "decision.done")


def refuse(session: Session, case: Case, *, by: str, reason: str) -> None:
    """Refuse a case, with the reason and the routes of complaint (UK GDPR Art. 12(4)).

    Args:
        session: a writing session.
        case: the case, read in this session.
        by: the agent's name.
        reason: what the contact will read.

    Raises:
        DecisionRefused: it is closed, or there is no reason.
    """
    if not reason.strip():
        raise DecisionRefused("Give a reason: the contact reads it, and the law asks for it.")
    try:
        cases.decide(session, case, "refused", by=by, reason=reason.strip())
        journal.cancel_steps(session, case)
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
            regulator=f"{regulator.name}, {regulator.address}, {regulator.website}, {regulator.phone}",
        )
    _tell(session, case, "decision.refused")


def _approve_erasure(session: Session, crm: Crm, case: Case, by: str) -> None:
    holdings = crm.holdings(case.contact_id or "")
    if holdings is None:
        raise DecisionRefused(_gone(case))
    if "plan" not in case.details:
        case.details["plan"] = erasure.stored(erasure.plan(holdings))
    case.address = case.address or holdings.contact.email
    erasure.start(session, crm, case, holdings, by=by)


def _approve_access(session: Session, crm: Crm, case: Case, by: str) -> None:
    holdings = crm.holdings(case.contact_id or "")
    if holdings is None:
        raise DecisionRefused(_gone(case))
    if not case.address:
        case.address = holdings.contact.email
    if case.right == "access":
        answer = access.open_answer(session, crm, case, holdings, by=by)
        if not answer.is_complete:
            journal.plan_step(
                session,
                kind="tell_contact",
                payload={"phrase": "decision.answer_begun"},
                key=f"case:{case.id}:begun",
                case=case,
            )
            return
    else:
        cases.move(session, case, "in_progress", by=by, note="identity confirmed by a person")
        access.post_copy(session, case, holdings, case.address)
        cases.move(session, case, "fulfilled", by=by, note="answer sent")
    _tell(session, case, "decision.answer_sent")


def _gone(case: Case) -> str:
    return f"The CRM has no contact {case.contact_id} any more; refuse the case."


def _waiting(case: Case) -> None:
    if case.state != "awaiting_approval":
        raise DecisionRefused(
            f"{case.reference} is {worded(case.state)}, not waiting for approval; nothing was changed."
        )


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


def _tell(session: Session, case: Case, name: str) -> None:
    journal.plan_step(
        session, kind="close_request", payload={"phrase": name}, key=f"case:{case.id}:close", case=case
    )
