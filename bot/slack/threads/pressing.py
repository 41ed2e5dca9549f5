"""A press of a button as one transaction with its receipt; a refusal is said to the presser only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from actions.handover.interfaces import HandoverRefused
from actions.slack import outbox
from bot.slack import blocks, gate, receipts
from bot.slack.interfaces import Agent, Body, SlackRefused, SlackServices
from bot.slack.threads.catching_up import warm

Work = Callable[[Session, Agent, str], None]


def pressed(services: SlackServices, body: Body, what: str, work: Work) -> None:
    """Do what a button stands for, once.

    Args:
        services: the app's.
        body: the press.
        what: what it is, in snake_case, for the audit trail where it is refused.
        work: given the session, who pressed, and the button's value.
    """
    user_id, channel = body["user"]["id"], body["channel"]["id"]
    warm(services, user_id)
    try:
        with services.database.write() as session:
            if not receipts.first(session, receipts.key_of(body)):
                return
            agent = gate.admitted(session, services, user_id, at_least="agent", what=what, channel=channel)
            work(session, agent, str(body["actions"][0].get("value", "")))
    except (SlackRefused, HandoverRefused) as refusal:
        _refused(services, body, refusal)


def _refused(services: SlackServices, body: Body, refusal: Exception) -> None:
    user_id, channel = body["user"]["id"], body["channel"]["id"]
    message: dict[str, Any] = body.get("message") or {}
    text = blocks.escape(str(refusal))
    with services.database.write() as session:
        key = receipts.key_of(body)
        if not receipts.first(session, key):
            return
        if isinstance(refusal, gate.Refusal):
            gate.refuse(session, refusal.user_id, refusal.why, refusal.what)
        thread_ts = message.get("thread_ts") or message.get("ts")
        outbox.enqueue(
            session,
            "chat.postEphemeral",
            {"channel": channel, "user": user_id, "text": text}
            | ({"thread_ts": thread_ts} if thread_ts else {}),
            order_key=f"tell:{user_id}",
            idempotency_key=f"refused:{key}"[:160],
        )
