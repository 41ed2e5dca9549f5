"""What becomes of a case's data, and when: as its evidence says it."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from actions.cases.deadlines import local_date
from actions.cases.holds import on_hold
from actions.cases.models import Case, CaseNote
from actions.conversations.models import Conversation
from actions.mail.models import SentLetter
from actions.retention.interfaces import Keeping
from actions.retention.rules import rules
from actions.slack.models import SlackCall
from actions.slack.redaction import POSTING


def keeping(session: Session, case: Case) -> tuple[Keeping, ...]:
    """How long each part of a case is kept, and what is gone already."""
    return (
        *_hold(session, case),
        *_conversation(session, case),
        *_slack(session, case),
        *_letters(session, case),
        *_case(case),
    )


def _hold(session: Session, case: Case) -> Iterator[Keeping]:
    if on_hold(session, case):
        text = (
            "A legal hold stands: nothing of this case is deleted until it is lifted, whatever is said below."
        )
        yield Keeping("hold", None, text)


def _conversation(session: Session, case: Case) -> Iterator[Keeping]:
    keep = rules().keep("conversations")
    chat = session.get(Conversation, case.conversation_id) if case.conversation_id else None
    if chat is not None:
        text = (
            f"The conversation is deleted {keep} after its last message, and not while a case of it is open."
        )
        yield Keeping("conversation", local_date(keep.after(chat.active_at)), text)
    gone = select(CaseNote).where(CaseNote.case_id == case.id, CaseNote.kind == "retention")
    for note in session.scalars(gone.order_by(CaseNote.id)):
        yield Keeping("conversation", None, f"{note.text} That was on {local_date(note.at)}.")


def _slack(session: Session, case: Case) -> Iterator[Keeping]:
    about = or_(
        SlackCall.case_id == case.id,
        and_(SlackCall.conversation_id.is_not(None), SlackCall.conversation_id == case.conversation_id),
    )
    there = select(func.max(SlackCall.done_at)).where(
        about, SlackCall.method == POSTING, SlackCall.ts.is_not(None), SlackCall.redacted_at.is_(None)
    )
    last = session.scalar(there)
    if last is None:
        return
    keep = rules().keep("slack")
    text = f"What was posted in Slack about it is removed there {keep} after it was posted."
    yield Keeping("slack", local_date(keep.after(last)), text)


def _letters(session: Session, case: Case) -> Iterator[Keeping]:
    letters = session.scalars(select(SentLetter).where(SentLetter.case_id == case.id)).all()
    if not letters:
        return
    keep = rules().keep("letters")
    held = [letter.sent_at or letter.posted_at for letter in letters if letter.content is not None]
    gone = len(letters) - len(held)
    text = f"The words of the letters are deleted {keep} after they were sent; that they were sent stays."
    if gone:
        text += f" The words of {gone} of {len(letters)} are gone."
    yield Keeping("letters", local_date(keep.after(max(held))) if held else None, text)


def _case(case: Case) -> Iterator[Keeping]:
    keep = rules().keep("abandoned" if case.state == "expired" else "cases")
    until = local_date(keep.after(case.closed_at)) if case.closed_at else None
    text = f"The case itself, with its history, is deleted {keep} after it was closed and all of it is done."
    yield Keeping("case", until, text)
    yield Keeping(
        "audit",
        None,
        f"Its entries in the audit trail stay {rules().keep('audit')}, and as long as the case does.",
    )
