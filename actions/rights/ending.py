"""How a request that needs nobody ends: fulfilled once its steps are done, and the contact told."""

from __future__ import annotations

from sqlalchemy.orm import Session

from actions.cases.models import Case
from actions.fulfilment import services as journal


def finish(session: Session, case: Case, name: str | None, *, note: str = "done and looked at again") -> None:
    """Plan the end of a case behind its other steps.

    Args:
        session: a writing session.
        case: the case.
        name: the phrase its conversation is told; None when all was said.
        note: for its history.
    """
    for kind, payload in (
        ("move_case", {"to": "fulfilled", "note": note}),
        ("close_request", {"phrase": name} if name else {}),
    ):
        journal.plan_step(session, kind=kind, payload=payload, key=f"case:{case.id}:{kind}", case=case)


def forget_address(session: Session, case: Case) -> None:
    """Plan the end of what only the case's letters need, once they are sent."""
    journal.plan_step(session, kind="close_request", payload={}, key=f"case:{case.id}:close", case=case)
