"""What may stand in a step's way for long, and stops it without counting an attempt."""

from __future__ import annotations

from sqlalchemy.orm import Session

from actions.cases.holds import on_hold, stands
from actions.cases.models import Case
from actions.fulfilment.interfaces import NotYet, StepContext

HELD = "a legal hold stands"


def require_no_hold(session: Session, context: StepContext, contact_id: str | None = None) -> None:
    """Make sure that nothing orders to keep what a step would erase (UK GDPR Art. 17(3)(e)).

    Args:
        session: any session.
        context: the step's; a hold on its case counts too.
        contact_id: the CRM's id of the contact, where the step has one.

    Raises:
        NotYet: a legal hold stands.
    """
    case = session.get(Case, context.case_id) if context.case_id is not None else None
    if (contact_id and stands(session, contact_id=contact_id)) or (
        case is not None and on_hold(session, case)
    ):
        raise NotYet(HELD)
