"""Actions that the contact reads of: refuse, ask, extend. A form, then the very letter, then the deed.

The letter that is shown before is written by the deed itself, in a transaction that is taken back.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, App
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from actions.cases import services as cases
from actions.cases.models import Case
from actions.crm import services as crm_services
from actions.handover.interfaces import Role
from actions.mail.models import SentLetter
from actions.rights import decisions, grounds, signing_off
from bot.slack import gate
from bot.slack.blocks import context, divider, field, modal, section, text_input
from bot.slack.blocks import select as menu
from bot.slack.forms import metadata_of, on_opening, on_submission, refusals, refuse, shown, values_of
from bot.slack.interfaces import Agent, Block, Body, SlackRefused, SlackServices
from bot.slack.performing import (
    Act,
    Effect,
    addresses_of,
    faster,
    locked,
    pack,
    reasons_told,
    user_of,
)
from bot.slack.shown import day
from bot.slack.wording import marked, plain

MOST_WORDS = 1000
MOST_EVIDENCE = 400
"""Words travel in the view's metadata from the form to its confirmation, which holds 3,000 characters.

Each may be one that is written with two, as a new line is.
"""

Given = dict[str, Any]


@dataclass(frozen=True)
class LetterAct:
    """One of them.

    Attributes:
        name: of its button, its forms and its sentences.
        at_least: the lowest role that may.
        while_in: the states in which it makes sense.
        fields: the form's fields.
        deed: from what was filled in to what is done.
    """

    name: str
    at_least: Role
    while_in: tuple[str, ...] | None
    fields: Callable[[], list[Block]]
    deed: Callable[[Given], Effect]


class _Taken(Exception):
    """Takes the rehearsal back."""


def register(app: App, services: SlackServices) -> None:
    """Add the actions."""
    for each in ACTS:
        _register(app, services, each)
    on_opening(app, services, "answered", _answer_form, at_least="agent")
    on_submission(
        app,
        services,
        "answered_form",
        _answered,
        error_at="answer",
        at_least="agent",
        while_in=("awaiting_clarification",),
    )


def _register(app: App, services: SlackServices, each: LetterAct) -> None:
    def form(_session: Session, _agent: Agent, case: Case) -> Block:
        return modal(
            f"{each.name}_form",
            plain(f"button.{each.name}"),
            [section(marked(f"{each.name}.about", reference=case.reference)), *each.fields()],
            submit=plain("form.preview"),
            close=plain("form.cancel"),
            metadata=pack(case=case.reference),
        )

    def filled(ack: Ack, body: Body) -> None:
        given = {**metadata_of(body), **values_of(body)}
        try:
            letter = rehearse(services, body, each, given)
        except SlackRefused as refusal:
            refuse(ack, body, refusal, refusal.field or "words")
            return
        ack(response_action="update", view=_confirmation(each, given, letter))

    on_opening(app, services, each.name, form, at_least=each.at_least)
    app.view(f"{each.name}_form")(filled)
    on_submission(
        app,
        services,
        f"{each.name}_confirm",
        each.deed,
        at_least=each.at_least,
        while_in=each.while_in,
    )


def rehearse(services: SlackServices, body: Body, each: LetterAct, given: Given) -> list[SentLetter]:
    """The letters that a deed would write; nothing of it is kept.

    Raises:
        SlackRefused: it cannot be done, or not by them; the message says why.
    """
    letters: list[SentLetter] = []
    services.people.prepare(user_of(body))
    with reasons_told(services), suppress(_Taken), services.database.write() as session:
        agent = gate.admitted(session, services, user_of(body), at_least=each.at_least, what=each.name)
        case = locked(session, agent, given["case"])
        if each.while_in is not None and case.state not in each.while_in:
            raise SlackRefused(faster(session, services, case))
        last = session.scalar(select(func.max(SentLetter.id))) or 0
        act = Act(session, services, agent, case, crm_services.get_crm(), addresses_of(services, agent))
        each.deed(given)(act)
        letters += session.scalars(
            select(SentLetter).where(SentLetter.id > last, SentLetter.case_id == case.id)
        )
        raise _Taken
    return letters


def _confirmation(each: LetterAct, given: Given, letters: list[SentLetter]) -> Block:
    blocks = [section(plain(f"{each.name}.confirm" if letters else f"{each.name}.no_letter"))]
    for letter in letters:
        content = letter.content or {}
        blocks += [
            divider(),
            section(marked("letter.subject", subject=str(content.get("subject", "")))),
            *shown(str(content.get("text", ""))),
        ]
    blocks.append(context(plain("letter.as_sent")))
    return modal(
        f"{each.name}_confirm",
        plain(f"button.{each.name}"),
        blocks,
        submit=plain(f"button.{each.name}"),
        close=plain("form.cancel"),
        metadata=pack(**{name: value for name, value in given.items() if value}),
    )


def _words(name: str) -> Block:
    return field(
        "words",
        plain(f"{name}.words"),
        text_input("words", multiline=True, most=MOST_WORDS, focus=True),
        hint=plain("form.contact_reads"),
    )


def _told() -> Block:
    return field(
        "told",
        plain("form.told"),
        text_input("told", most=80, placeholder=plain("form.told_example")),
        optional=True,
        hint=plain("form.told_hint"),
    )


def _refuse_fields() -> list[Block]:
    ground = menu("ground", refusals(), placeholder=plain("refuse.choose"))
    evidence = text_input("evidence", multiline=True, most=MOST_EVIDENCE)
    return [
        field("ground", plain("refuse.ground"), ground),
        _words("refuse"),
        field(
            "evidence",
            plain("refuse.evidence"),
            evidence,
            optional=True,
            hint=plain("refuse.evidence_hint"),
        ),
    ]


def _refused(given: Given) -> Effect:
    def effect(act: Act) -> str:
        ground, reason = str(given["ground"]), str(given["words"])
        needs_officer, evidence = grounds.to_refuse(ground).dpo, str(given.get("evidence", ""))
        if needs_officer and not evidence and not cases.notes_of(act.session, act.case, kind="evidence"):
            raise SlackRefused(plain("refuse.no_evidence"), field="evidence")
        if needs_officer and act.agent.role != "dpo":
            signing_off.propose_refusal(
                act.session, act.case, by=act.agent.name, ground=ground, reason=reason, evidence=evidence
            )
            return marked("refuse.proposed", reference=act.case.reference)
        decisions.refuse(
            act.session,
            act.case,
            by=act.agent.name,
            reason=reason,
            ground=ground,
            signed_off_by=act.agent.name if needs_officer else "",
            evidence=evidence,
            crm=act.crm,
        )
        return marked("refuse.done", reference=act.case.reference)

    return effect


def _asked(given: Given) -> Effect:
    def effect(act: Act) -> str:
        stands = decisions.ask_clarification(
            act.session,
            act.case,
            str(given["words"]),
            by=act.agent.name,
            told=str(given.get("told", "")),
        )
        name = "ask.done_still" if stands else "ask.done"
        return marked(name, reference=act.case.reference, due=day(act.case.due_on))

    return effect


def _extended(given: Given) -> Effect:
    def effect(act: Act) -> str:
        due = decisions.extend(
            act.session,
            act.case,
            str(given["words"]),
            by=act.agent.name,
            told=str(given.get("told", "")),
        )
        return marked("extend.done", reference=act.case.reference, due=day(due))

    return effect


def _answer_form(_session: Session, _agent: Agent, case: Case) -> Block:
    return modal(
        "answered_form",
        plain("button.answered"),
        [
            section(marked("answered.about", reference=case.reference)),
            field("on", plain("answered.on"), {"type": "datepicker", "action_id": "on"}, optional=True),
            field(
                "answer",
                plain("answered.words"),
                text_input("answer", multiline=True),
                optional=True,
                hint=plain("form.kept_encrypted"),
            ),
        ],
        submit=plain("form.save"),
        close=plain("form.cancel"),
        metadata=pack(case=case.reference),
    )


def _answered(given: Given) -> Effect:
    from datetime import date

    def effect(act: Act) -> str:
        on = date.fromisoformat(given["on"]) if given.get("on") else None
        answer = str(given.get("answer", ""))
        cases.clarified(act.session, act.case, by=act.agent.name, answer=answer, on=on)
        return marked("answered.done", reference=act.case.reference, due=day(act.case.due_on))

    return effect


ACTS = (
    LetterAct("refuse", "approver", tuple(sorted(signing_off.REFUSABLE)), _refuse_fields, _refused),
    LetterAct(
        "ask",
        "agent",
        ("awaiting_approval", "in_progress"),
        lambda: [_words("ask"), _told()],
        _asked,
    ),
    LetterAct("extend", "approver", None, lambda: [_words("extend"), _told()], _extended),
)

__all__ = ["ACTS", "LetterAct", "register", "rehearse"]
