"""Uncovering a value that a visitor gave privately: in a modal that one person sees, and on the audit trail.

A value is part of the answer that shows it in that person's modal; it is never posted and never queued.
"""

from __future__ import annotations

from slack_bolt import Ack, App

from actions.handover.interfaces import HandoverRefused
from bot.desk.interfaces import Desk
from bot.desk.services import DatabaseDesk
from bot.slack import blocks, gate
from bot.slack.interfaces import Agent, Block, Body, SlackRefused, SlackServices
from bot.slack.threads import rendering
from bot.slack.threads.catching_up import warm
from bot.slack.wording import marked, plain

CALLBACK = "reveal_value"
FIELD, CHOICE = "which", "placeholder"
EVERYTHING = 2**31 - 1


def register(app: App, services: SlackServices) -> None:
    """See `bot.slack.interfaces.Register`."""

    @app.action(rendering.UNCOVER)
    def ask(ack: Ack, body: Body) -> None:
        ack()
        services.client.views_open(trigger_id=body["trigger_id"], view=_question(services, body))

    @app.view(CALLBACK)
    def show(ack: Ack, body: Body) -> None:
        ack(response_action="update", view=_answer(services, body))


def _question(services: SlackServices, body: Body) -> Block:
    handover_id = str(body["actions"][0]["value"])
    try:
        agent = _agent(services, body, body["channel"]["id"])
        desk: Desk = DatabaseDesk(services.database)
        values = desk.conversation(agent.identity, int(handover_id), EVERYTHING)["values"]
    except (SlackRefused, HandoverRefused) as refusal:
        return _sentence(str(refusal))
    options = [
        blocks.option(
            plain("reveal.choice", placeholder=value["placeholder"], kind=value["kind"]), value["placeholder"]
        )
        for value in values
        if value["may_reveal"]
    ]
    if not options:
        return _sentence(plain("reveal.none"))
    return blocks.modal(
        CALLBACK,
        plain("reveal.title"),
        [
            blocks.section(marked("reveal.intro")),
            blocks.field(FIELD, plain("reveal.label"), blocks.select(CHOICE, options)),
        ],
        submit=plain("reveal.show"),
        close=plain("reveal.close"),
        metadata=handover_id,
    )


def _answer(services: SlackServices, body: Body) -> Block:
    view = body["view"]
    placeholder = view["state"]["values"][FIELD][CHOICE]["selected_option"]["value"]
    try:
        agent = _agent(services, body, None)
        desk: Desk = DatabaseDesk(services.database)
        value = desk.reveal(agent.identity, int(view["private_metadata"]), placeholder)
    except (SlackRefused, HandoverRefused) as refusal:
        return _sentence(str(refusal))
    return blocks.modal(
        "revealed_value",
        plain("reveal.title"),
        [
            blocks.section(marked("reveal.value", placeholder=placeholder)),
            {"type": "section", "text": blocks.plain_text(value, blocks.SECTION_TEXT)},
        ],
        close=plain("reveal.close"),
    )


def _agent(services: SlackServices, body: Body, channel: str | None) -> Agent:
    user_id = body["user"]["id"]
    warm(services, user_id)
    try:
        with services.database.write() as session:
            return gate.admitted(
                session, services, user_id, at_least="agent", what="reveal_value", channel=channel
            )
    except gate.Refusal as refusal:
        refusal.note(services)
        raise


def _sentence(text: str) -> Block:
    return blocks.modal(
        "reveal_refused",
        plain("reveal.title"),
        [blocks.section(blocks.escape(text))],
        close=plain("reveal.close"),
    )
