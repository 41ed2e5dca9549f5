"""Legal hold: set with a reason, lifted at a press."""

from __future__ import annotations

from typing import Any

from slack_bolt import App

from actions.cases import services as cases
from actions.cases.models import Case
from actions.rights import decisions
from bot.slack.blocks import field, modal, section, text_input
from bot.slack.forms import on_opening, on_press, on_submission
from bot.slack.interfaces import Agent, Block, SlackRefused, SlackServices
from bot.slack.performing import Act, Effect, pack
from bot.slack.wording import marked, plain


def register(app: App, services: SlackServices) -> None:
    """Add the buttons and the form."""
    on_opening(app, services, "hold", _form, at_least="approver")
    on_submission(app, services, "hold_form", _held, error_at="words", at_least="approver")
    on_press(app, services, "release", _released, at_least="approver")


def _form(_session: Any, _agent: Agent, case: Case) -> Block:
    words = text_input("words", multiline=True, focus=True)
    return modal(
        "hold_form",
        plain("button.hold"),
        [
            section(marked("hold.about", reference=case.reference)),
            field("words", plain("hold.words"), words, hint=plain("form.kept_encrypted")),
        ],
        submit=plain("button.hold"),
        close=plain("form.cancel"),
        metadata=pack(case=case.reference),
    )


def _held(given: dict[str, Any]) -> Effect:
    def effect(act: Act) -> str:
        decisions.hold(act.session, act.case, by=act.agent.name, reason=str(given["words"]))
        return marked("hold.done", reference=act.case.reference)

    return effect


def _released(act: Act) -> str:
    standing = cases.holds_of(act.session, act.case)
    if not standing:
        raise SlackRefused(plain("hold.none", reference=act.case.reference))
    for hold in standing:
        decisions.release(act.session, hold, by=act.agent.name)
    return marked("hold.lifted", reference=act.case.reference)
