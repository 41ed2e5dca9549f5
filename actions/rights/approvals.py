"""What follows, right by right, when an agent has approved a case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from actions.cases import services as cases
from actions.cases.models import Case
from actions.crm.interfaces import Crm, Holdings
from actions.fulfilment import services as journal
from actions.mail import services as mail
from actions.rights import access, erasure, opting_in, rectification, restriction
from actions.rights.ending import finish
from actions.rights.erasure_plan import stored
from actions.wording import phrase


class DecisionRefused(Exception):
    """The decision cannot be taken like this; the message says what to do instead."""


@dataclass(frozen=True)
class Approval:
    """An agent's yes.

    Attributes:
        by: the agent.
        answer: what the contact is told besides, in the agent's words; may be empty.
        replaced: whether somebody else has taken the contact's place under their company's agreement.
    """

    session: Session
    crm: Crm
    case: Case
    by: str
    answer: str = ""
    replaced: bool = False

    @property
    def holdings(self) -> Holdings:
        """What is held on the contact.

        Raises:
            DecisionRefused: nothing is held any more.
        """
        found = self.crm.holdings(self.case.contact_id or "")
        if found is None:
            known = f"no contact {self.case.contact_id}" if self.case.contact_id else "nobody for it"
            raise DecisionRefused(
                f"The CRM has {known}; refuse the case, or name the contact with --contact."
            )
        return found


def carry_out(approval: Approval) -> None:
    """Set in motion what the case asks for."""
    APPROVALS.get(approval.case.right, _done_by_hand)(approval)


def _erasure(approval: Approval) -> None:
    session, case, holdings = approval.session, approval.case, approval.holdings
    if cases.on_hold(session, case) or cases.stands(session, contact_id=holdings.contact.id):
        raise DecisionRefused(
            f"{case.reference} is under a legal hold, so nothing may be erased: lift it first, or refuse the "
            "case."
        )
    if approval.replaced or "plan" not in case.details:
        found = erasure.plan_for(session, approval.crm, case, holdings, replaced=approval.replaced)
        case.details["plan"] = stored(found)
    case.address = case.address or holdings.contact.email
    erasure.start(session, approval.crm, case, holdings, by=approval.by)


def _access(approval: Approval) -> None:
    session, case, holdings = approval.session, approval.case, approval.holdings
    case.address = case.address or holdings.contact.email
    answer = access.open_answer(session, approval.crm, case, holdings, by=approval.by)
    if answer.is_complete:
        _close(approval, "decision.answer_sent")
    else:
        _tell(approval, "decision.answer_begun")


def _portability(approval: Approval) -> None:
    session, case, holdings = approval.session, approval.case, approval.holdings
    case.address = case.address or holdings.contact.email
    cases.move(session, case, "in_progress", by=approval.by, note="identity confirmed by a person")
    access.post_copy(session, case, holdings, case.address)
    cases.move(session, case, "fulfilled", by=approval.by, note="answer sent")
    _close(approval, "decision.answer_sent")


def _rectification(approval: Approval) -> None:
    case = approval.case
    if changes := case.details.get("changes"):
        contact = approval.holdings.contact
        rectification.correct(approval.session, case, contact, changes, by=approval.by)
    else:
        _after_restriction(approval, phrase("decision.corrected", reference=case.reference))


def _restriction(approval: Approval) -> None:
    case = approval.case
    ground = case.details.get("ground", "accuracy")
    restriction.restrict(approval.session, case, approval.holdings, ground=ground, by=approval.by)


def _objection(approval: Approval) -> None:
    _after_restriction(approval, phrase("decision.objection_upheld", reference=approval.case.reference))


def _opt_in(approval: Approval) -> None:
    opting_in.start(approval.session, approval.case, approval.holdings, by=approval.by)


def _on_behalf(approval: Approval) -> None:
    """Authority is proved: what was wanted becomes a request of its own, which is approved by itself."""
    case, session = approval.case, approval.session
    wanted = case.details.get("wants")
    if wanted and case.contact_id:
        linked = cases.open_linked(session, case, wanted, by=approval.by)
        linked.details["on_behalf"] = case.details.get("relation") or "representative"
        case.details["led_to"] = linked.reference
    _done_by_hand(approval)


def _after_restriction(approval: Approval, reason: str) -> None:
    """It was put right by hand, so the restriction that stood meanwhile ends, after the contact was told."""
    case, session = approval.case, approval.session
    restricted = case.details.get("restriction", {}).get("contact_id")
    contact = approval.crm.get(restricted) if restricted else None
    _done_by_hand(approval)
    if contact is not None:
        restriction.lift(session, case, contact, by=approval.by, reason=reason)


def _done_by_hand(approval: Approval) -> None:
    """What a person did outside: the contact is told, with the agent's words where there are any."""
    session, case = approval.session, approval.case
    cases.move(session, case, "in_progress", by=approval.by, note="taken on by a person")
    if case.address:
        mail.post(
            session,
            "request_done",
            case.address,
            case=case,
            key=f"case:{case.id}:done",
            reference=case.reference,
            right=phrase(f"right.{case.right}"),
            answer=approval.answer,
        )
    finish(session, case, "decision.done", note="done by a person")


def _close(approval: Approval, name: str) -> None:
    journal.plan_step(
        approval.session,
        kind="close_request",
        payload={"phrase": name},
        key=f"case:{approval.case.id}:close",
        case=approval.case,
    )


def _tell(approval: Approval, name: str) -> None:
    journal.plan_step(
        approval.session,
        kind="tell_contact",
        payload={"phrase": name},
        key=f"case:{approval.case.id}:{name}",
        case=approval.case,
    )


APPROVALS: Mapping[str, Callable[[Approval], None]] = {
    "access": _access,
    "erasure": _erasure,
    "objection": _objection,
    "opt_in": _opt_in,
    "other": _on_behalf,
    "portability": _portability,
    "rectification": _rectification,
    "restriction": _restriction,
}
