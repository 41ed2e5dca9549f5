"""Writing something down about a case, for colleagues."""

from __future__ import annotations

from typing import Any

from slack_bolt import App

from actions.cases import services as cases
from actions.cases.models import Case
from bot.slack.blocks import field, modal, text_input
from bot.slack.forms import on_opening, on_submission
from bot.slack.interfaces import Agent, Block, SlackServices
from bot.slack.performing import Act, Effect, pack
from bot.slack.wording import marked, plain


def register(app: App, services: SlackServices) -> None:
    """Add the button and the form."""
    on_opening(app, services, "note", _form, at_least="agent")
    on_submission(app, services, "note_form", _noted, error_at="words", at_least="agent")


def _form(_session: Any, _agent: Agent, case: Case) -> Block:
    words = text_input("words", multiline=True, focus=True)
    return modal(
        "note_form",
        plain("button.note"),
        [field("words", plain("note.words"), words, hint=plain("form.kept_encrypted"))],
        submit=plain("form.save"),
        close=plain("form.cancel"),
        metadata=pack(case=case.reference),
    )


def _noted(given: dict[str, Any]) -> Effect:
    def effect(act: Act) -> str:
        cases.add_note(act.session, act.case, str(given["words"]), by=act.agent.name)
        return marked("note.done", reference=act.case.reference)

    return effect
