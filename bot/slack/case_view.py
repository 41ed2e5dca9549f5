"""A case as a modal: its story, its clock explained, an erasure's plan by record, what was searched."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from slack_bolt import Ack, App
from sqlalchemy.orm import Session

from actions.cases import services as cases
from actions.cases.deadlines import local_date
from actions.cases.explain import explain
from actions.cases.models import Case
from actions.clock import now
from actions.evidence.gathering import asked_of, identity_of, plan_of, searches_of
from actions.evidence.story import story
from actions.evidence.words import words
from actions.fulfilment import services as journal
from actions.recipients import services as recipients
from bot.slack.blocks import (
    Marked,
    actions,
    button,
    context,
    divider,
    escape,
    modal,
    page,
    section,
)
from bot.slack.card import card
from bot.slack.interfaces import Agent, Block, Body, SlackRefused, SlackServices
from bot.slack.performing import channel_of, look, pack, pressed, seen, unpack, who
from bot.slack.shown import day, may_read_notes, may_see_values, moment, whose
from bot.slack.telling import replace, show, tell
from bot.slack.wording import marked, plain

CALLBACK = "case"
LINES = 25


def register(app: App, services: SlackServices) -> None:
    """Open cases, and turn to their parts and pages."""

    def opened(ack: Ack, body: Body) -> None:
        _guarded(services, body, lambda: open_case(services, body, pressed(body)["case"]))
        ack()

    def turned(ack: Ack, body: Body) -> None:
        _guarded(services, body, lambda: show_again(services, body, **pressed(body)))
        ack()

    app.action("case_open")(opened)
    for action_id in (*(f"case_{name}" for name in PARTS), "case_previous", "case_next"):
        app.action(action_id)(turned)


def open_case(services: SlackServices, body: Body, reference: str, *, channel: str | None = None) -> None:
    """Open a case's modal.

    Raises:
        SlackRefused: there is no such case, or not for them.
    """
    agent, _reader = look(services, body, what="open_case", channel=channel or channel_of(body))
    with services.database.read() as session:
        view = case_modal(session, services, agent, seen(session, agent, reference))
    show(services, body, view)


def show_again(
    services: SlackServices,
    body: Body,
    *,
    case: str,
    part: str = "story",
    number: int = 1,
    notice: str = "",
    view_id: str | None = None,
) -> None:
    """Show an open modal anew, at a part and page, with a line on top about what was done.

    Raises:
        SlackRefused: there is no such case, or not for them.
    """
    agent, _reader = look(services, body, what="open_case")
    with services.database.read() as session:
        found = seen(session, agent, case)
        view = case_modal(session, services, agent, found, part=part, number=number, notice=notice)
    replace(services, view_id or body["view"]["id"], view)


def case_modal(
    session: Session,
    services: SlackServices,
    agent: Agent,
    case: Case,
    *,
    part: str = "story",
    number: int = 1,
    notice: str = "",
) -> Block:
    """The modal.

    Args:
        session: any session.
        services: the app's.
        agent: whose eyes it is for.
        case: the case.
        part: one of `PARTS`.
        number: which page of it.
        notice: what was just done.
    """
    part = part if part in PARTS else "story"
    lines = list(PARTS[part](session, services, agent, case))
    chosen = page(lines or [escape(plain(f"part.{part}.empty"))], number, LINES)
    blocks = [context(notice)] if notice else []
    blocks += card(session, services, case, role=agent.role)
    blocks.append(section(Marked("\n".join(_facts(session, case)))))
    blocks.append(actions(*(_tab(case, name, part) for name in PARTS)))
    blocks.append(divider())
    blocks += [section(line) for line in chosen.items]
    if chosen.pages > 1:
        blocks.append(
            context(plain("page.number", page=chosen.number, pages=chosen.pages, total=chosen.total))
        )
        blocks.append(actions(*_pages(case, part, chosen.number, chosen.pages)))
    return modal(
        CALLBACK,
        case.reference,
        blocks,
        close=plain("form.close"),
        metadata=pack(case=case.reference, part=part, number=chosen.number),
    )


def after(services: SlackServices, body: Body, sentence: str) -> None:
    """Show what came of a press: in the case's modal on top of it, elsewhere as a private word."""
    view = body.get("view") or {}
    if not sentence:
        return
    if view.get("callback_id") == CALLBACK:
        _guarded(
            services,
            body,
            lambda: show_again(services, body, **unpack(view["private_metadata"]), notice=sentence),
        )
        return
    tell(services, body, sentence)


def _guarded(services: SlackServices, body: Body, do: Callable[[], None]) -> None:
    try:
        do()
    except SlackRefused as refusal:
        tell(services, body, refusal.sentence)


def _tab(case: Case, name: str, chosen: str) -> Block:
    style = "primary" if name == chosen else None
    value = pack(case=case.reference, part=name)
    return button(plain(f"part.{name}"), f"case_{name}", value=value, style=style)


def _pages(case: Case, part: str, number: int, pages: int) -> Iterator[Block]:
    for name, to, there in (
        ("previous", number - 1, number > 1),
        ("next", number + 1, number < pages),
    ):
        if there:
            value = pack(case=case.reference, part=part, number=to)
            yield button(plain(f"page.{name}"), f"case_{name}", value=value)


def _facts(session: Session, case: Case) -> Iterator[str]:
    yield marked("case.whose", whose=whose(case))
    yield marked("case.received", at=moment(case.received_at), channel=plain(f"channel.{_channel(case)}"))
    if tags := cases.tags_of(session, case):
        yield marked("case.tags", tags=", ".join(tags))
    for other, _kind in cases.linked(session, case):
        yield marked("case.linked", reference=other.reference, state=plain(f"state.{other.state}"))


def _channel(case: Case) -> str:
    known = ("web", "slack", "email", "telephone", "letter", "in_person")
    return case.channel if case.channel in known else "other"


def _story(session: Session, services: SlackServices, agent: Agent, case: Case) -> Iterator[str]:
    if may_see_values(agent.role):
        for row in asked_of(case):
            yield marked("story.asked", label=row["label"], value=row["value"])
    for line in story(session, case, with_notes=may_read_notes(agent.role)):
        # Reasons and answers are people's own words, and observers see where a case stands, not those.
        text = line.text if may_read_notes(agent.role) else line.text.partition(":")[0]
        yield marked("story.line", at=moment(line.at), who=who(session, services, line.by), text=text)


def _clock(session: Session, _services: SlackServices, _agent: Agent, case: Case) -> Iterator[str]:
    explained = explain(case, today=local_date(now(session)))
    for row in explained.rows:
        yield marked("clock.row", value=row["value"], label=row["label"])


def _plan(_session: Session, _services: SlackServices, _agent: Agent, case: Case) -> Iterator[str]:
    plan = plan_of(case)
    if plan is None:
        return
    for one in plan.records:
        yield marked(
            "plan.row.ground" if one.ground else "plan.row",
            label=one.label,
            action=plain(f"plan.{one.action}"),
            **({"ground": one.ground, "review": _review(one.review_on)} if one.ground else {}),
        )


def _review(on: Any) -> str:
    return plain("plan.review", date=day(on)) if on else plain("plan.review_open")


def _searched(session: Session, services: SlackServices, agent: Agent, case: Case) -> Iterator[str]:
    for one in searches_of(session, case):
        name = (
            "searched.left_out"
            if not one.searched
            else "searched.row"
            if one.found is None
            else "searched.found"
        )
        note = one.note if may_read_notes(agent.role) else ""
        values: dict[str, Any] = {"count": one.found} if name == "searched.found" else {}
        line = marked(name, label=one.label, who=who(session, services, one.by), at=moment(one.at), **values)
        yield marked("searched.note", line=line, note=note) if note else line


def _work(session: Session, services: SlackServices, agent: Agent, case: Case) -> Iterator[str]:
    yield marked("work.identity", needs=identity_of(session, case).needs)
    for task in cases.open_tasks(session, case=case):
        due = day(task.due_on) if task.due_on else plain("work.no_date")
        yield marked("work.task", text=task.text, due=due)
    for hold in cases.holds_of(session, case):
        reason = hold.reason if may_read_notes(agent.role) else plain("work.hidden")
        yield marked(
            "work.hold", who=who(session, services, hold.placed_by), at=moment(hold.placed_at), reason=reason
        )
    for step in journal.open_steps(session, case):
        yield marked(
            "work.step", kind=words().steps.get(step.kind, step.kind), state=plain(f"step.{step.state}")
        )
    for outcome in recipients.outcomes(session, case):
        yield marked("work.recipient", name=outcome.name, state=plain(f"outcome.{outcome.state}"))


Part = Callable[[Session, SlackServices, Agent, Case], Iterator[str]]
PARTS: Mapping[str, Part] = MappingProxyType(
    {"story": _story, "clock": _clock, "plan": _plan, "searched": _searched, "work": _work}
)
