"""Taking out of Slack again what we posted about somebody: on their erasure, and when its time is over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, delete, or_, select
from sqlalchemy.orm import Session

from actions.cases.deadlines import local_date
from actions.cases.holds import held_case
from actions.cases.models import Case
from actions.cases.tasks import raise_task
from actions.clock import now
from actions.conversations.models import Conversation
from actions.settings import get_settings
from actions.slack import outbox
from actions.slack.models import SlackCall, SlackReply, SlackThread
from actions.wording import phrase

POSTING = "chat.postMessage"
REDACT, REMOVE = "redact:", "remove:"
THREADS = "handover:"
REMOVED_WITHIN = timedelta(days=7)


def redact_about(
    session: Session, *, conversations: Collection[str] = (), cases: Collection[int] = ()
) -> int:
    """Have everything we posted about some conversations and cases blanked in Slack.

    What waits to be posted is not posted any more; what is being posted is blanked once it is there.

    Args:
        session: a writing session.
        conversations: ids of conversations.
        cases: ids of cases.

    Returns:
        How many messages will be blanked or not be posted.
    """
    about = or_(SlackCall.conversation_id.in_(conversations), SlackCall.case_id.in_(cases))
    threads = select(SlackThread).where(SlackThread.conversation_id.in_(conversations))
    for thread in session.scalars(threads):
        _remove_replies(session, thread)
    return sum(_redact(session, call) for call in session.scalars(_unredacted(about)))


def redact_message(session: Session, conversation_id: str, seq: int) -> int:
    """Have what colleagues read of one message of a contact's blanked, since its writer took it back.

    Args:
        session: a writing session.
        conversation_id: whose.
        seq: the message's.

    Returns:
        How many messages will be blanked or not be posted.
    """
    copy = SlackCall.key.like(f"{THREADS}%:seq:{seq}")
    return sum(
        _redact(session, call)
        for call in session.scalars(_unredacted(SlackCall.conversation_id == conversation_id, copy))
    )


def redact_old(session: Session, before: datetime, limit: int) -> int:
    """Have messages blanked whose time in Slack is over, and forget calls that have nothing left in Slack.

    What a legal hold covers stays.

    Args:
        session: a writing session.
        before: they were posted, or blanked, at or before this instant.
        limit: how many of each at the most.
    """
    about = or_(Case.conversation_id == SlackCall.conversation_id, Case.id == SlackCall.case_id)
    old = (SlackCall.done_at <= before) & ~select(Case.id).where(about, held_case()).exists()
    posted = SlackCall.method == POSTING
    blanked = 0
    for call in session.scalars(_unredacted(old, posted, SlackCall.state == "done").limit(limit)):
        blanked += _redact(session, call)
    nothing_left = or_(~posted, SlackCall.redacted_at <= before, SlackCall.state != "done")
    gone = select(SlackCall.id).where(old, nothing_left, SlackCall.state.not_in(outbox.UNFINISHED))
    forgotten = session.scalars(
        delete(SlackCall).where(SlackCall.id.in_(gone.limit(limit))).returning(SlackCall.id)
    ).all()
    there = select(Conversation.id).where(Conversation.id == SlackThread.conversation_id)
    over = or_(SlackThread.over_at <= before, (SlackThread.opened_at <= before) & ~there.exists())
    of_thread = Case.conversation_id == SlackThread.conversation_id
    free = ~select(Case.id).where(of_thread, held_case()).exists()
    threads = list(session.scalars(select(SlackThread).where(over, free).limit(limit)))
    for thread in threads:
        _remove_replies(session, thread)
        session.delete(thread)
    return max(blanked, len(forgotten), len(threads))


def _unredacted(*conditions: ColumnElement[bool]) -> Select[SlackCall]:
    return (
        select(SlackCall)
        .where(SlackCall.redacted_at.is_(None), *conditions)
        .order_by(SlackCall.id)
        .with_for_update()
    )


def _redact(session: Session, call: SlackCall) -> int:
    call.redacted_at = now(session)
    outbox.cancel(session, call)
    if call.state == "done":
        blank(session, call)
    return int(call.method == POSTING)


def _remove_replies(session: Session, thread: SlackThread) -> None:
    """What colleagues wrote there themselves: only they and administrators can delete that.

    With an administrator's token the app does it; without one a person gets the task.
    """
    written = select(SlackReply).where(
        SlackReply.handover_id == thread.handover_id, SlackReply.state.not_in(("removed", "taken_back"))
    )
    replies = list(session.scalars(written))
    as_admin = bool(get_settings().slack_admin_token.get_secret_value())
    for reply in replies:
        reply.state, reply.text = "removed", None
        if as_admin:
            outbox.enqueue(
                session,
                "chat.delete",
                {"channel": reply.channel, "ts": reply.ts, outbox.AS_ADMIN: True},
                order_key=thread.name,
                idempotency_key=f"{REMOVE}reply:{reply.id}",
            )
    if replies and not as_admin:
        raise_task(
            session,
            key=f"slack:{thread.name}",
            kind="slack_thread",
            text=f"Delete what colleagues wrote in the Slack thread of handover {thread.handover_id} "
            f"(channel {thread.channel}, begun {thread.opened_at:%-d %B %Y}): our own messages there are "
            "removed, but Slack lets only their writers and administrators delete the others.",
            due_on=local_date(now(session)) + REMOVED_WITHIN,
        )


def settle(session: Session, call: SlackCall) -> None:
    """After a call is over: blank what is there too late, and delete what can't be changed.

    Args:
        session: the writing session in which the call's outcome was written down.
        call: as it was when it was claimed, with its arguments.
    """
    present = session.get(SlackCall, call.id)
    if present is None:
        return
    if present.state == "done" and present.redacted_at is not None:
        blank(session, present)
    if present.state == "failed" and present.key.startswith(REDACT):
        place = {name: call.arguments[name] for name in ("channel", "ts")}
        outbox.enqueue(
            session,
            "chat.delete",
            place,
            order_key=present.order_key,
            idempotency_key=present.key.replace(REDACT, REMOVE, 1),
        )


def is_blanked(session: Session, channel: str, ts: str) -> bool:
    """Whether a message was taken out of Slack, so that nothing may be written into it again."""
    blanked = select(SlackCall.id).where(
        SlackCall.channel == channel, SlackCall.ts == ts, SlackCall.redacted_at.is_not(None)
    )
    return session.scalar(blanked.limit(1)) is not None


def blank(session: Session, call: SlackCall) -> None:
    """Put into the queue what blanks a message that was posted; a second time it is there already."""
    if call.method != POSTING or call.ts is None:
        return
    outbox.enqueue(
        session,
        "chat.update",
        {
            "channel": call.channel,
            "ts": call.ts,
            "text": phrase("slack.removed"),
            "blocks": [],
            "attachments": [],
        },
        order_key=call.order_key,
        idempotency_key=f"{REDACT}{call.id}",
    )
