"""What the worker does to fulfil a right; every handler has the same effect however often it runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from actions.cases import services as cases
from actions.cases.models import Case
from actions.conversations import log
from actions.conversations.offers import Speech, say
from actions.fulfilment.interfaces import GiveUp, StepContext
from actions.fulfilment.registry import handles_here
from actions.wording import phrase


@handles_here("close_request")
def close_request(session: Session, context: StepContext, payload: Mapping[str, Any]) -> None:
    """Tell the conversation that the request is done, and destroy what only its steps needed."""
    case = session.get(Case, context.case_id) if context.case_id is not None else None
    if case is None:
        raise GiveUp("a step that closes a request has no case")
    # The conversation before the case, as a turn does: the other way round, two could wait for each other.
    conversation = log.lock(session, case.conversation_id) if case.conversation_id is not None else None
    case.address = None
    case.details.pop("words", None)
    if conversation is not None:
        text = phrase(payload["phrase"], reference=case.reference)
        say(session, conversation, Speech(text, case=cases.summary(case)))
