"""What colleagues write in a handover's thread, on its way to the visitor: said, changed, taken back, held.

Whatever happens here happens once for each of Slack's messages (its channel and `ts`), however often and by
whichever way it reaches us: as an event, as a repeated one, or fetched after we were away.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.clock import now
from actions.handover import corrections
from actions.handover import services as handovers
from actions.handover.interfaces import HandoverRefused
from actions.slack import outbox
from actions.slack.models import SlackReply, SlackThread
from actions.vault.cipher import keyed_hash
from bot.slack import blocks, gate
from bot.slack.blocks import Marked
from bot.slack.interfaces import Agent, Block, SlackServices
from bot.slack.threads import places, rendering, texts
from bot.slack.wording import marked, plain

FROM_PEOPLE = frozenset({None, "", "file_share", "thread_broadcast", "me_message"})
"""Kinds of messages that somebody wrote; the rest is Slack's own or a program's."""
DELIVERED, NOT_DELIVERED = "white_check_mark", "warning"
MARK = 12
"""Characters of it, so that it fits beside Slack's time in 32."""
Event = dict[str, Any]


def is_written_by_a_person(message: Event) -> bool:
    """Whether a message of a thread is a colleague's own."""
    return message.get("subtype") in FROM_PEOPLE and not message.get("bot_id") and bool(message.get("user"))


def taken_in(session: Session, thread: SlackThread, ts: str) -> SlackReply | None:
    """What became of a message that is known already."""
    return session.scalar(select(SlackReply).where(SlackReply.channel == thread.channel, SlackReply.ts == ts))


def take_in(session: Session, services: SlackServices, thread: SlackThread, message: Event) -> None:
    """Take in a message of a thread, or what was changed in one that is known.

    Args:
        session: a writing session.
        services: the app's.
        thread: where it was written.
        message: as Slack describes it, in an event or in the thread's replies.
    """
    if not is_written_by_a_person(message):
        return
    known = taken_in(session, thread, message["ts"])
    if known is not None:
        _change(session, services, thread, known, message)
        return
    reply = SlackReply(
        handover_id=thread.handover_id,
        channel=thread.channel,
        ts=message["ts"],
        user_id=message["user"],
        state="note",
        edited=_edited(message),
        at=now(session),
    )
    session.add(reply)
    session.flush()
    if not texts.is_note(message.get("text", "")):
        _deliver(session, services, thread, reply, message)


def remove(session: Session, services: SlackServices, thread: SlackThread, reply: SlackReply) -> None:
    """A message was deleted in Slack: what the visitor has of it is taken back."""
    if reply.state == "said" and reply.seq is not None:
        name = services.people.name(session, reply.user_id)
        corrections.take_back(session, thread.conversation_id, reply.seq, name)
    reply.state, reply.text = "taken_back", None


def send_held(session: Session, thread: SlackThread, reply: SlackReply, agent: Agent) -> None:
    """Take the talk, over from a colleague if need be, and send what was held.

    Raises:
        HandoverRefused: the talk is over, or the role only reads.
    """
    if reply.state != "held" or reply.user_id != agent.user_id:
        raise HandoverRefused(plain("thread.gone"))
    handovers.take(session, thread.handover_id, agent.identity, over=True)
    _say(session, thread, reply, agent, str(reply.text))


def keep_held(reply: SlackReply, agent: Agent) -> None:
    """Leave what was held as a note for colleagues."""
    if reply.state == "held" and reply.user_id == agent.user_id:
        reply.state, reply.text = "note", None


def tell(
    session: Session,
    thread: SlackThread,
    user_id: str,
    text: Marked,
    *,
    key: str,
    more: list[Block] | None = None,
) -> None:
    """Tell one colleague something in the thread that nobody else sees."""
    outbox.enqueue(
        session,
        "chat.postEphemeral",
        {
            "channel": thread.channel,
            "thread_ts": outbox.ts_of(places.root_key(thread)),
            "user": user_id,
            "text": text,
            "blocks": [blocks.section(text), *(more or [])],
        },
        order_key=f"{thread.name}:{user_id}",
        idempotency_key=f"{thread.name}:tell:{key}",
        conversation_id=thread.conversation_id,
    )


def _deliver(
    session: Session, services: SlackServices, thread: SlackThread, reply: SlackReply, message: Event
) -> None:
    text = texts.to_visitor(message.get("text", ""))
    agent = services.people.agent(session, reply.user_id)
    if agent is None or not agent.identity.may_talk:
        why = "no_role" if agent is None else "role_too_low"
        gate.refuse(session, reply.user_id, why, "reply_to_contact")
        _refuse(session, thread, reply, marked("thread.no_role" if agent is None else "thread.only_reads"))
        return
    if not text:
        _refuse(session, thread, reply, marked("thread.only_files"))
        return
    if _waits_for_a_decision(session, thread, reply, agent, text):
        return
    try:
        _say(session, thread, reply, agent, text)
    except HandoverRefused as refusal:
        _refuse(session, thread, reply, marked("thread.not_sent", why=str(refusal)))
        return
    if message.get("files"):
        tell(session, thread, reply.user_id, marked("thread.files"), key=f"{reply.ts}:files")


def _waits_for_a_decision(
    session: Session, thread: SlackThread, reply: SlackReply, agent: Agent, text: str
) -> bool:
    """Hold or refuse what must not go to the visitor unasked; whether it did not go."""
    handover = places.handover_of(session, thread)
    if handover is None or handover.state == "over":
        _refuse(session, thread, reply, marked("thread.over"))
        return True
    if handover.state == "taken" and handover.taken_by == agent.name:
        return False
    over = handover.state == "taken"
    reply.state, reply.text = "held", text
    whose = handover.taken_by or ""
    said = (
        marked("thread.others", agent=places.called(session, whose)) if over else marked("thread.not_taken")
    )
    _react(session, thread, reply, NOT_DELIVERED)
    question = [rendering.held(reply.id, over=over)]
    tell(session, thread, reply.user_id, said, key=f"{reply.ts}:held", more=question)
    return True


def _say(session: Session, thread: SlackThread, reply: SlackReply, agent: Agent, text: str) -> None:
    said = handovers.reply(
        session, thread.handover_id, agent.identity, text, key=f"slack:{reply.channel}:{reply.ts}"
    )
    was_not_delivered = reply.state in ("held", "refused")
    reply.state, reply.text = "said", None
    if said is not None:
        reply.seq = said.seq
    if was_not_delivered:
        _react(session, thread, reply, NOT_DELIVERED, method="reactions.remove")
    _react(session, thread, reply, DELIVERED)


def _change(
    session: Session, services: SlackServices, thread: SlackThread, reply: SlackReply, message: Event
) -> None:
    edited = _edited(message)
    if not _is_news(edited, reply.edited):
        return
    reply.edited = edited
    words = message.get("text", "")
    text = "" if texts.is_note(words) else texts.to_visitor(words)
    if reply.state == "said" and reply.seq is not None:
        _correct(session, services, thread, reply, text)
    elif reply.state == "held":
        # What is for colleagues now must not go out with a press of a button that stands there still.
        reply.state, reply.text = ("held", text) if text else ("note", None)
    elif reply.state in ("note", "refused") and text:
        _deliver(session, services, thread, reply, message)
    elif reply.state == "removed" and text:
        _not_changed(session, thread, reply, marked("thread.change_gone"))


def _correct(
    session: Session, services: SlackServices, thread: SlackThread, reply: SlackReply, text: str
) -> None:
    """Say to the visitor what a message says now; its writer is told where that cannot be."""
    if not text:
        remove(session, services, thread, reply)
        reply.state = "note"
        return
    agent = services.people.agent(session, reply.user_id)
    if agent is None or not agent.identity.may_talk:
        gate.refuse(session, reply.user_id, "no_role" if agent is None else "role_too_low", "correct_a_reply")
        _not_changed(session, thread, reply, marked("thread.change_no_role"))
    elif len(text) > handovers.MOST_TEXT:
        _not_changed(session, thread, reply, marked("thread.change_too_long", most=handovers.MOST_TEXT))
    else:
        corrected = corrections.correct(session, thread.conversation_id, reply.seq or 0, agent.name, text)
        if corrected is None:
            _not_changed(session, thread, reply, marked("thread.change_gone"))
        reply.seq = corrected or reply.seq


def _not_changed(session: Session, thread: SlackThread, reply: SlackReply, why: Marked) -> None:
    _react(session, thread, reply, NOT_DELIVERED)
    tell(session, thread, reply.user_id, why, key=f"{reply.ts}:unchanged:{reply.edited}")


def _refuse(session: Session, thread: SlackThread, reply: SlackReply, why: Marked) -> None:
    reply.state, reply.text = "refused", None
    _react(session, thread, reply, NOT_DELIVERED)
    tell(session, thread, reply.user_id, why, key=f"{reply.ts}:refused:{reply.edited}")


def _react(
    session: Session, thread: SlackThread, reply: SlackReply, name: str, *, method: str = "reactions.add"
) -> None:
    outbox.enqueue(
        session,
        method,
        {"channel": reply.channel, "timestamp": reply.ts, "name": name},
        order_key=f"{thread.name}:{reply.ts}",
        idempotency_key=f"{thread.name}:{method}:{reply.ts}:{name}",
        conversation_id=thread.conversation_id,
    )


def _edited(message: Event) -> str:
    """Slack's second of the last change with a mark of its words: two in one second are two."""
    at = str((message.get("edited") or {}).get("ts", ""))
    mark = keyed_hash("slack-reply", str(message.get("text", "")))[:MARK]
    return f"{at}#{mark}" if at else ""


def _is_news(edited: str, known: str) -> bool:
    at, known_at = edited.partition("#")[0], known.partition("#")[0]
    return bool(at) and at >= known_at and edited != known
