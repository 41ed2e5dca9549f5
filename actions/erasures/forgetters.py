"""What each part of our own records does to forget a contact; `actions.erasures.forgetting` calls them all.

A capability that keeps something of a contact's adds its forgetter to `FORGETTERS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from actions.cases.models import Case, CaseNote, CaseSearch
from actions.conversations.models import Conversation, Message, Turn
from actions.erasures.models import DeferredErasure
from actions.identity.models import IdentityProof, VerificationCode
from actions.mail import services as mail
from actions.notices.models import ContactNotice
from actions.recipients import services as recipients
from actions.retention.interfaces import evidence_folder
from actions.rights.models import ReviewItem
from actions.situations.models import ConversationSituation
from actions.slack import redaction
from actions.tasks.models import Task
from actions.vault.models import VaultedValue

KEPT_DETAILS = frozenset({"plan", "doubt", "candidates", "consent"})
"""What a closed case keeps of its details: what was decided and why, in words that name nobody."""
REMOVED = "(removed with the contact's data)"


@dataclass(frozen=True)
class Forgotten:
    """Whom to forget.

    Attributes:
        contact_id: the CRM's id of the contact.
        hashes: keyed hashes of the addresses that were theirs alone.
        cases: ids of their closed cases.
        conversations: ids of the conversations in which they showed who they are.
    """

    contact_id: str
    hashes: tuple[str, ...]
    cases: tuple[int, ...]
    conversations: tuple[str, ...]


def _messages(session: Session, whom: Forgotten) -> int:
    """What was said, by anybody; the log keeps its numbers (contract: `"text": null, "erased": true`)."""
    gone = session.scalars(
        update(Message)
        .where(
            Message.conversation_id.in_(whom.conversations),
            Message.erased.is_(False),
        )
        .values(body={}, erased=True)
        .returning(Message.id)
    ).all()
    return len(gone)


def _turns(session: Session, whom: Forgotten) -> int:
    """What the engine was told and answered; that a turn was answered stays: it is not answered again."""
    before = select(Message.seq).where(
        Message.conversation_id == Turn.conversation_id, Message.seq == Turn.seq, Message.erased.is_(True)
    )
    gone = session.scalars(
        update(Turn)
        .where(Turn.conversation_id.in_(whom.conversations), Turn.answered_at.is_not(None), before.exists())
        .values(engine_text="", offered=None, receipt={"events": []})
        .returning(Turn.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(gone)


def _tasks(session: Session, whom: Forgotten) -> int:
    """What requests remembered, and the offer that stood; whatever was begun and left is over."""
    gone = session.scalars(
        update(Task)
        .where(Task.conversation_id.in_(whom.conversations))
        .values(data={}, state="over", awaits=None)
        .returning(Task.id)
    ).all()
    session.execute(
        update(Conversation).where(Conversation.id.in_(whom.conversations)).values(offer=None, offer_seq=None)
    )
    return len(gone)


def _situations(session: Session, whom: Forgotten) -> int:
    """That something delicate turned up in a conversation."""
    gone = session.scalars(
        delete(ConversationSituation)
        .where(ConversationSituation.conversation_id.in_(whom.conversations))
        .returning(ConversationSituation.name)
    ).all()
    return len(gone)


def _vault(session: Session, whom: Forgotten) -> int:
    """What they typed that the engine must not see."""
    gone = session.scalars(
        delete(VaultedValue)
        .where(VaultedValue.conversation_id.in_(whom.conversations))
        .returning(VaultedValue.id)
    ).all()
    return len(gone)


def _identity(session: Session, whom: Forgotten) -> int:
    """Codes and proofs; that a code was sent stays countable by its keyed hash, for the limits."""
    codes = session.scalars(
        update(VerificationCode)
        .where(VerificationCode.address_hash.in_(whom.hashes), VerificationCode.address.is_not(None))
        .values(address=None)
        .returning(VerificationCode.id)
    ).all()
    proofs = session.scalars(
        delete(IdentityProof)
        .where(IdentityProof.conversation_id.in_(whom.conversations), IdentityProof.id.is_not(None))
        .returning(IdentityProof.id)
    ).all()
    return len(codes) + len(proofs)


def _cases(session: Session, whom: Forgotten) -> int:
    """Addresses, and whatever the contact told us; the plan and the decision stay."""
    rows = session.scalars(select(Case).where(Case.id.in_(whom.cases))).all()
    for case in rows:
        case.address = None
        case.details = {name: value for name, value in case.details.items() if name in KEPT_DETAILS}
    return len(rows)


def _notes(session: Session, whom: Forgotten) -> int:
    """What people wrote about the contact's closed cases: who wrote when stays."""
    notes = session.scalars(select(CaseNote).where(CaseNote.case_id.in_(whom.cases))).all()
    for note in notes:
        note.text = REMOVED
    searches = session.scalars(select(CaseSearch).where(CaseSearch.case_id.in_(whom.cases))).all()
    for search in searches:
        search.note = REMOVED if search.note else ""
    return len(notes) + len(searches)


def _letters(session: Session, whom: Forgotten) -> int:
    """The words of letters; which letter it was, in which version, and when it went out stays."""
    return mail.forget_words(session, whom.hashes)


def _disclosures(session: Session, whom: Forgotten) -> int:
    """Who was given the data: everybody has been told. What a ground keeps, they are told of later."""
    kept = select(DeferredErasure.id).where(
        DeferredErasure.contact_id == whom.contact_id, DeferredErasure.state == "waiting"
    )
    if session.scalar(kept.limit(1)) is not None:
        return 0
    recipients.forget(session, whom.contact_id)
    session.execute(delete(ContactNotice).where(ContactNotice.contact_id == whom.contact_id))
    return 0


def _evidence(session: Session, whom: Forgotten) -> int:
    """Files with evidence of their cases that were written into the state folder."""
    references = session.scalars(select(Case.reference).where(Case.id.in_(whom.cases))).all()
    written = [path for reference in references for path in evidence_folder().glob(f"{reference}.*")]
    for path in written:
        path.unlink(missing_ok=True)
    return len(written)


def _slack(session: Session, whom: Forgotten) -> int:
    """What we posted in Slack about their conversations and closed cases, and what colleagues wrote there."""
    return redaction.redact_about(session, conversations=whom.conversations, cases=whom.cases)


def _reviews(session: Session, whom: Forgotten) -> int:
    """Free text that agents read for closed cases; what they decided stays."""
    gone = session.scalars(
        update(ReviewItem)
        .where(ReviewItem.case_id.in_(whom.cases), ReviewItem.text.is_not(None))
        .values(title=None, text=None, shown=None)
        .returning(ReviewItem.id)
    ).all()
    return len(gone)


FORGETTERS: dict[str, Callable[[Session, Forgotten], int]] = {
    "messages": _messages,
    "turns": _turns,
    "tasks": _tasks,
    "situations": _situations,
    "vault": _vault,
    "identity": _identity,
    "cases": _cases,
    "notes": _notes,
    "letters": _letters,
    "reviews": _reviews,
    "slack": _slack,
    "disclosures": _disclosures,
    "evidence": _evidence,
}
