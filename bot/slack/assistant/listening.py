"""What people say to the assistant, press and fill in: taken in once, refused with a sentence of its own."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions import limits
from actions.conversations import intake
from actions.conversations.interfaces import ConversationError, TurnInput
from actions.conversations.models import Conversation, Turn
from actions.conversations.offers import asked_field
from actions.settings import Settings
from actions.situations.overhearing import heard
from actions.slack import outbox
from actions.slack.models import SlackConversation
from actions.wording.services import escapes
from bot.gateway import bodies
from bot.gateway.errors import Malformed
from bot.slack import receipts
from bot.slack.assistant import seats
from bot.slack.assistant.asking import FIELD, modal_for, where_of_modal
from bot.slack.assistant.following import close_posts
from bot.slack.assistant.hearing import typed
from bot.slack.assistant.posts import ANSWER, CHOOSE, where_of
from bot.slack.assistant.seats import Spot
from bot.slack.interfaces import Body, SlackServices
from bot.slack.wording import plain

WRITTEN = (None, "file_share", "thread_broadcast")
Seated = Callable[[Session], SlackConversation]


def key_of_message(channel: str, ts: str) -> str:
    """What a message is called in its conversation, however often and by whichever event it reaches us."""
    return f"slack:said:{channel}:{ts}"


class Refused(Exception):
    """What somebody did cannot be taken in; the message is the sentence that only they read."""


class Listeners:
    """The assistant's listeners, over the services of the app."""

    def __init__(self, services: SlackServices) -> None:
        self._services = services
        self._database = services.database
        self._settings: Settings = services.settings

    def concerns_the_assistant(self, event: dict[str, Any], context: BoltContext) -> bool:
        """Whether somebody speaks to the assistant: directly, or in a thread that it is in with them."""
        if not _is_written(event):
            return False
        if event.get("channel_type") == "im":
            return True
        text = event.get("text") or ""
        if "thread_ts" not in event or f"<@{context.bot_user_id}>" in text:
            # With a mention it comes a second time, as one.
            return False
        with self._database.read() as session:
            return seats.at(session, self._spot(event, context)) is not None

    def message(self, event: dict[str, Any], body: Body, context: BoltContext) -> None:
        """Somebody wrote to the assistant."""
        direct = event.get("channel_type") == "im"

        def seat(session: Session) -> SlackConversation:
            if direct and "thread_ts" in event:
                begun = seats.private_part(session, event["channel"], event["thread_ts"])
                if begun is not None and begun.user_id == event["user"]:
                    return begun
            spot = self._spot(event, context)
            return seats.take(session, spot, self._settings)

        self._hear(event, body, context, seat)

    def opens_messages(self, event: dict[str, Any]) -> bool:
        """Whether somebody looks at their direct messages with the app."""
        return bool(event.get("tab") == "messages" and event.get("user"))

    def greet(self, event: dict[str, Any], body: Body, context: BoltContext) -> None:
        """Begin a conversation with whoever looks at their direct messages for the first time."""
        spot = Spot(context.team_id or "", event["channel"], "", event["user"])
        with self._database.write() as session:
            if receipts.first(session, receipts.key_of(body)) and seats.at(session, spot) is None:
                with contextlib.suppress(limits.LimitExceeded):
                    seats.take(session, spot, self._settings)

    def mention(self, event: dict[str, Any], body: Body, context: BoltContext) -> None:
        """Somebody spoke to the app in a channel."""
        if not _is_written(event):
            return
        if event["channel"] == self._settings.slack_support_channel:
            # The desk's own channel: there the app works, and its threads are conversations with others.
            with self._database.write() as session:
                if receipts.first(session, receipts.key_of(body)):
                    tell(session, event, event["user"], plain("assistant.not_here"), body)
            return
        spot = self._spot(event, context)
        self._hear(event, body, context, lambda session: seats.take(session, spot, self._settings))

    def choose(self, ack: Ack, body: Body) -> None:
        """Somebody pressed a button of the assistant's."""
        ack()
        action = body["actions"][0]
        conversation_id, seq, choice = where_of(action["value"])

        def chosen(session: Session) -> TurnInput:
            self._still_open(session, conversation_id, seq, body["user"]["id"])
            return TurnInput(choice=choice)

        label = str(action.get("text", {}).get("text", choice))
        self._answered(body, conversation_id, chosen, seq=seq, label=label)

    def ask(self, ack: Ack, body: Body, client: WebClient) -> None:
        """Somebody wants to answer privately: a modal with the field that is asked for."""
        ack()
        conversation_id, seq, field = where_of(body["actions"][0]["value"])
        try:
            with self._database.read() as session:
                seat = self._still_open(session, conversation_id, seq, body["user"]["id"])
                conversation = session.get(Conversation, conversation_id)
                if conversation is None or asked_field(conversation) != field:
                    raise Refused(plain("assistant.stale"))
        except Refused as refused:
            with self._database.write() as session:
                tell(session, body, body["user"]["id"], str(refused), body)
            return
        hint = self._services.people.profile(seat.user_id).email if field == "email" else ""
        client.views_open(
            trigger_id=body["trigger_id"], view=modal_for(conversation_id, seq, field, hint=hint)
        )

    def fill_in(self, ack: Ack, body: Body) -> None:
        """Somebody filled in the field that was asked for."""
        view = body["view"]
        conversation_id, seq, field = where_of_modal(view)
        value = view["state"]["values"][FIELD][FIELD]["value"] or ""

        def given(session: Session) -> TurnInput:
            self._still_open(session, conversation_id, seq, body["user"]["id"])
            return TurnInput(fields={field: bodies.text(field, value)})

        label = plain("assistant.answered")
        problem = self._answered(body, conversation_id, given, seq=seq, label=label, quietly=True)
        if problem is None:
            ack()
        else:
            ack(response_action="errors", errors={FIELD: problem})

    def _hear(self, event: dict[str, Any], body: Body, context: BoltContext, seated: Seated) -> None:
        intake.pseudonymiser()
        words = typed(event.get("text") or "", context.bot_user_id or "")
        with self._database.write() as session:
            if not receipts.first(session, receipts.key_of(body)):
                return
            try:
                if not words:
                    raise Refused(plain("assistant.no_words"))
                with session.begin_nested():
                    seat = seated(session)
                    key = key_of_message(event["channel"], event["ts"])
                    if _is_known(session, seat.conversation_id, key):
                        # It reached us before, changed: its first version was slower.
                        return
                    self._accept(session, seat, TurnInput(text=bodies.text("text", words)), key)
            except (Refused, ConversationError, limits.LimitExceeded) as error:
                tell(session, event, event["user"], _sentence(error), body)
                return
            in_channel = event.get("channel_type") != "im"
            if in_channel and seats.is_personal(session, seat):
                tell(session, event, event["user"], plain("assistant.personal_in_channel"), body)

    def _answered(
        self,
        body: Body,
        conversation_id: str,
        given: Callable[[Session], TurnInput],
        *,
        seq: int = 0,
        label: str | None = None,
        quietly: bool = False,
    ) -> str | None:
        """Take in what somebody pressed or filled in; what was wrong with it, which they are told."""
        intake.pseudonymiser()
        with self._database.write() as session:
            if not receipts.first(session, receipts.key_of(body)):
                return None
            try:
                with session.begin_nested():
                    content = given(session)
                    seat = seats.of(session, conversation_id)
                    if seat is None:
                        raise Refused(plain("assistant.stale"))
                    self._accept(
                        session, seat, content, f"slack:{receipts.key_of(body)}", seq=seq, label=label
                    )
            except (Refused, ConversationError, limits.LimitExceeded) as error:
                problem = _sentence(error)
                if not quietly:
                    tell(session, body, body["user"]["id"], problem, body)
                return problem
        return None

    def _accept(
        self,
        session: Session,
        seat: SlackConversation,
        content: TurnInput,
        key: str,
        *,
        seq: int = 0,
        label: str | None = None,
    ) -> None:
        intake.accept(
            session,
            seat.conversation_id,
            content,
            key=key,
            escapes=escapes(),
            limit=self._settings.limit("messages"),
            to_person=heard,
        )
        close_posts(session, seat, seq=seq, chosen=label)

    def _still_open(
        self, session: Session, conversation_id: str, seq: int, user_id: str
    ) -> SlackConversation:
        seat = seats.of(session, conversation_id)
        if seat is not None and seat.user_id != user_id:
            raise Refused(plain("assistant.not_yours"))
        if seat is None or seats.answered_since(session, conversation_id, seq):
            raise Refused(plain("assistant.stale"))
        return seat

    def _spot(self, event: dict[str, Any], context: BoltContext) -> Spot:
        direct = event.get("channel_type") == "im"
        thread = "" if direct else event.get("thread_ts") or event["ts"]
        return Spot(context.team_id or "", event["channel"], thread, event["user"])


def register(app: App, listeners: Listeners) -> None:
    """Add the assistant's listeners."""
    app.event("app_home_opened", matchers=[listeners.opens_messages])(listeners.greet)
    app.event("app_mention")(listeners.mention)
    app.event("message", matchers=[listeners.concerns_the_assistant])(listeners.message)
    app.action(re.compile(rf"^{re.escape(CHOOSE)}:"))(listeners.choose)
    app.action(ANSWER)(listeners.ask)
    app.view(ANSWER)(listeners.fill_in)


def _is_written(event: dict[str, Any]) -> bool:
    return not event.get("bot_id") and event.get("subtype") in WRITTEN and bool(event.get("user"))


def _is_known(session: Session, conversation_id: str, key: str) -> bool:
    known = select(Turn.id).where(Turn.conversation_id == conversation_id, Turn.key == key)
    return session.scalar(known) is not None


def _sentence(error: Exception) -> str:
    if isinstance(error, limits.LimitExceeded):
        return plain("assistant.too_much", seconds=error.retry_after_seconds)
    if isinstance(error, Malformed):
        return plain("assistant.unreadable")
    if isinstance(error, ConversationError):
        return plain("assistant.stale") if error.status == 409 else plain("assistant.over")
    return str(error)


def tell(session: Session, where: dict[str, Any], user_id: str, sentence: str, body: Body) -> None:
    """Say something that only one person reads, and that is no part of the conversation.

    Args:
        session: a writing session.
        where: the event or the press that it answers.
        user_id: who reads it.
        sentence: what they read.
        body: the delivery, after which the answer is named.
    """
    container = where.get("container") or {}
    channel = where.get("channel")
    channel = channel["id"] if isinstance(channel, dict) else channel or container.get("channel_id")
    thread = where.get("thread_ts") or container.get("thread_ts")
    arguments = {"channel": channel, "user": user_id, "text": sentence}
    key = receipts.key_of(body)
    outbox.enqueue(
        session,
        "chat.postEphemeral",
        arguments | ({"thread_ts": thread} if thread else {}),
        order_key=f"assistant-tell:{user_id}",
        idempotency_key=f"tell:{key}"[:160],
    )
