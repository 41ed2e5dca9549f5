"""Giving a case to somebody who works here."""

from __future__ import annotations

from typing import Any

from slack_bolt import App

from actions.cases import services as cases
from actions.cases.models import Case
from actions.handover.interfaces import ROLES
from bot.slack.blocks import field, mention, modal
from bot.slack.forms import on_opening, on_submission
from bot.slack.interfaces import Agent, Block, SlackRefused, SlackServices
from bot.slack.performing import Act, Effect, pack
from bot.slack.wording import marked, plain


def register(app: App, services: SlackServices) -> None:
    """Add the button and the form."""
    on_opening(app, services, "assign", _form, at_least="agent")
    on_submission(app, services, "assign_form", _assigned, error_at="to", at_least="agent")


def _form(_session: Any, agent: Agent, case: Case) -> Block:
    person = {"type": "users_select", "action_id": "to", "initial_user": agent.user_id}
    return modal(
        "assign_form",
        plain("button.assign"),
        [field("to", plain("assign.to"), person, optional=True, hint=plain("assign.hint"))],
        submit=plain("button.assign"),
        close=plain("form.cancel"),
        metadata=pack(case=case.reference),
    )


def _assigned(given: dict[str, Any]) -> Effect:
    def effect(act: Act) -> str:
        user_id = str(given.get("to") or "")
        if not user_id:
            cases.assign(act.session, act.case, None, by=act.agent.name)
            return marked("assign.nobody", reference=act.case.reference)
        colleague = act.services.people.agent(act.session, user_id)
        if colleague is None or ROLES.index(colleague.role) < ROLES.index("agent"):
            raise SlackRefused(plain("assign.no_agent"))
        cases.assign(act.session, act.case, colleague.name, by=act.agent.name)
        return marked("assign.done", reference=act.case.reference, who=mention(user_id))

    return effect
