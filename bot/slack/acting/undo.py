"""Taking an erasure back within its waiting time."""

from __future__ import annotations

from typing import Any

from slack_bolt import App

from actions.cases.models import Case
from actions.rights import decisions
from bot.slack.blocks import field, modal, section, text_input
from bot.slack.forms import on_opening, on_submission
from bot.slack.interfaces import Agent, Block, SlackServices
from bot.slack.performing import Act, Effect, pack
from bot.slack.wording import marked, plain


def register(app: App, services: SlackServices) -> None:
    """Add the button and the form."""
    on_opening(app, services, "undo", _form, at_least="approver")
    on_submission(
        app,
        services,
        "undo_form",
        _undone,
        error_at="words",
        at_least="approver",
        while_in=("scheduled",),
    )


def _form(_session: Any, _agent: Agent, case: Case) -> Block:
    words = text_input("words", multiline=True, focus=True)
    return modal(
        "undo_form",
        plain("button.undo"),
        [
            section(marked("undo.about", reference=case.reference)),
            field("words", plain("undo.words"), words, hint=plain("form.kept_encrypted")),
        ],
        submit=plain("button.undo"),
        close=plain("form.cancel"),
        metadata=pack(case=case.reference),
    )


def _undone(given: dict[str, Any]) -> Effect:
    def effect(act: Act) -> str:
        decisions.undo(act.session, act.case, by=act.agent.name, reason=str(given["words"]))
        return marked("undo.done", reference=act.case.reference)

    return effect
