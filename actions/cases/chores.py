"""What the worker does about cases by itself: requests that nobody finished, and review dates come due."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from actions.audit import record
from actions.cases.deadlines import local_date
from actions.cases.interfaces import UNVERIFIED_STATES
from actions.cases.models import Case, address_hash
from actions.cases.moving import move
from actions.cases.notes import SAFE_CHANNEL, tags_of
from actions.cases.tasks import raise_task
from actions.clock import now
from actions.conversations import log
from actions.conversations.models import Conversation
from actions.conversations.offers import Speech, say
from actions.mail import services as mail
from actions.retention.rules import rules
from actions.settings import get_settings
from actions.tasks.models import Task
from actions.wording import phrase

BATCH = 50


def tend_drafts(session: Session) -> int:
    """Remind those who left a request unfinished, once and where an address was typed; later, close it.

    Requests that need no proof go to a person instead, since they count from their first words.

    Returns:
        How many were reminded, closed or handed on.
    """
    at, times = now(session), rules().drafts
    closing = [case for case in _idle(session, times.close_after.before(at)) if _close(session, case, at)]
    if len(closing) >= BATCH:
        return len(closing)
    reminded = [
        case
        for case in _idle(session, times.remind_after.before(at), not_reminded=True)
        if _remind(session, case, at)
    ]
    return len(closing) + len(reminded)


def raise_reviews(session: Session) -> int:
    """Give people a task for every ground to keep something whose review date has come; returns how many.

    A ground that the CRM can tell of, such as an active agreement, is looked at by the worker itself
    (`actions.erasures.reviews`).
    """
    today = local_date(now(session))
    due = session.scalars(
        select(Case).where(Case.review_on <= today).order_by(Case.review_on).limit(BATCH)
    ).all()
    for case in due:
        raise_task(
            session,
            key=f"case-{case.id}-review-{case.review_on}",
            kind="review_date",
            text=f"{case.reference}: look again whether what was kept still must stay.",
            case=case,
            due_on=today,
        )
        case.review_on = None
    return len(due)


def _idle(session: Session, before: datetime, *, not_reminded: bool = False) -> list[Case]:
    last = func.coalesce(Conversation.active_at, Case.received_at)
    query = (
        select(Case)
        .outerjoin(Conversation, Conversation.id == Case.conversation_id)
        .where(Case.state.in_(UNVERIFIED_STATES), last <= before)
        .order_by(Case.id)
        .limit(BATCH)
    )
    return list(session.scalars(query.where(Case.reminded_at.is_(None)) if not_reminded else query))


def _remind(session: Session, case: Case, at: datetime) -> bool:
    """Whether a letter went; either way it is not looked at again."""
    case.reminded_at = at
    address = _typed_address(session, case)
    if address is None or case.right in rules().drafts.for_a_person or SAFE_CHANNEL in tags_of(session, case):
        return False
    if _asked_again(session, case, address):
        return False
    mail.post(
        session,
        "request_unfinished",
        address,
        key=f"case:{case.id}:unfinished",
        right=phrase(f"right.{case.right}"),
        since=case.received_at,
        closes=rules().drafts.close_after.after(_last_seen(session, case)),
        chat_url=get_settings().effective_public_url,
    )
    record(session, actor="worker", action="reminded", subject=case.reference, details={})
    return True


def _close(session: Session, case: Case, at: datetime) -> bool:
    """Close a request that nobody finished, or hand it to a person; the dialogue about it ends too."""
    conversation = log.lock(session, case.conversation_id) if case.conversation_id is not None else None
    if conversation is not None and conversation.active_at > rules().drafts.close_after.before(at):
        return False
    session.refresh(case, with_for_update=True)
    if case.state not in UNVERIFIED_STATES:
        return False
    left = session.scalars(select(Task).where(Task.case_id == case.id, Task.state != "over")).all()
    for task in left:
        task.state, task.awaits, task.data = "over", None, {}
    if case.right in rules().drafts.for_a_person:
        move(session, case, "awaiting_approval", by="worker", note="left unfinished: for a person")
        raise_task(
            session,
            key=f"case-{case.id}-unfinished",
            kind="review",
            text=f"{case.reference} was begun, not finished: read the conversation, answer what is there.",
            case=case,
        )
    else:
        move(session, case, "expired", by="worker", note="never finished, and nobody proved who asked")
    if conversation is not None:
        # The engine's form must not go on where there is nothing left to go on with.
        conversation.engine_session = None
        # What was never clear enough to be begun is closed without a word.
        if case.state == "expired" and left:
            say(session, conversation, Speech(phrase("draft.closed", reference=case.reference)))
    return True


def _last_seen(session: Session, case: Case) -> datetime:
    conversation = session.get(Conversation, case.conversation_id) if case.conversation_id else None
    return conversation.active_at if conversation is not None else case.received_at


def _typed_address(session: Session, case: Case) -> str | None:
    """The address that was typed for the request, proven or not."""
    if case.address is not None:
        return case.address
    for task in session.scalars(select(Task).where(Task.case_id == case.id).order_by(Task.id.desc())):
        address = (task.data or {}).get("address")
        if address:
            return str(address)
    return None


def _asked_again(session: Session, case: Case, address: str) -> bool:
    """Whether the same was asked again since, and went further."""
    later = select(Case.id).where(
        Case.address_hash == address_hash(address),
        Case.right == case.right,
        Case.received_at >= case.received_at,
        Case.state.not_in(UNVERIFIED_STATES),
    )
    return session.scalar(later.limit(1)) is not None
