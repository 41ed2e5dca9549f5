"""Noting what came of telling those who had been given the data (UK GDPR Art. 19)."""

from __future__ import annotations

from typing import Any

from slack_bolt import App
from sqlalchemy.orm import Session

from actions.cases.models import Case
from actions.recipients import services as recipients
from actions.recipients.interfaces import NoticeState
from bot.slack.blocks import field, modal, option, select, text_input
from bot.slack.forms import on_opening, on_submission
from bot.slack.interfaces import Agent, Block, SlackRefused, SlackServices
from bot.slack.performing import Act, Effect, pack
from bot.slack.wording import marked, plain

BY_PEOPLE: tuple[NoticeState, ...] = ("told", "confirmed", "not_needed", "impossible")
MOST_WORDS = 200


def register(app: App, services: SlackServices) -> None:
    """Add the button and the form."""
    on_opening(app, services, "outcome", _form, at_least="agent")
    on_submission(app, services, "outcome_form", _noted, error_at="words", at_least="agent")


def _form(session: Session, _agent: Agent, case: Case) -> Block:
    told = recipients.outcomes(session, case)
    if not told:
        raise SlackRefused(plain("outcome.nobody", reference=case.reference))
    whom = [option(one.name, str(one.notice_id), description=plain(f"outcome.{one.state}")) for one in told]
    states = [option(plain(f"outcome.{state}"), state) for state in BY_PEOPLE]
    return modal(
        "outcome_form",
        plain("button.outcome"),
        [
            field("notice", plain("outcome.whom"), select("notice", whom)),
            field("state", plain("outcome.what"), select("state", states)),
            field(
                "words",
                plain("outcome.words"),
                text_input("words", most=MOST_WORDS),
                optional=True,
                hint=plain("outcome.hint"),
            ),
        ],
        submit=plain("form.save"),
        close=plain("form.cancel"),
        metadata=pack(case=case.reference),
    )


def _noted(given: dict[str, Any]) -> Effect:
    def effect(act: Act) -> str:
        number = int(given["notice"])
        of_this_case = {one.notice_id: one.name for one in recipients.outcomes(act.session, act.case)}
        state = next((each for each in BY_PEOPLE if each == given["state"]), None)
        if number not in of_this_case or state is None:
            raise SlackRefused(plain("outcome.nobody", reference=act.case.reference))
        recipients.note_outcome(
            act.session, number, state, by=act.agent.name, note=str(given.get("words", ""))
        )
        return marked("outcome.done", name=of_this_case[number], reference=act.case.reference)

    return effect
