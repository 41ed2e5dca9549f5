"""An agent's review of free text before a contact gets it (UK GDPR Art. 15(4); DPA 2018 Sch. 2 para. 16).

Each piece is kept whole, redacted (passages taken out) or withheld; what is left out is left out on a ground
of `data/grounds.yml`, which the contact is told. Once everything is decided and every manual source was
looked through, the answer is sent and the texts are destroyed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from actions.audit import record
from actions.cases import services as cases
from actions.cases.models import AgentTask, Case
from actions.cases.tasks import complete, raise_task
from actions.clock import now
from actions.fulfilment import services as journal
from actions.mail import services as mail
from actions.rights import grounds, review_letter, sources
from actions.rights.models import ReviewItem
from actions.rights.search import Passage
from actions.wording import phrase

TASK = "review"
REMOVED = "[…]"


class ReviewRefused(Exception):
    """The review cannot go on like this; the message says what to do instead."""


def begin(session: Session, case: Case, passages: Iterable[Passage]) -> int:
    """Copy the free text that answers a case and give an agent the task to read it.

    Args:
        session: a writing session.
        case: a request for access.
        passages: the texts, as they were found.

    Returns:
        How many there are; none raises no task.
    """
    count = len(items(session, case))
    for passage in passages:
        count += 1
        session.add(_item(case, count, passage))
    session.flush()
    if count:
        raise_task(
            session,
            key=_key(case),
            kind=TASK,
            text=phrase("task.review", reference=case.reference),
            case=case,
        )
    return count


def items(session: Session, case: Case) -> list[ReviewItem]:
    """Every piece of a case's review, in order."""
    return list(
        session.scalars(select(ReviewItem).where(ReviewItem.case_id == case.id).order_by(ReviewItem.number))
    )


def keep(session: Session, case: Case, numbers: Sequence[int], *, by: str) -> None:
    """Let the contact have some pieces whole.

    Raises:
        ReviewRefused: there is no such piece, or the answer is sent already.
    """
    for item in _chosen(session, case, numbers):
        _decide(session, case, item, "kept", by=by)


def keep_the_rest(session: Session, case: Case, *, by: str) -> int:
    """Let the contact have every piece that is not decided yet; returns how many those were."""
    left = [item.number for item in items(session, case) if item.verdict is None]
    keep(session, case, left, by=by)
    return len(left)


def redact(
    session: Session, case: Case, number: int, passages: Sequence[str], *, exemption: str, by: str
) -> None:
    """Take passages out of a piece.

    Args:
        session: a writing session.
        case: the case.
        number: the piece's number.
        passages: the words to take out, exactly as they stand there; every place they stand in is blanked.
        exemption: on what ground, an id of `grounds.yml`.
        by: the agent.

    Raises:
        ReviewRefused: no such piece or ground, or a passage does not stand in the piece.
    """
    (item,) = _chosen(session, case, [number])
    shown = item.text or ""
    if not passages:
        raise ReviewRefused("Say which passages to take out.")
    for passage in passages:
        if not passage.strip() or passage not in shown:
            raise ReviewRefused(f"“{passage}” does not stand in piece {number}; copy it exactly.")
        shown = shown.replace(passage, REMOVED)
    _decide(session, case, item, "redacted", by=by, exemption=exemption, shown=shown)


def withhold(session: Session, case: Case, numbers: Sequence[int], *, exemption: str, by: str) -> None:
    """Leave whole pieces out of the answer.

    Raises:
        ReviewRefused: there is no such piece or ground, or the answer is sent already.
    """
    for item in _chosen(session, case, numbers):
        _decide(session, case, item, "withheld", by=by, exemption=exemption)


def looked(session: Session, case: Case, source: str, *, by: str, found: str = "") -> None:
    """Note that a person has looked through a manual source.

    Args:
        session: a writing session.
        case: the case.
        source: the source's id.
        by: who looked.
        found: what there is about the contact, in full; empty when nothing. It becomes a piece of the review.

    Raises:
        ReviewRefused: the case has no such task open.
    """
    task = sources.open_searches(session, case).get(source)
    if task is None:
        open_ones = ", ".join(sources.open_searches(session, case)) or "none"
        raise ReviewRefused(f"{case.reference} does not wait for '{source}'; it waits for: {open_ones}.")
    if found.strip():
        label = sources.sources()[source].label
        begin(session, case, [Passage(source, source, label, found.strip(), now(session))])
    cases.record_search(session, case, source, by=by, found=int(bool(found.strip())))
    complete(session, task, by=by)


def missing(session: Session, case: Case) -> list[str]:
    """What is still to be done before the answer can be sent, as sentences for an agent."""
    undecided = [item.number for item in items(session, case) if item.verdict is None]
    told = []
    if undecided:
        told.append(f"not decided yet: {', '.join(str(number) for number in undecided)}")
    told += [f"not looked through yet: {name}" for name in sources.open_searches(session, case)]
    return told


def send(session: Session, case: Case, *, by: str) -> None:
    """Send what the review leaves, close the case, and destroy the texts.

    Args:
        session: a writing session; the letter, the end of the case and the end of the texts are steps of it.
        case: a case whose pieces are all decided.
        by: the agent who sends it.

    Raises:
        ReviewRefused: something is not decided or not looked through, or there is no address to send it to.
    """
    if left := missing(session, case):
        raise ReviewRefused(f"{case.reference} can't be sent: {'; '.join(left)}.")
    if case.state != "in_progress" or case.address is None:
        raise ReviewRefused(
            f"{case.reference} has no answer to be sent: it is {case.state.replace('_', ' ')}."
        )
    found = items(session, case)
    mail.post(
        session,
        "access_rest",
        case.address,
        case=case,
        key=f"case:{case.id}:rest",
        attachments=review_letter.attachments(found),
        reference=case.reference,
        sent=review_letter.sent(found),
        left_out="\n".join(review_letter.left_out(found)),
        searched="\n".join(review_letter.searched(session, case)),
    )
    for kind, payload in (
        ("destroy_review", {}),
        ("move_case", {"to": "fulfilled", "note": "reviewed text sent"}),
        ("close_request", {"phrase": "access.rest_sent"}),
    ):
        journal.plan_step(session, kind=kind, payload=payload, key=f"case:{case.id}:{kind}", case=case)
    task = session.scalar(select(AgentTask).where(AgentTask.key == _key(case)))
    if task is not None:
        complete(session, task, by=by)
    record(session, actor=by, action="review_sent", subject=case.reference, details=_counts(found))


def destroy(session: Session, case_id: int) -> None:
    """Destroy the texts of a review; the decisions stay."""
    session.execute(
        update(ReviewItem).where(ReviewItem.case_id == case_id).values(title=None, text=None, shown=None)
    )


def open_count(session: Session, case: Case) -> int:
    """How many pieces wait for a decision."""
    query = select(func.count()).where(ReviewItem.case_id == case.id, ReviewItem.verdict.is_(None))
    return session.scalar(query) or 0


def _item(case: Case, number: int, passage: Passage) -> ReviewItem:
    return ReviewItem(
        case_id=case.id,
        number=number,
        source=passage.source,
        ref=passage.ref,
        at=passage.at,
        title=passage.title,
        text=passage.text,
    )


def _chosen(session: Session, case: Case, numbers: Sequence[int]) -> list[ReviewItem]:
    known = {item.number: item for item in items(session, case)}
    if unknown := [str(number) for number in numbers if number not in known]:
        raise ReviewRefused(f"{case.reference} has no piece {', '.join(unknown)}; it has {len(known)}.")
    if not case.is_open:
        raise ReviewRefused(f"{case.reference} is closed, so nothing about it can be changed.")
    return [known[number] for number in numbers]


def _decide(
    session: Session,
    case: Case,
    item: ReviewItem,
    verdict: str,
    *,
    by: str,
    exemption: str | None = None,
    shown: str | None = None,
) -> None:
    if exemption is not None and exemption not in grounds.grounds().exemptions:
        known = ", ".join(grounds.grounds().exemptions)
        raise ReviewRefused(f"There is no ground '{exemption}' to leave something out; there is {known}.")
    item.verdict, item.exemption, item.shown = verdict, exemption, shown
    item.decided_by, item.decided_at = by, now(session)
    session.flush()
    details = {"piece": item.number, "source": item.source, "exemption": exemption}
    record(session, actor=by, action=f"passage_{verdict}", subject=case.reference, details=details)


def _counts(found: list[ReviewItem]) -> dict[str, int]:
    return {
        verdict: sum(item.verdict == verdict for item in found)
        for verdict in ("kept", "redacted", "withheld")
    }


def _key(case: Case) -> str:
    return f"case:{case.id}:review"
