"""What the app hears of handovers' threads: presses, and messages written, changed and deleted there."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App
from sqlalchemy.orm import Session

from actions.handover import services as handovers
from actions.handover.interfaces import HandoverRefused
from actions.slack.models import SlackReply, SlackThread
from bot.slack import receipts
from bot.slack.interfaces import Agent, Body, SlackServices
from bot.slack.threads import catching_up, places, rendering, replies, revealing
from bot.slack.threads.pressing import pressed
from bot.slack.wording import plain


def register(app: App, services: SlackServices) -> None:
    """See `bot.slack.interfaces.Register`."""
    support = services.settings.slack_support_channel

    def in_a_thread(event: dict[str, Any]) -> bool:
        return event.get("channel") == support and _thread_ts(event) is not None

    @app.event("message", matchers=[in_a_thread])
    def message(event: dict[str, Any], body: Body) -> None:
        heard(services, event, body)

    @app.action(rendering.TAKE)
    def take(ack: Ack, body: Body) -> None:
        ack()
        pressed(services, body, "take_handover", lambda *given: _take(*given, over=False))

    @app.action(rendering.TAKE_OVER)
    def take_over(ack: Ack, body: Body) -> None:
        ack()
        pressed(services, body, "take_over_handover", lambda *given: _take(*given, over=True))

    @app.action(rendering.HAND_BACK)
    def hand_back(ack: Ack, body: Body) -> None:
        ack()
        pressed(services, body, "hand_back_handover", _hand_back)

    @app.action(rendering.CLOSE)
    def close(ack: Ack, body: Body) -> None:
        ack()
        pressed(services, body, "close_handover", _close)

    @app.action(rendering.SEND)
    def send(ack: Ack, body: Body) -> None:
        ack()
        pressed(services, body, "send_held_reply", _send_held)

    @app.action(rendering.KEEP)
    def keep(ack: Ack, body: Body) -> None:
        ack()
        pressed(services, body, "keep_held_reply", _keep_held)

    revealing.register(app, services)


def heard(services: SlackServices, event: dict[str, Any], body: Body) -> None:
    """Take in what happened in a thread: once, and after whatever happened there before."""
    channel, root = event["channel"], _thread_ts(event)
    with services.database.read() as session:
        thread = places.thread_at(session, channel, root) if root else None
        fresh = thread is not None and catching_up.is_fresh(thread)
    if thread is None:
        return
    written = event.get("message") if event.get("subtype") == "message_changed" else event
    if not fresh:
        catching_up.catch_up(services, thread.handover_id)
    elif written is event and replies.is_written_by_a_person(event):
        catching_up.take_in_newer(services, thread.handover_id)
    if written is not None and replies.is_written_by_a_person(written):
        catching_up.warm(services, written["user"])
    with services.database.write() as session:
        if not receipts.first(session, receipts.key_of(body)):
            return
        here = session.get(SlackThread, thread.handover_id)
        if here is None:
            return
        if event.get("subtype") == "message_deleted":
            reply = replies.taken_in(session, here, event["deleted_ts"])
            if reply is not None:
                replies.remove(session, services, here, reply)
        elif written is not None:
            replies.take_in(session, services, here, written)


def _thread_ts(event: dict[str, Any]) -> str | None:
    """The first message of the thread that an event is about, where it is about one of its replies."""
    for place in (event, event.get("message") or {}, event.get("previous_message") or {}):
        thread_ts = place.get("thread_ts")
        if thread_ts and thread_ts != place.get("ts"):
            return str(thread_ts)
    return None


def _take(session: Session, agent: Agent, value: str, *, over: bool) -> None:
    handovers.take(session, int(value), agent.identity, over=over)


def _hand_back(session: Session, agent: Agent, value: str) -> None:
    handovers.hand_back(session, int(value), agent.identity)


def _close(session: Session, agent: Agent, value: str) -> None:
    handovers.close(session, int(value), agent.identity)


def _send_held(session: Session, agent: Agent, value: str) -> None:
    reply, thread = _held(session, value)
    replies.send_held(session, thread, reply, agent)


def _keep_held(session: Session, agent: Agent, value: str) -> None:
    reply, _thread = _held(session, value)
    replies.keep_held(reply, agent)


def _held(session: Session, value: str) -> tuple[SlackReply, SlackThread]:
    reply = session.get(SlackReply, int(value), with_for_update=True)
    thread = session.get(SlackThread, reply.handover_id) if reply is not None else None
    if reply is None or thread is None:
        raise HandoverRefused(plain("thread.gone"))
    return reply, thread
