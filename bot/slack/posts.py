"""Cases in the desk's channel: posted when they wait for a decision, kept as they are afterwards.

What stands there follows from what is on record, looked at every second, and not from who changed it: what is
decided at the command line shows in Slack too, and a process that is killed has nothing to remember.
"""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from actions.audit.models import AuditEntry
from actions.cases.models import Case, CaseEvent, CaseTag
from actions.cases.notes import RESTRICTED
from actions.clock import now
from actions.fulfilment.models import Step
from actions.slack.models import SlackCall
from bot.slack import outbox
from bot.slack.card import card, summary
from bot.slack.interfaces import SlackServices

EVERY_SECONDS = 1.0
TROUBLE_SECONDS = 5.0
AFTERWARDS = timedelta(hours=1)
MOST = 200
log = structlog.get_logger("slack")


def watch(services: SlackServices, stop: threading.Event) -> None:
    """Keep the channel as the cases are, until told to stop."""
    while not stop.is_set():
        services.changed.clear()
        try:
            look(services)
        except SQLAlchemyError as error:
            log.error("database_trouble", error=type(error).__name__)
            stop.wait(TROUBLE_SECONDS)
        services.changed.wait(EVERY_SECONDS)


def look(services: SlackServices) -> int:
    """Post what is new and change what has changed; returns how many calls were put into the queue."""
    with services.database.read() as session:
        new, changed = _to_post(session), _to_change(session)
    for case_id, key in new:
        _post(services, case_id, key)
    for case_id, root, key in changed:
        _change(services, case_id, root, key)
    return len(new) + len(changed)


def _to_post(session: Session) -> list[tuple[int, str]]:
    """Cases that wait for a decision and were not posted since they do."""
    restricted = select(CaseTag.case_id).where(CaseTag.tag == RESTRICTED)
    since = (
        select(Case.id, func.max(CaseEvent.id))
        .join(CaseEvent, CaseEvent.case_id == Case.id)
        .where(Case.state == "awaiting_approval", Case.id.not_in(restricted))
        .group_by(Case.id)
        .order_by(Case.id)
    )
    wanted = {f"card:{case_id}:{event_id}": case_id for case_id, event_id in session.execute(since)}
    return [(wanted[key], key) for key in _missing(session, list(wanted))][:MOST]


def _to_change(session: Session) -> list[tuple[int, str, str]]:
    """Messages of cases about which something was done since they were written."""
    roots = session.execute(
        select(SlackCall.case_id, SlackCall.key, SlackCall.created_at, Case.reference)
        .join(Case, Case.id == SlackCall.case_id)
        .where(
            SlackCall.key.like("card:%"),
            SlackCall.method == "chat.postMessage",
            SlackCall.redacted_at.is_(None),
            or_(Case.closed_at.is_(None), Case.closed_at >= now(session) - AFTERWARDS),
        )
        .order_by(SlackCall.id.desc())
        .limit(MOST)
    ).all()
    if not roots:
        return []
    entries = _last_entries(session, {row.reference for row in roots})
    steps = _steps_done(session, {row.case_id for row in roots})
    wanted = {}
    for row in roots:
        entry, at = entries.get(row.reference, (0, row.created_at))
        done, done_at = steps.get(row.case_id, (0, row.created_at))
        if max(at, done_at) > row.created_at:
            wanted[f"{row.key}:{entry}.{done}"] = (row.case_id, row.key)
    return [(*wanted[key], key) for key in _missing(session, list(wanted))]


def _last_entries(session: Session, references: set[str]) -> dict[str, tuple[int, datetime]]:
    """The audit trail's last entry about each case; whatever is done with a case leaves one."""
    rows = session.execute(
        select(AuditEntry.subject, func.max(AuditEntry.id), func.max(AuditEntry.at))
        .where(AuditEntry.subject.in_(references))
        .group_by(AuditEntry.subject)
    )
    return {reference: (entry, at) for reference, entry, at in rows}


def _steps_done(session: Session, case_ids: set[int]) -> dict[int, tuple[int, datetime]]:
    rows = session.execute(
        select(Step.case_id, func.count(), func.max(Step.done_at))
        .where(Step.case_id.in_(case_ids), Step.state == "done")
        .group_by(Step.case_id)
    )
    return {case_id: (done, at) for case_id, done, at in rows if case_id is not None and at is not None}


def _missing(session: Session, keys: list[str]) -> list[str]:
    known = set(session.scalars(select(SlackCall.key).where(SlackCall.key.in_(keys))))
    return [key for key in keys if key not in known]


def _post(services: SlackServices, case_id: int, key: str) -> None:
    # Read first: the CRM is asked for initials, and no transaction should wait for it.
    with services.database.read() as session:
        case = session.get(Case, case_id)
        if case is None or case.state != "awaiting_approval":
            return
        seen = _last_entries(session, {case.reference})
        shown = {"text": summary(session, case), "blocks": card(session, services, case)}
    with services.database.write() as session:
        if _last_entries(session, {case.reference}) != seen:
            # Something was done meanwhile, and the message counts as written after it: look again.
            return
        outbox.enqueue(
            session,
            "chat.postMessage",
            {"channel": services.settings.slack_support_channel, "unfurl_links": False, **shown},
            order_key=f"case:{case_id}",
            idempotency_key=key,
            conversation_id=case.conversation_id,
            case_id=case_id,
        )


def _change(services: SlackServices, case_id: int, root: str, key: str) -> None:
    with services.database.read() as session:
        case = session.get(Case, case_id)
        if case is None:
            return
        shown = {"text": summary(session, case), "blocks": card(session, services, case)}
    with services.database.write() as session:
        outbox.enqueue(
            session,
            "chat.update",
            {"channel": outbox.channel_of(root), "ts": outbox.ts_of(root), **shown},
            order_key=f"case:{case_id}",
            idempotency_key=key,
            case_id=case_id,
        )
