"""Where a handover is in Slack: the names of its calls, and finding the thread that a message belongs to."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.handover.models import Handover
from actions.slack.models import SlackCall, SlackPerson, SlackThread
from bot.slack.blocks import Marked, escape, mention

FIRST = "root"


def root_key(thread: SlackThread) -> str:
    """The name of the call that begins a thread."""
    return f"{thread.name}:{FIRST}"


def root_ts(session: Session, thread: SlackThread) -> str | None:
    """Slack's name for a thread's first message; None until it is there."""
    return session.scalar(select(SlackCall.ts).where(SlackCall.key == root_key(thread)))


def thread_at(session: Session, channel: str, ts: str) -> SlackThread | None:
    """The handover whose thread begins with a message; None where that is none of ours."""
    key = session.scalar(
        select(SlackCall.key).where(
            SlackCall.channel == channel, SlackCall.ts == ts, SlackCall.key.endswith(f":{FIRST}")
        )
    )
    if key is None:
        return None
    return session.scalar(select(SlackThread).where(SlackThread.name == key.removesuffix(f":{FIRST}")))


def handover_of(session: Session, thread: SlackThread) -> Handover | None:
    """The handover of a thread; None once its conversation is deleted."""
    handover = session.get(Handover, thread.handover_id)
    same = handover is not None and handover.conversation_id == thread.conversation_id
    return handover if same else None


def called(session: Session, name: str) -> Marked:
    """A colleague as Slack names them; somebody who never was in Slack by the name they have here."""
    user_id = session.scalar(select(SlackPerson.user_id).where(SlackPerson.name == name))
    return escape(name) if user_id is None else mention(user_id)
