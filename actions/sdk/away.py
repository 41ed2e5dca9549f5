"""The CRM cannot be asked while a contact waits: they are told so, and a person hears what to do."""

from __future__ import annotations

from typing import Any, get_args

from sqlalchemy.orm import Session

from actions.cases.models import Case
from actions.cases.tasks import raise_task
from actions.conversations import turns
from actions.conversations.interfaces import AskedField
from actions.crm.services import get_crm
from actions.database import Database
from actions.sdk.understanding import engine_events
from actions.tasks import queue
from actions.tasks.context import Context

TRIES = 5
"""How often a turn is tried before the contact is told: some seconds, in which much trouble passes."""
FIELDS: tuple[AskedField, ...] = get_args(AskedField)


def answer(database: Database, turn_id: str, reason: str) -> list[dict[str, Any]] | None:
    """Answer a turn whose work was undone because the CRM could not be asked.

    Args:
        database: of ours.
        turn_id: the turn.
        reason: the CRM's trouble and what to do about it, without personal data.

    Returns:
        What the engine is told; None where the turn should rather be tried again first.
    """
    with database.write() as session:
        found = turns.begin(session, turn_id)
        if found is None:
            return None
        conversation, turn = found
        if turn.receipt is not None:
            known: list[dict[str, Any]] = turn.receipt["events"]
            return known
        if turn.attempts < TRIES:
            return None
        context = Context(session, conversation, turn, get_crm(), queue.active(session, conversation.id))
        case = _case(session, context)
        subject = case.reference if case else "a conversation without a case"
        raise_task(
            session,
            key=f"crm-away-{case.id if case else conversation.id}",
            kind="crm_away",
            text=f"A contact waited, and the CRM could not be asked ({subject}): {reason}. They were asked "
            "to try again. Put it right, and write to them where the case has an address.",
            case=case,
        )
        awaited = context.task.awaits if context.task else None
        for field in FIELDS:
            if field == awaited:
                context.ask(field, "crm.away", "talk_to_human")
                break
        else:
            context.say("crm.away", "talk_to_human")
        events = engine_events(context.task)
        turns.answer(session, conversation, turn, events)
        return events


def _case(session: Session, context: Context) -> Case | None:
    if context.task is None or context.task.case_id is None:
        return None
    return session.get(Case, context.task.case_id)
