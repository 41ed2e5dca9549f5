"""Forgetting an erased contact in our own records: conversations, letters, notes, what cases no longer need.

What stays is what shows that the request was served: the case with its dates, states, decision and plan, the
history, the audit trail and keyed hashes. A capability that keeps something of a contact's adds its forgetter
to `FORGETTERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from actions.audit import services as audit
from actions.cases.interfaces import OPEN_STATES
from actions.cases.models import Case, CaseNote, CaseSearch, address_hash
from actions.clock import now
from actions.conversations import log
from actions.conversations.models import Conversation, Message, Turn
from actions.erasures.models import DeferredErasure
from actions.fulfilment.interfaces import WAITING_STATES
from actions.fulfilment.models import Step
from actions.fulfilment.services import open_steps, plan_step
from actions.identity.models import IdentityProof, VerificationCode
from actions.mail import services as mail
from actions.mail.models import SentLetter
from actions.notices.models import ContactNotice
from actions.recipients import services as recipients
from actions.retention.interfaces import evidence_folder
from actions.rights.models import ReviewItem
from actions.situations.models import ConversationSituation
from actions.tasks.models import Task
from actions.vault.models import VaultedValue

FORGET = "forget_contact"
AFTER = timedelta(hours=24)
"""How long the conversation stays readable once the erasure is done: long enough to read the end of it."""
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


def plan_forgetting(
    session: Session, case: Case, contact_id: str, addresses: Sequence[str], *, key: str = ""
) -> None:
    """Plan that an erased contact is forgotten in our own records, a day after the case is closed.

    Args:
        session: a writing session.
        case: the erasure's case; to be planned after its last letter and word.
        contact_id: the CRM's id of the contact.
        addresses: those that were theirs alone (`services.Addresses.own`).
        key: put into the steps' keys, as for `services.plan_erasure`.
    """
    hashes = sorted({address_hash(address) for address in addresses})
    plan_step(
        session,
        kind=FORGET,
        payload={"contact_id": contact_id, "hashes": hashes},
        key=f"case:{case.id}:{key}forget",
        case=case,
        not_before=_end_of_waiting(session, case) + AFTER,
    )
    plan_step(session, kind="wipe_disk", payload={}, key=f"case:{case.id}:{key}wipe", case=case)


def open_elsewhere(session: Session, contact_id: str, hashes: Sequence[str]) -> bool:
    """Whether another request of theirs is under way, which still needs what would be forgotten."""
    theirs = (Case.contact_id == contact_id) | Case.address_hash.in_(hashes)
    return session.scalar(select(Case.id).where(theirs, Case.state.in_(OPEN_STATES)).limit(1)) is not None


def forget(session: Session, contact_id: str, hashes: Sequence[str], *, reference: str) -> Forgotten:
    """Forget a contact everywhere in our own database.

    Args:
        session: a writing session.
        contact_id: the CRM's id of the contact.
        hashes: keyed hashes of the addresses that were theirs alone.
        reference: the case that asked for it.

    Returns:
        Whom and where; what was found is gone once the transaction is committed.
    """
    whom = _whom(session, contact_id, hashes)
    # Conversations before everything else, as a turn locks them.
    for conversation_id in whom.conversations:
        log.lock(session, conversation_id)
    counts = {name: forgetter(session, whom) for name, forgetter in FORGETTERS.items()}
    audit.record(
        session,
        actor="worker",
        action="contact_forgotten",
        subject=reference,
        details={name: count for name, count in counts.items() if count},
    )
    return whom


def remains(session: Session, contact_id: str, hashes: Sequence[str], *, before: datetime) -> dict[str, int]:
    """What our own records have again of somebody they had forgotten, or were about to forget.

    Args:
        session: any session.
        contact_id: the CRM's id of the contact.
        hashes: keyed hashes of the addresses that were theirs alone.
        before: when they were erased; what came later is something else.

    Returns:
        How much there is of each kind; nothing where the journal will forget it by itself.
    """
    whom = _whom(session, contact_id, hashes)
    planned = select(Step.id).where(
        Step.case_id.in_(whom.cases), Step.kind == FORGET, Step.state.in_(WAITING_STATES)
    )
    if session.scalar(planned.limit(1)) is not None:
        return {}
    counts = {
        "messages": select(Message.id).where(
            Message.conversation_id.in_(whom.conversations), Message.erased.is_(False), Message.at <= before
        ),
        "letters": select(SentLetter.id).where(
            SentLetter.address_hash.in_(hashes),
            SentLetter.content.is_not(None),
            SentLetter.posted_at <= before,
        ),
        "cases": select(Case.id).where(
            Case.id.in_(whom.cases), Case.address.is_not(None), Case.received_at <= before
        ),
    }
    found = {
        name: session.scalar(select(func.count()).select_from(query.subquery())) or 0
        for name, query in counts.items()
    }
    return {name: count for name, count in found.items() if count}


def _whom(session: Session, contact_id: str, hashes: Sequence[str]) -> Forgotten:
    theirs = (Case.contact_id == contact_id) | Case.address_hash.in_(hashes)
    cases = session.scalars(select(Case).where(theirs)).all()
    proven = session.scalars(
        select(VerificationCode.conversation_id).where(
            VerificationCode.address_hash.in_(hashes), VerificationCode.used_at.is_not(None)
        )
    )
    conversations = {case.conversation_id for case in cases if case.conversation_id} | set(proven)
    return Forgotten(
        contact_id,
        tuple(hashes),
        tuple(case.id for case in cases if not case.is_open),
        tuple(sorted(conversations)),
    )


def _end_of_waiting(session: Session, case: Case) -> datetime:
    """When the case's other steps are done at the latest, as far as it is known now."""
    ends = [step.not_before for step in open_steps(session, case) if step.not_before]
    return max([now(session), *ends])


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
    "disclosures": _disclosures,
    "evidence": _evidence,
}
