"""Steps that every case may need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from actions.cases import services as cases
from actions.cases.interfaces import TransitionRefused
from actions.cases.models import Case
from actions.fulfilment.interfaces import GiveUp, NotNeeded, StepContext
from actions.fulfilment.registry import handles_here
from actions.fulfilment.waiting import require_no_hold


@handles_here("move_case")
def move_case(session: Session, context: StepContext, payload: Mapping[str, Any]) -> None:
    """Move the step's case to the state `to`, with a `note`; where it is there already, nothing happens.

    Raises:
        NotNeeded: the case was closed in the meantime.
        NotYet: it is an erasure, and a legal hold stands.
        GiveUp: the step has no case, or no transition leads there.
    """
    case = session.get(Case, context.case_id) if context.case_id is not None else None
    if case is None:
        raise GiveUp("a step that moves a case has none")
    if case.state == payload["to"]:
        return
    if not case.is_open:
        raise NotNeeded(f"the case is {case.state}")
    if case.right == "erasure":
        require_no_hold(session, context)
    try:
        cases.move(session, case, payload["to"], by="worker", note=payload.get("note", ""))
    except TransitionRefused as refusal:
        raise GiveUp(str(refusal)) from refusal
