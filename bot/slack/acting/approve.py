"""Approving: at a press where that is all there is to say, with a form where it is not."""

from __future__ import annotations

from typing import Any

from slack_bolt import App

from actions.cases.models import Case
from actions.crm import services as crm_services
from actions.rights import decisions
from bot.slack.blocks import field, modal, option, section, select, text_input
from bot.slack.forms import on_opening, on_press, on_submission
from bot.slack.interfaces import Agent, Block, SlackRefused, SlackServices
from bot.slack.performing import Act, Effect, pack
from bot.slack.shown import initials, may_see_values, whose
from bot.slack.wording import marked, plain

WAITS = ("awaiting_approval",)


def register(app: App, services: SlackServices) -> None:
    """Add the buttons and the form."""
    on_press(app, services, "approve", _approved({}), at_least="approver", while_in=WAITS)
    on_opening(app, services, "approve_form", _form, at_least="approver")
    on_submission(
        app, services, "approve_form", _approved, error_at="answer", at_least="approver", while_in=WAITS
    )


def _approved(given: dict[str, Any]) -> Effect:
    def effect(act: Act) -> str:
        in_motion = decisions.approve(
            act.session,
            act.crm,
            act.case,
            by=act.agent.name,
            contact_id=given.get("contact") or given.get("contact_typed") or None,
            answer=given.get("answer", ""),
            replaced="replaced" in (given.get("replaced") or ()),
            addresses=act.addresses,
        )
        name = "approve.done" if in_motion else "approve.first"
        return marked(name, reference=act.case.reference, state=plain(f"state.{act.case.state}"))

    return effect


def _form(_session: Any, agent: Agent, case: Case) -> Block:
    if case.state not in WAITS:
        raise SlackRefused(
            plain("acting.state", reference=case.reference, state=plain(f"state.{case.state}"))
        )
    details = case.details or {}
    blocks = [section(marked("approve.about", reference=case.reference, whose=whose(case)))]
    if details.get("successor") and may_see_values(agent.role):
        blocks.append(section(marked("approve.successor", words=str(details["successor"]))))
    blocks += _who(case)
    if case.right == "erasure":
        choice = {
            "type": "checkboxes",
            "action_id": "replaced",
            "options": [option(plain("approve.replaced"), "replaced")],
        }
        blocks.append(field("replaced", plain("approve.agreement"), choice, optional=True))
    blocks.append(
        field(
            "answer",
            plain("approve.answer"),
            text_input("answer", multiline=True),
            optional=True,
            hint=plain("approve.answer_hint"),
        )
    )
    return modal(
        "approve_form",
        plain("button.approve"),
        blocks,
        submit=plain("button.approve"),
        close=plain("form.cancel"),
        metadata=pack(case=case.reference),
    )


def _who(case: Case) -> list[Block]:
    if case.contact_id is not None:
        return []
    crm = crm_services.get_crm()
    found = [(name, crm.get(name)) for name in (case.details or {}).get("candidates", ())]
    known = [(name, contact) for name, contact in found if contact is not None]
    if not known and case.address:
        known = [(contact.id, contact) for contact in crm.find_by_email(case.address)]
    if known:
        options = [option(f"{initials(contact)} ({name})", name) for name, contact in known]
        return [field("contact", plain("approve.who"), select("contact", options))]
    hint = plain("approve.who_hint")
    return [field("contact_typed", plain("approve.who"), text_input("contact"), optional=True, hint=hint)]
