"""How each rule of retention is enforced: one bounded batch at a time, and never against a legal hold.

SQLite gives the number of a table's last row to the next one, once that row is gone. Where others are known
by a number (a step's task), the newest row, which holds nothing personal, stays until there is a newer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from actions.audit import services as audit
from actions.cases.holds import held_case
from actions.cases.interfaces import OPEN_STATES
from actions.cases.models import AgentTask, Case, CaseNote, LegalHold
from actions.clock.services import machine_now
from actions.conversations.models import Conversation, Turn
from actions.fulfilment.models import Step
from actions.identity.models import IdentityProof, VerificationCode
from actions.limits.models import RateCounter
from actions.mail.models import SentLetter
from actions.preferences.models import Suppression
from actions.retention.case_sweeping import delete_cases
from actions.retention.interfaces import evidence_folder
from actions.retention.rules import rules
from actions.slack import redaction
from actions.slack.models import SlackDelivery
from actions.vault.models import VaultedValue


@dataclass(frozen=True)
class Sweep:
    """One batch.

    Attributes:
        at: the present, by our clock.
        before: what the rule counts from must lie at or before this instant.
        limit: how many rows at the most.
    """

    at: datetime
    before: datetime
    limit: int


Sweeper = Callable[[Session, Sweep], int]


def _vault(session: Session, sweep: Sweep) -> int:
    # The lifetime was written into the row when the value was last used.
    over = VaultedValue.expires_at <= sweep.at
    return _delete(session, VaultedValue.id, sweep, over, _not_held(VaultedValue.conversation_id))


def _limits(session: Session, sweep: Sweep) -> int:
    return _delete(session, RateCounter.key, sweep, RateCounter.expires_at <= sweep.before)


def _turns(session: Session, sweep: Sweep) -> int:
    over = Turn.answered_at <= sweep.before
    return _delete(session, Turn.id, sweep, over, _not_held(Turn.conversation_id))


def _attempts(session: Session, sweep: Sweep) -> int:
    codes = _delete(
        session,
        VerificationCode.id,
        sweep,
        VerificationCode.sent_at <= sweep.before,
        _not_held(VerificationCode.conversation_id),
    )
    proofs = _delete(
        session,
        IdentityProof.id,
        sweep,
        IdentityProof.proven_at <= sweep.before,
        IdentityProof.expires_at <= sweep.at,
        _not_held(IdentityProof.conversation_id),
    )
    return codes + proofs


def _steps(session: Session, sweep: Sweep) -> int:
    return _delete(
        session,
        Step.id,
        sweep,
        Step.case_id.is_(None),
        Step.state.in_(("done", "cancelled")),
        Step.done_at <= sweep.before,
        _not_the_newest(Step.id),
    )


def _conversations(session: Session, sweep: Sweep) -> int:
    still_needed = (
        select(Case.id)
        .where(Case.conversation_id == Conversation.id, Case.state.in_(sorted(OPEN_STATES)))
        .exists()
    )
    gone = list(
        session.scalars(
            select(Conversation.id)
            .where(Conversation.active_at <= sweep.before, ~still_needed, _not_held(Conversation.id))
            .order_by(Conversation.active_at)
            .limit(sweep.limit)
            .with_for_update(skip_locked=True)
        )
    )
    if not gone:
        return 0
    text = f"The conversation was deleted: {rules().keep('conversations')} had passed since its last message."
    for case_id in session.scalars(select(Case.id).where(Case.conversation_id.in_(gone))):
        session.add(CaseNote(case_id=case_id, at=sweep.at, by="worker", kind="retention", text=text))
    session.flush()
    redaction.redact_about(session, conversations=gone)
    session.execute(delete(Conversation).where(Conversation.id.in_(gone)))
    return len(gone)


def _slack(session: Session, sweep: Sweep) -> int:
    return redaction.redact_old(session, sweep.before, sweep.limit)


def _evidence(_session: Session, sweep: Sweep) -> int:
    # A file's own time is the machine's, whatever our clock says.
    before = machine_now() - (sweep.at - sweep.before)
    written = [
        path
        for path in sorted(evidence_folder().glob("*"))
        if path.is_file() and datetime.fromtimestamp(path.stat().st_mtime, UTC) <= before
    ][: sweep.limit]
    for path in written:
        path.unlink(missing_ok=True)
    return len(written)


def _abandoned(session: Session, sweep: Sweep) -> int:
    return delete_cases(session, sweep.before, sweep.limit, Case.state == "expired")


def _cases(session: Session, sweep: Sweep) -> int:
    return delete_cases(session, sweep.before, sweep.limit)


def _tasks(session: Session, sweep: Sweep) -> int:
    return _delete(
        session,
        AgentTask.id,
        sweep,
        AgentTask.case_id.is_(None),
        AgentTask.done_at <= sweep.before,
        _not_the_newest(AgentTask.id),
    )


def _suppressions(session: Session, sweep: Sweep) -> int:
    lifted = Suppression.lifted_at <= sweep.before
    return _delete(session, Suppression.id, sweep, lifted, Suppression.erased_at.is_(None))


def _slack_deliveries(session: Session, sweep: Sweep) -> int:
    return _delete(session, SlackDelivery.key, sweep, SlackDelivery.at <= sweep.before)


def _letters(session: Session, sweep: Sweep) -> int:
    """The words go; that the letter was sent stays with its case."""
    batch = (
        select(SentLetter.id)
        .join(Case, Case.id == SentLetter.case_id)
        .where(
            SentLetter.content.is_not(None),
            func.coalesce(SentLetter.sent_at, SentLetter.posted_at) <= sweep.before,
            Case.state.not_in(sorted(OPEN_STATES)),
            ~held_case(),
        )
        .limit(sweep.limit)
    )
    emptied = update(SentLetter).where(SentLetter.id.in_(batch)).values(content=None)
    return len(session.execute(emptied.returning(SentLetter.id)).all())


def _holds(session: Session, sweep: Sweep) -> int:
    return _delete(session, LegalHold.id, sweep, LegalHold.lifted_at <= sweep.before)


def _audit(session: Session, sweep: Sweep) -> int:
    return audit.prune(session, sweep.before, limit=sweep.limit, keeps=_still_on_record)


SWEEPERS: Mapping[str, Sweeper] = MappingProxyType(
    {
        "vault": _vault,
        "limits": _limits,
        "turns": _turns,
        "attempts": _attempts,
        "steps": _steps,
        "conversations": _conversations,
        "slack": _slack,
        "evidence": _evidence,
        "abandoned": _abandoned,
        "tasks": _tasks,
        "suppressions": _suppressions,
        "slack_deliveries": _slack_deliveries,
        "letters": _letters,
        "holds": _holds,
        "cases": _cases,
        "audit": _audit,
    }
)


def _delete(
    session: Session, key: InstrumentedAttribute[Any], sweep: Sweep, *conditions: ColumnElement[bool]
) -> int:
    batch = select(key).where(*conditions).limit(sweep.limit)
    gone = session.execute(delete(key.class_).where(key.in_(batch)).returning(key))
    return len(gone.all())


def _some(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(1).where(*conditions).exists()


def _not_held(conversation_id: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    return ~_some(Case.conversation_id == conversation_id, held_case())


def _not_the_newest(key: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    return key < select(func.max(key)).scalar_subquery()


def _still_on_record(session: Session, subjects: set[str]) -> set[str]:
    """Which subjects of audit entries are cases that we still keep."""
    return set(session.scalars(select(Case.reference).where(Case.reference.in_(subjects))))


ONE_HOUR = timedelta(hours=1)
EVERY: Mapping[str, timedelta] = MappingProxyType(dict.fromkeys(SWEEPERS, ONE_HOUR) | {"vault": timedelta(0)})
"""How often each rule is applied; at once again where a batch was full."""
