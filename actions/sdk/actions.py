"""The custom actions: each answers a whole turn, once, and leaves its receipt."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import structlog
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.conversations import turns
from actions.crm.interfaces import CrmError
from actions.crm.services import get_crm
from actions.database import get_database
from actions.metrics import ACTION_SECONDS
from actions.sdk import away
from actions.sdk.understanding import engine_events, given, turn_id
from actions.situations.responding import respond
from actions.tasks import answers, queue
from actions.tasks.context import Context
from actions.tasks.interfaces import Given

log = structlog.get_logger(__name__)
Handler = Callable[[Context, Given], None]
Events = list[dict[str, Any]]


def answer_turn(latest_message: dict[str, Any], handler: Handler) -> Events:
    """Answer a turn in one transaction: its effects, its messages and its receipt stand or fall together.

    Args:
        latest_message: Rasa's parse of the message.
        handler: what to do; not called when the turn has its receipt already.

    Returns:
        What the engine is told: slots, and nothing personal. The same again for a repeated turn.
    """
    identifier = turn_id(latest_message)
    if identifier is None:
        return []
    try:
        return _answer(identifier, latest_message, handler)
    except CrmError as trouble:
        events = away.answer(get_database(), identifier, str(trouble))
        if events is None:
            raise
        return events


def _answer(identifier: str, latest_message: dict[str, Any], handler: Handler) -> Events:
    with get_database().write() as session:
        found = turns.begin(session, identifier)
        if found is None:
            log.warning("turn_unknown", turn=identifier)
            return []
        conversation, turn = found
        if turn.receipt is not None:
            events: Events = turn.receipt["events"]
            return events
        structlog.contextvars.bind_contextvars(turn=identifier, conversation=conversation.id)
        context = Context(session, conversation, turn, get_crm(), queue.active(session, conversation.id))
        with ACTION_SECONDS.labels(handler.__name__).time():
            respond(context, replace(given(latest_message), masked=tuple(turn.masked or ())), handler)
        events = engine_events(context.task)
        if context.task is None:
            conversation.engine_session = None
        turns.answer(session, conversation, turn, events)
        return events


class _TurnAction(Action):
    """An action that hands its turn to a handler, off the event loop."""

    action_name: str
    handler: Handler

    def name(self) -> str:
        return self.action_name

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        return await asyncio.to_thread(answer_turn, tracker.latest_message, type(self).handler)


class ValidateRequestForm(_TurnAction):
    """Every turn of a request: opened, carried on, ended."""

    action_name = "validate_request_form"
    handler = staticmethod(answers.serve)


class Inform(_TurnAction):
    """A question answered."""

    action_name = "action_inform"
    handler = staticmethod(answers.inform)


class Reply(_TurnAction):
    """A courtesy answered, a wish to stop respected."""

    action_name = "action_reply"
    handler = staticmethod(answers.reply)


class Clarify(_TurnAction):
    """A message that was not understood."""

    action_name = "action_clarify"
    handler = staticmethod(answers.clarify)


ACTIONS: tuple[type[_TurnAction], ...] = (ValidateRequestForm, Inform, Reply, Clarify)
