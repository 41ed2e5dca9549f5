"""What the worker does to fulfil a right; every handler has the same effect however often it runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from actions.cases import services as cases
from actions.cases.models import Case
from actions.conversations import log
from actions.conversations.models import Conversation
from actions.conversations.offers import Speech, say
from actions.fulfilment.interfaces import GiveUp, StepContext
from actions.fulfilment.registry import handles_here
from actions.rights import review
from actions.wording import phrase


@handles_here("tell_contact")
def tell_contact(session: Session, context: StepContext, payload: Mapping[str, Any]) -> None:
    """Say in the case's conversation how far it is."""
    case, conversation = _case_and_conversation(session, context)
    _tell(session, case, conversation, payload["phrase"])


@handles_here("close_request")
def close_request(session: Session, context: StepContext, payload: Mapping[str, Any]) -> None:
    """Destroy what only the case's steps needed, and say what is left to say, if anything."""
    case, conversation = _case_and_conversation(session, context)
    case.address = None
    case.details.pop("words", None)
    if "phrase" in payload:
        _tell(session, case, conversation, payload["phrase"])


@handles_here("wait")
def wait(session: Session, context: StepContext, payload: Mapping[str, Any]) -> None:
    """Hold back the case's later steps until this one's time has come; that is all."""


@handles_here("destroy_review")
def destroy_review(session: Session, context: StepContext, payload: Mapping[str, Any]) -> None:
    """Destroy the copies of free text that an agent read for a case, once the answer is sent."""
    if context.case_id is not None:
        review.destroy(session, context.case_id)


def _case_and_conversation(session: Session, context: StepContext) -> tuple[Case, Conversation | None]:
    """The step's case and its conversation, locked.

    The conversation before the case, as a turn does: the other way round, two could wait for each other.
    """
    case = session.get(Case, context.case_id) if context.case_id is not None else None
    if case is None:
        raise GiveUp("a step about a request has no case")
    return case, log.lock(session, case.conversation_id) if case.conversation_id is not None else None


def _tell(session: Session, case: Case, conversation: Conversation | None, name: str) -> None:
    if conversation is not None:
        say(session, conversation, Speech(phrase(name, reference=case.reference), case=cases.summary(case)))
