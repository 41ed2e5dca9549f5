"""Gathering one case's evidence from all that is on record about it."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.audit import services as audit
from actions.cases import services as cases
from actions.cases.counting import in_time
from actions.cases.deadlines import local_date
from actions.cases.explain import explain
from actions.cases.models import Case, LegalHold
from actions.clock import now
from actions.conversations.interfaces import CardRow
from actions.evidence.interfaces import (
    Clock,
    Decision,
    Entry,
    Evidence,
    Identity,
    LetterAsSent,
    Line,
    Plan,
    Planned,
    Read,
    Searched,
    Step,
    Task,
    Told,
    Trail,
)
from actions.evidence.story import identity_entries, story
from actions.evidence.words import plain, words
from actions.fulfilment.services import steps_of
from actions.mail.services import letters_of
from actions.recipients.models import RecipientNotice
from actions.retention.schedule import keeping
from actions.rights.grounds import grounds
from actions.rights.models import ReviewItem
from actions.rights.sources import sources
from actions.wording import organisation, phrase
from actions.wording.interfaces import Risk
from actions.wording.services import identity_rules


def gather(session: Session, case: Case, *, with_notes: bool = False) -> Evidence:
    """All that is on record about a case.

    Args:
        session: any session; nothing is changed.
        case: the case.
        with_notes: also what agents wrote down for one another, which may be about other people.
    """
    regulator = organisation().regulator
    return Evidence(
        organisation=organisation().name,
        regulator=f"{regulator.name}, {regulator.website}, {regulator.phone}",
        policy_version=organisation().policy_version,
        written_at=now(session),
        reference=case.reference,
        right=case.right,
        right_label=phrase(f"right.{case.right}"),
        state=case.state,
        channel=case.channel,
        contact_id=case.contact_id or "",
        assigned_to=case.assigned_to or "",
        tags=cases.tags_of(session, case),
        linked=tuple(f"{other.reference} ({plain(kind)})" for other, kind in cases.linked(session, case)),
        asked=tuple(asked_of(case)),
        story=story(session, case, with_notes=with_notes),
        clock=_clock(session, case),
        identity=identity_of(session, case),
        decision=_decision(case),
        plan=plan_of(case),
        searches=tuple(searches_of(session, case)),
        read=tuple(_read(session, case)),
        steps=tuple(_steps(session, case)),
        told=tuple(_told(session, case)),
        letters=tuple(_letters(session, case)),
        tasks=tuple(_tasks(session, case)),
        holds=tuple(_holds(session, case)),
        keeping=keeping(session, case),
        trail=_trail(session, case),
    )


def asked_of(case: Case) -> list[CardRow]:
    """What exactly was asked for, as far as it is still kept."""
    details: dict[str, Any] = dict(case.details or {})
    rows: list[CardRow] = []
    if details.get("words"):
        rows.append({"id": "words", "label": "In their own words", "value": str(details["words"])})
    for name, value in dict(details.get("changes", {})).items():
        rows.append({"id": name, "label": f"{plain(name).capitalize()} should become", "value": str(value)})
    for name, values in dict(details.get("wanted", {})).items():
        rows.append({"id": name, "label": plain(name).capitalize(), "value": ", ".join(map(plain, values))})
    restriction = dict(details.get("restriction", {}))
    if restriction.get("ground"):
        rows.append(
            {"id": "ground", "label": "Ground of the restriction", "value": plain(restriction["ground"])}
        )
    return rows


def _clock(session: Session, case: Case) -> Clock:
    today = local_date(now(session))
    explained = explain(case, today=today)
    closed = local_date(case.closed_at) if case.closed_at else None
    return Clock(
        received_at=case.received_at,
        starts_at=case.starts_at,
        due_on=case.due_on,
        closed_at=case.closed_at,
        days_taken=(closed - local_date(case.received_at)).days if closed else None,
        in_time=in_time(case, today),
        acknowledged_at=case.acknowledged_at,
        jurisdiction=case.jurisdiction,
        extended_at=case.extended_at,
        paused_days=case.paused_days,
        explanation=explained.text,
        rows=explained.rows,
    )


def identity_of(session: Session, case: Case) -> Identity:
    """What whoever asks has to show, and has shown."""
    entries = identity_entries(session, case)
    return Identity(
        needs=words().identity[identity_rules().needed(case.right, _risk(case))],
        proven=tuple(entry.at for entry in entries if entry.action == "identity_proven"),
        shut=tuple(entry.at for entry in entries if entry.action == "verification_closed"),
        doubt=words().doubts.get(str((case.details or {}).get("doubt", "")), ""),
    )


def _risk(case: Case) -> Risk:
    details = case.details or {}
    if details.get("doubt"):
        return "doubtful"
    plan = details.get("plan")
    return "agreement" if isinstance(plan, dict) and plan.get("ground") else "ordinary"


def _decision(case: Case) -> Decision | None:
    if case.decision is None:
        return None
    return Decision(
        case.decision, case.decided_by or "", case.decided_at, case.reason or "", case.ground or ""
    )


def plan_of(case: Case) -> Plan | None:
    """What an erasure takes and leaves, record by record; None for a case that has no plan."""
    found = (case.details or {}).get("plan")
    if not isinstance(found, dict):
        return None
    ground = _ground(found.get("ground"))
    records = tuple(
        Planned(_record(one), one["action"], _ground(one.get("ground")), _day(one.get("review_on")))
        for one in found.get("records", ())
    )
    return Plan(
        deleted=tuple(one.label for one in records if one.action != "keep"),
        kept=tuple(one.label for one in records if one.action == "keep" and one.ground == ground),
        ground=ground,
        review_on=_day(found.get("review_on")),
        records=records,
    )


def _record(planned: dict[str, Any]) -> str:
    """A kind of record as colleagues call it: what contacts read speaks to them."""
    named = words().records.get(str(planned.get("record", "")))
    return str(planned["label"]) if named is None else named.format(count=planned.get("count", 1))


def _ground(name: str | None) -> str:
    """A ground as it stands in `grounds.yml`, with its source."""
    if not name:
        return ""
    if name in (keep := grounds().keep):
        return f"{keep[name].colleagues} ({keep[name].source})"
    known = grounds().exemptions
    return f"{known[name].says} ({known[name].source})" if name in known else plain(name)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def searches_of(session: Session, case: Case) -> list[Searched]:
    """Where was looked for a case, and where not."""
    known = sources()
    return [
        Searched(
            one.source,
            known[one.source].label if one.source in known else plain(one.source),
            one.searched,
            one.found,
            one.by,
            one.at,
            one.note,
        )
        for one in cases.searches_of(session, case)
    ]


def _read(session: Session, case: Case) -> list[Read]:
    rows = session.scalars(
        select(ReviewItem).where(ReviewItem.case_id == case.id).order_by(ReviewItem.number)
    )
    return [
        Read(
            row.number,
            row.source,
            row.verdict or "not decided",
            _ground(row.exemption),
            row.decided_by or "",
            row.decided_at,
        )
        for row in rows
    ]


def _steps(session: Session, case: Case) -> list[Step]:
    return [
        Step(
            kind=step.kind,
            label=words().steps.get(step.kind, plain(step.kind)),
            proof=step.kind in words().proofs,
            state=step.state,
            planned_at=step.planned_at,
            done_at=step.done_at,
            attempts=step.attempts,
            trouble=step.last_error,
        )
        for step in steps_of(session, case)
    ]


def _told(session: Session, case: Case) -> list[Told]:
    rows = session.scalars(
        select(RecipientNotice).where(RecipientNotice.case_id == case.id).order_by(RecipientNotice.id)
    )
    return [Told(row.recipient, row.about, row.state, row.at, row.by, row.note) for row in rows]


def _letters(session: Session, case: Case) -> list[LetterAsSent]:
    found = []
    for letter in letters_of(session, case):
        content = letter.content or {}
        found.append(
            LetterAsSent(
                posted_at=letter.posted_at,
                sent_at=letter.sent_at,
                template=letter.template,
                version=letter.version,
                to=content.get("to", ""),
                subject=content.get("subject", ""),
                text=content.get("text", ""),
                attachments=tuple(letter.attachments),
            )
        )
    return found


def _tasks(session: Session, case: Case) -> list[Task]:
    return [
        Task(task.kind, task.text, task.created_at, task.due_on, task.done_at, task.done_by or "")
        for task in cases.tasks_of(session, case)
    ]


def _holds(session: Session, case: Case) -> list[Line]:
    rows = session.scalars(select(LegalHold).where(LegalHold.case_id == case.id).order_by(LegalHold.id)).all()
    standing = [hold for hold in cases.holds_of(session, case) if hold.case_id != case.id]
    found = []
    for hold in [*rows, *standing]:
        found.append(Line(hold.placed_at, hold.placed_by, f"A legal hold was placed: {hold.reason}"))
        if hold.lifted_at is not None:
            found.append(Line(hold.lifted_at, hold.lifted_by or "", "The legal hold was lifted."))
    return found


def _trail(session: Session, case: Case) -> Trail:
    checked = audit.check(session)
    broken = checked.broken
    return Trail(
        entries=tuple(
            Entry(
                entry.id,
                entry.at,
                entry.actor,
                entry.action,
                dict(entry.details),
                entry.previous_hash,
                entry.hash,
                audit.holds_by_itself(entry),
            )
            for entry in audit.entries_about(session, case.reference)
        ),
        chain_entries=checked.entries,
        chain_head=checked.head,
        chain_broken="" if broken is None else f"entry {broken.entry}: {broken.how}",
    )
