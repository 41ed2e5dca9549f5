"""What people change or delete of what they said to the assistant.

What was not answered yet is answered as it stands now, or not at all. What was answered stays done, and they
are told so; of what they delete the words go, unless a legal hold keeps them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_bolt import App, BoltContext
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.cases.holds import held_case
from actions.cases.models import Case
from actions.clock.services import machine_now
from actions.conversations import intake, second_thoughts
from actions.conversations.interfaces import ConversationError, TurnInput
from actions.conversations.models import Turn
from actions.situations.overhearing import heard
from actions.slack import redaction
from actions.slack.models import SlackConversation
from actions.wording.services import escapes
from bot.gateway import bodies
from bot.gateway.errors import Malformed
from bot.slack import receipts
from bot.slack.assistant.hearing import typed
from bot.slack.assistant.listening import WRITTEN, Listeners, key_of_message, tell
from bot.slack.interfaces import Body, SlackServices
from bot.slack.threads import mirror
from bot.slack.wording import plain

TAKEN_UP_FOR = timedelta(hours=1)
"""How old a message that we never took in may be, for us to take it in as it was changed to."""
DELETED_WITH_REPLIES = "tombstone"


@dataclass(frozen=True)
class Changed:
    """A message as it stands now.

    Attributes:
        thread_ts: of the thread it stands in; None where that is none.
        text: in Slack's markup; None when it was deleted.
        is_direct: whether it was written to the app directly.
        version: Slack's name of the change.
    """

    channel: str
    ts: str
    user: str
    thread_ts: str | None
    text: str | None
    is_direct: bool
    version: str

    @property
    def age(self) -> timedelta:
        """How long ago it was written."""
        return machine_now() - datetime.fromtimestamp(float(self.ts), UTC)

    def as_said(self) -> dict[str, Any]:
        """The event of its having been written so."""
        said = {"channel": self.channel, "ts": self.ts, "user": self.user, "text": self.text or ""}
        said |= {"channel_type": "im"} if self.is_direct else {}
        return said | ({"thread_ts": self.thread_ts} if self.thread_ts else {})


def changed(event: dict[str, Any]) -> Changed | None:
    """What somebody changed or deleted; None for whatever else an event says."""
    subtype = event.get("subtype")
    before: dict[str, Any] = event.get("previous_message") or {}
    message: dict[str, Any] = event.get("message") or {} if subtype == "message_changed" else {}
    if subtype == "message_deleted" or message.get("subtype") == DELETED_WITH_REPLIES:
        shown, text = before, None
    elif message.get("subtype") in WRITTEN and message.get("edited"):
        # Without it Slack itself has changed something: it has added a preview, for example.
        shown, text = message, str(message.get("text") or "")
    else:
        return None
    if shown.get("bot_id") or not shown.get("user") or not shown.get("ts"):
        return None
    return Changed(
        channel=event["channel"],
        ts=shown["ts"],
        user=shown["user"],
        thread_ts=shown.get("thread_ts"),
        text=text,
        is_direct=event.get("channel_type") == "im",
        version=str(event.get("event_ts") or event.get("ts") or ""),
    )


class Changes:
    """The listener, over what the assistant's others stand on."""

    def __init__(self, services: SlackServices, listeners: Listeners) -> None:
        self._database = services.database
        self._desk = services.settings.slack_support_channel
        self._listeners = listeners

    def concerns_the_assistant(self, event: dict[str, Any]) -> bool:
        """Whether something was changed that somebody said to the assistant, or might have."""
        found = changed(event)
        if found is None or found.channel == self._desk:
            return False
        if found.is_direct:
            return True
        with self._database.read() as session:
            return _said_in(session, found) is not None

    def take_in(self, event: dict[str, Any], body: Body, context: BoltContext) -> None:
        """Take in the change, once."""
        found = changed(event)
        if found is None:
            return
        intake.pseudonymiser()
        with self._database.read() as session:
            known = _said_in(session, found) is not None
        if not known:
            if found.text is not None and found.age < TAKEN_UP_FOR:
                # It was refused as it was, or has not reached us yet.
                self._listeners.message(found.as_said(), body, context)
            return
        with self._database.write() as session:
            if not receipts.first(session, receipts.key_of(body)):
                return
            conversation_id = _said_in(session, found)
            if conversation_id is None:
                return
            if found.text is None:
                sentence = _take_back(session, conversation_id, found)
            else:
                words = typed(found.text, context.bot_user_id or "")
                sentence = _change(session, conversation_id, found, words)
            if sentence:
                tell(session, found.as_said(), found.user, sentence, body)


def register(app: App, services: SlackServices, listeners: Listeners) -> None:
    """Add the listener."""
    changes = Changes(services, listeners)
    app.event("message", matchers=[changes.concerns_the_assistant])(changes.take_in)


def _said_in(session: Session, found: Changed) -> str | None:
    """The conversation that took a message in."""
    return session.scalar(
        select(SlackConversation.conversation_id)
        .join(Turn, Turn.conversation_id == SlackConversation.conversation_id)
        .where(
            SlackConversation.user_id == found.user,
            Turn.key == key_of_message(found.channel, found.ts),
        )
    )


def _change(session: Session, conversation_id: str, found: Changed, words: str) -> str:
    """What they are told of it; nothing where what comes next says enough."""
    key = key_of_message(found.channel, found.ts)
    if not words:
        return plain("assistant.no_words")
    try:
        text = bodies.text("text", words)
        outcome = second_thoughts.change(session, conversation_id, key, text, escapes=escapes())
        if outcome == "for_person":
            corrected = TurnInput(text=bodies.text("text", plain("assistant.corrected", text=text)))
            intake.accept(
                session,
                conversation_id,
                corrected,
                key=f"{key}:{found.version}",
                escapes=escapes(),
                to_person=heard,
            )
    except Malformed:
        return plain("assistant.unreadable")
    except ConversationError:
        return plain("assistant.stale")
    return plain("assistant.changed_too_late") if outcome == "too_late" else ""


def _take_back(session: Session, conversation_id: str, found: Changed) -> str:
    held = select(Case.id).where(Case.conversation_id == conversation_id, held_case())
    if session.scalar(held.limit(1)) is not None:
        return plain("assistant.kept")
    key = key_of_message(found.channel, found.ts)
    outcome, seq = second_thoughts.take_back(session, conversation_id, key)
    if outcome == "unknown":
        return ""
    redaction.redact_message(session, conversation_id, seq)
    mirror.begin_anew(session, conversation_id)
    return plain("assistant.withdrawn") if outcome == "withdrawn" else plain("assistant.removed")
