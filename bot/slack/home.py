"""The app's Home: the queue, with counts, filters and pages."""

from __future__ import annotations

from typing import Any

from slack_bolt import App
from sqlalchemy.orm import Session

from actions.cases import queues
from actions.cases import services as cases
from actions.cases.interfaces import RIGHTS
from actions.cases.models import Case
from actions.cases.queues import QUEUES, QueueName, Reader
from actions.handover import desk_agents
from actions.rights import safeguards, signing_off
from bot.slack.blocks import (
    VIEW_BLOCKS,
    Marked,
    actions,
    button,
    context,
    divider,
    header,
    option,
    section,
    select,
)
from bot.slack.card import right as titled
from bot.slack.interfaces import Agent, Block, Body, SlackRefused, SlackServices
from bot.slack.performing import look, pack, pressed, unpack, user_of, who
from bot.slack.shown import day, time_left
from bot.slack.telling import publish
from bot.slack.wording import marked, plain

ON_A_PAGE = 10
ANY_RIGHT = "any"


def register(app: App, services: SlackServices) -> None:
    """Show the Home when it is opened, and follow its filters and pages."""

    def opened(event: Body) -> None:
        if event.get("tab") == "home":
            show(services, event["user"])

    def filtered(body: Body) -> None:
        now_shown = _shown(body)
        show(services, user_of(body), **{**now_shown, **pressed(body), "page": 1})

    def turned(body: Body) -> None:
        show(services, user_of(body), **{**_shown(body), **pressed(body)})

    app.event("app_home_opened")(opened)
    for action_id in ("home_queue", "home_right"):
        app.action(action_id)(_acknowledged(filtered))
    for action_id in ("home_previous", "home_next", "home_refresh"):
        app.action(action_id)(_acknowledged(turned))


def show(
    services: SlackServices, user_id: str, *, queue: str = "", right: str = ANY_RIGHT, page: int = 1
) -> None:
    """Publish somebody's Home.

    Args:
        services: the app's.
        user_id: whose.
        queue: which queue; by default what waits for them, or all where nothing does.
        right: only cases of this right; `any` for all.
        page: which page, counted from 1.
    """
    try:
        agent, reader = look(services, {"user": {"id": user_id}}, what="home")
    except SlackRefused as refusal:
        publish(services, user_id, {"type": "home", "blocks": [section(refusal.sentence)]})
        return
    with services.database.read() as session:
        view = home(session, services, agent, reader, queue=queue, right=right, page=page)
    publish(services, user_id, view)


def home(
    session: Session,
    services: SlackServices,
    agent: Agent,
    reader: Reader,
    *,
    queue: str = "",
    right: str = ANY_RIGHT,
    page: int = 1,
) -> Block:
    """The view; the arguments are those of `show`."""
    counts = queues.counts(session, reader)
    name: QueueName = next((each for each in QUEUES if each == queue), "mine" if counts["mine"] else "all")
    chosen = right if right in RIGHTS else None
    found, total = queues.page(
        session, reader, name, right=chosen, offset=(max(1, page) - 1) * ON_A_PAGE, limit=ON_A_PAGE
    )
    if not found and total:
        page = -(-total // ON_A_PAGE)
        found, total = queues.page(
            session, reader, name, right=chosen, offset=(page - 1) * ON_A_PAGE, limit=ON_A_PAGE
        )
    blocks = [
        header(plain("home.title")),
        context(_who_am_i(session, agent)),
        section(
            Marked(plain("home.counts")),
            fields=[
                marked("home.count", what=plain(f"queue.{each}"), count=counts[each])
                for each in QUEUES
                if each != "all"
            ],
        ),
        actions(*_filters(name, chosen, counts), button(plain("home.refresh"), "home_refresh", value=pack())),
        divider(),
    ]
    for case in found:
        blocks.append(_row(session, services, case))
    if not found:
        blocks.append(section(plain(f"home.empty.{name}")))
    blocks += _pages(page, total)
    state = pack(queue=name, right=chosen or ANY_RIGHT, page=page)
    return {"type": "home", "private_metadata": state, "blocks": blocks[:VIEW_BLOCKS]}


def _row(session: Session, services: SlackServices, case: Case) -> Block:
    parts = [plain(f"state.{case.state}")]
    if case.assigned_to:
        parts.append(marked("home.with", who=who(session, services, case.assigned_to)))
    if cases.on_hold(session, case):
        parts.append(plain("card.held"))
    if signing_off.proposal_of(case) is not None:
        parts.append(plain("home.sign_off"))
    if safeguards.approved_by(case):
        parts.append(plain("home.second"))
    text = marked(
        "home.row",
        right=titled(case),
        reference=case.reference,
        due=day(case.due_on),
        left=time_left(session, case),
        rest=Marked(" · ".join(parts)),
    )
    return section(text, accessory=button(plain("button.open"), "case_open", value=pack(case=case.reference)))


def _who_am_i(session: Session, agent: Agent) -> str:
    parts = [plain("home.role", name=agent.name, role=plain(f"role.{agent.role}"))]
    if agent.standing_in_for:
        parts.append(plain("home.deputy"))
    if agent.identity.may_talk:
        on = desk_agents.on_duty(session, agent.name)
        parts.append(plain("home.on_duty" if on else "home.off_duty"))
    return " · ".join(parts)


def _filters(name: QueueName, right: str | None, counts: dict[QueueName, int]) -> tuple[Block, Block]:
    in_queue = [
        option(plain("home.option", what=plain(f"queue.{each}"), count=counts[each]), pack(queue=each))
        for each in QUEUES
    ]
    of_right = [option(plain("home.any_right"), pack(right=ANY_RIGHT))]
    of_right += [option(plain(f"right.{each}"), pack(right=each)) for each in RIGHTS]
    return (
        select("home_queue", in_queue, chosen=pack(queue=name)),
        select("home_right", of_right, chosen=pack(right=right or ANY_RIGHT)),
    )


def _pages(page: int, total: int) -> list[Block]:
    pages = max(1, -(-total // ON_A_PAGE))
    if pages == 1:
        return []
    elements = []
    if page > 1:
        elements.append(button(plain("page.previous"), "home_previous", value=pack(page=page - 1)))
    if page < pages:
        elements.append(button(plain("page.next"), "home_next", value=pack(page=page + 1)))
    return [context(plain("page.number", page=page, pages=pages, total=total)), actions(*elements)]


def _shown(body: Body) -> dict[str, Any]:
    return unpack((body.get("view") or {}).get("private_metadata", ""))


def _acknowledged(listener: Any) -> Any:
    def run(ack: Any, body: Body) -> None:
        listener(body)
        ack()

    return run
