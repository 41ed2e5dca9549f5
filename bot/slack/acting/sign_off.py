"""The data protection officer's word on a refusal that needs it (UK GDPR Art. 12(5))."""

from __future__ import annotations

from typing import Any

from slack_bolt import App
from sqlalchemy.orm import Session

from actions.cases import services as cases
from actions.cases.models import Case
from actions.rights import signing_off
from bot.slack.blocks import cut, field, modal, section, text_input
from bot.slack.forms import on_opening, on_press, on_submission
from bot.slack.interfaces import Agent, Block, SlackRefused, SlackServices
from bot.slack.performing import Act, Effect, pack
from bot.slack.wording import marked, plain

MOST_SHOWN = 500


def register(app: App, services: SlackServices) -> None:
    """Add the buttons and the form."""
    on_press(app, services, "sign_off", _signed_off, at_least="dpo")
    on_opening(app, services, "turn_down", _form, at_least="dpo")
    on_submission(app, services, "turn_down_form", _turned_down, error_at="words", at_least="dpo")


def _signed_off(act: Act) -> str:
    signing_off.sign_off(act.session, act.crm, act.case, by=act.agent.name)
    return marked("sign_off.done", reference=act.case.reference)


def _evidence(session: Session, case: Case) -> list[str]:
    return [cut(note.text, MOST_SHOWN) for note in cases.notes_of(session, case, kind="evidence")][-5:]


def _form(session: Session, _agent: Agent, case: Case) -> Block:
    proposal = signing_off.proposal_of(case)
    if proposal is None:
        raise SlackRefused(plain("sign_off.nothing", reference=case.reference))
    return modal(
        "turn_down_form",
        plain("button.turn_down"),
        [
            section(marked("sign_off.proposal", by=proposal.by, reason=proposal.reason)),
            *(section(marked("sign_off.evidence", words=words)) for words in _evidence(session, case)),
            field("words", plain("sign_off.words"), text_input("words", multiline=True), optional=True),
        ],
        submit=plain("button.turn_down"),
        close=plain("form.cancel"),
        metadata=pack(case=case.reference),
    )


def _turned_down(given: dict[str, Any]) -> Effect:
    def effect(act: Act) -> str:
        signing_off.turn_down(act.session, act.case, by=act.agent.name, why=str(given.get("words", "")))
        return marked("sign_off.turned_down", reference=act.case.reference)

    return effect
