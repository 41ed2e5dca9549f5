"""What the desk is told by itself, each once: requests coming due, stuck steps, many wrong codes, the digest.

It follows from what is on record, and an alert's name in the outbox is its once: whichever process looks, and
however often, the same alert has the same name.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from actions.cases.counting import clock_stands_still, met_on
from actions.cases.deadlines import local_date, zone
from actions.cases.explain import short_date
from actions.cases.interfaces import OPEN_STATES
from actions.cases.models import AgentTask, Case
from actions.clock import now
from actions.handover import hours
from actions.identity.models import VerificationCode
from actions.logs import where
from actions.slack.models import SlackCall, SlackPerson
from actions.wording import phrase
from actions.wording.services import identity_rules
from bot.slack import blocks, outbox
from bot.slack.alert_rules import alert_rules
from bot.slack.blocks import Marked
from bot.slack.interfaces import Block, SlackServices
from bot.slack.wording import marked, plain

LOOK_SECONDS = 15.0
CODES = "alert:codes:"
OPEN = "case_open"
"""The button that opens a case, wherever it stands (`case_view`)."""
log = structlog.get_logger("slack")


@dataclass(frozen=True)
class Alert:
    """Something to tell.

    Attributes:
        key: its name, by which it is told once.
        text: what is told.
        shown: the same as blocks.
        case_id: the request it is about.
        to: who is told instead of the channel, by Slack's id of them.
    """

    key: str
    text: Marked
    shown: list[Block]
    case_id: int | None = None
    to: str | None = None


def loop(services: SlackServices, stop: threading.Event) -> None:
    """See `bot.slack.interfaces.Loop`."""
    while not stop.is_set():
        try:
            look(services)
        except Exception as error:
            # Whatever it is, the next look may find it gone; alerts that never come again would be worse.
            log.error("alerts_failed", error=type(error).__name__, at=where(error))
        stop.wait(LOOK_SECONDS)


def look(services: SlackServices) -> int:
    """Put every alert that is due and was not told yet into the outbox; returns how many those were."""
    services.roles.prepare()
    with services.database.read() as session:
        due = _untold(session, services)
    if not due:
        return 0
    with services.database.write() as session:
        new = _untold(session, services)
        for alert in new:
            outbox.enqueue(
                session,
                "chat.postMessage",
                {
                    "channel": alert.to or services.settings.slack_support_channel,
                    "text": alert.text,
                    "blocks": alert.shown,
                    "unfurl_links": False,
                },
                order_key=f"alerts:{alert.to or ''}",
                idempotency_key=alert.key,
                case_id=alert.case_id,
            )
    return len(new)


def _untold(session: Session, services: SlackServices) -> list[Alert]:
    alerts = [*_tasks(session, _officers(session, services)), *_wrong_codes(session)]
    at = now(session)
    if _is_morning(at):
        alerts += [*_due(session, local_date(at)), *_digest(session, at)]
    known = set(
        session.scalars(select(SlackCall.key).where(SlackCall.key.in_([alert.key for alert in alerts])))
    )
    return [alert for alert in alerts if alert.key not in known]


def _due(session: Session, today: date) -> Iterator[Alert]:
    """Requests whose time is running out, by the nearest of the days at which that is told."""
    for case in _open_cases(session, today + timedelta(days=max(alert_rules().due_in_days))):
        left = (case.due_on - today).days
        level = "over" if left < 0 else str(min(day for day in alert_rules().due_in_days if left <= day))
        text = _due_text(case, left)
        key = f"alert:due:{case.id}:{case.due_on}:{level}"
        assignee = _assignee(session, case)
        if assignee is not None:
            yield Alert(f"{key}:{assignee}", text, _shown(text, case.reference), case.id, assignee)
        if assignee is None or left < 0:
            yield Alert(key, text, _shown(text, case.reference), case.id)


def _due_text(case: Case, left: int) -> Marked:
    about = {"reference": case.reference, "right": phrase(f"right.{case.right}")}
    if left < 0:
        return marked("alert.overdue", due=short_date(case.due_on), **about)
    if left == 0:
        return marked("alert.due_today", **about)
    days = plain("alert.left.one") if left == 1 else plain("alert.left.many", days=left)
    return marked("alert.due", due=short_date(case.due_on), left=days, **about)


def _open_cases(session: Session, until: date) -> list[Case]:
    """Requests due by a day whose clock runs and asks for something yet, the most urgent first."""
    rows = session.scalars(
        select(Case)
        .where(Case.state.in_(sorted(OPEN_STATES)), Case.due_on <= until)
        .order_by(Case.due_on, Case.id)
    )
    return [case for case in rows if met_on(case) is None and not clock_stands_still(case)]


def _officers(session: Session, services: SlackServices) -> list[str]:
    """The data protection officers, and who stands in for those of them who are away."""
    officers = services.roles.holders("dpo")
    away = select(SlackPerson.user_id).where(
        SlackPerson.user_id.in_(officers), SlackPerson.away_since.is_not(None)
    )
    deputies = [each for absent in session.scalars(away) for each in services.roles.deputies_of(absent)]
    return list(dict.fromkeys([*officers, *deputies]))


def _tasks(session: Session, officers: list[str]) -> Iterator[Alert]:
    """Tasks that cannot wait for somebody to look at the list, to everybody or to the officer or to both.

    Where nobody is the officer, everybody is told: the rule that asks for one must not be missed.
    """
    rules = alert_rules()
    rows = session.execute(
        select(AgentTask, Case.reference)
        .outerjoin(Case, Case.id == AgentTask.case_id)
        .where(AgentTask.done_at.is_(None), AgentTask.kind.in_({*rules.tasks, *rules.officer}))
        .order_by(AgentTask.id)
    )
    for task, reference in rows:
        text = marked(f"alert.{task.kind}", subject=reference or plain("alert.no_case"))
        key = f"alert:task:{task.id}:{int(task.created_at.timestamp())}"
        told = officers if task.kind in rules.officer else []
        for officer in told:
            yield Alert(f"{key}:{officer}", text, _shown(text, reference), task.case_id, officer)
        if task.kind in rules.tasks or not told:
            yield Alert(key, text, _shown(text, reference), task.case_id)


def _wrong_codes(session: Session) -> Iterator[Alert]:
    """A burst of wrong codes; the next is counted from when the last was told."""
    rules = alert_rules()
    at = now(session)
    since = at - timedelta(minutes=rules.within_minutes)
    told = session.scalar(select(func.max(SlackCall.created_at)).where(SlackCall.key.startswith(CODES)))
    tried = identity_rules().code.tries - VerificationCode.tries_left
    rows = session.execute(
        select(tried, VerificationCode.used_at.is_not(None)).where(
            VerificationCode.sent_at > max(since, told or since)
        )
    )
    # The right one was a try too.
    count = sum(tries - bool(was_right) for tries, was_right in rows)
    if count >= rules.wrong_codes:
        text = marked("alert.wrong_codes", count=count, minutes=rules.within_minutes)
        yield Alert(f"{CODES}{at:%Y%m%d%H%M}", text, _shown(text))


def _digest(session: Session, at: datetime) -> Iterator[Alert]:
    """What the day begins with; nothing where there is nothing to say."""
    rules = alert_rules()
    if f"{at.astimezone(zone()):%H:%M}" >= rules.digest_until:
        return
    today = local_date(at)
    soon = max(rules.due_in_days)
    urgent = _open_cases(session, today + timedelta(days=soon))
    counts = {
        "overdue": sum(case.due_on < today for case in urgent),
        "soon": sum(case.due_on >= today for case in urgent),
        "approval": _count_cases(session, "awaiting_approval"),
        "clarification": _count_cases(session, "awaiting_clarification"),
        "tasks": _count_tasks(session),
        "stuck": _count_tasks(session, "stuck_step"),
    }
    if not any(counts.values()):
        return
    lines = [marked(f"digest.{name}", count=count, days=soon) for name, count in counts.items() if count]
    listed = [
        marked(
            "digest.line",
            reference=case.reference,
            right=phrase(f"right.{case.right}"),
            due=short_date(case.due_on),
        )
        for case in urgent[: rules.most_listed]
    ]
    if len(urgent) > rules.most_listed:
        listed.append(marked("digest.more", count=len(urgent) - rules.most_listed))
    shown = [blocks.header(plain("digest.title")), blocks.section(Marked("\n".join(lines)))]
    if listed:
        shown.append(blocks.section(Marked("\n".join(listed))))
    yield Alert(f"digest:{today}", Marked(plain("digest.fallback")), shown)


def _is_morning(at: datetime) -> bool:
    """Whether the working day has begun: what came due at midnight waits for it."""
    local = at.astimezone(zone())
    return hours.opens_on(local.date()) and f"{local:%H:%M}" >= alert_rules().morning


def _assignee(session: Session, case: Case) -> str | None:
    """Whoever has the case, where they are in Slack."""
    if case.assigned_to is None:
        return None
    return session.scalar(select(SlackPerson.user_id).where(SlackPerson.name == case.assigned_to))


def _count_cases(session: Session, state: str) -> int:
    return session.scalar(select(func.count()).select_from(Case).where(Case.state == state)) or 0


def _count_tasks(session: Session, kind: str | None = None) -> int:
    query = select(func.count()).select_from(AgentTask).where(AgentTask.done_at.is_(None))
    return session.scalar(query if kind is None else query.where(AgentTask.kind == kind)) or 0


def _shown(text: Marked, reference: str | None = None) -> list[Block]:
    if reference is None:
        return [blocks.section(text)]
    opens = blocks.button(plain("button.open"), OPEN, value=json.dumps({"case": reference}))
    return [blocks.section(text, accessory=opens)]
