"""What the forms of actions share: opening one, reading it, answering its submission."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from typing import Any

from slack_bolt import Ack, App

from actions.rights.grounds import grounds
from bot.slack import case_view
from bot.slack.blocks import OPTION_TEXT, Marked, cut, escape, option, paragraphs, section
from bot.slack.interfaces import Block, Body, SlackRefused, SlackServices
from bot.slack.performing import Effect, perform, pressed, seen, unpack
from bot.slack.performing import look as admit
from bot.slack.telling import notice, show, tell
from bot.slack.wording import plain

Opened = Callable[[Any, Any, Any], Block]
"""From a session, the agent and the case to the form."""


def values_of(body: Body) -> dict[str, Any]:
    """What was typed and chosen in a form, by block: a text, a date, an option's value, or several's."""
    found: dict[str, Any] = {}
    for block_id, elements in body["view"]["state"]["values"].items():
        for element in elements.values():
            found[block_id] = _value(element)
    return found


def _value(element: dict[str, Any]) -> Any:
    if "selected_options" in element:
        return [each["value"] for each in element["selected_options"] or ()]
    if "selected_option" in element:
        return (element["selected_option"] or {}).get("value") or ""
    for name in ("value", "selected_date", "selected_user"):
        if name in element:
            return element[name] or ""
    return ""


def metadata_of(body: Body) -> dict[str, Any]:
    """What a view brought back with it."""
    return unpack(body["view"].get("private_metadata", ""))


def on_press(
    app: App,
    services: SlackServices,
    action_id: str,
    effect: Effect,
    **how: Any,
) -> None:
    """A button that does something at once.

    Args:
        app: the app.
        services: its services.
        action_id: the button's.
        effect: see `performing.perform`, as is what `how` holds.
    """

    def listener(ack: Ack, body: Body) -> None:
        try:
            sentence = perform(services, body, pressed(body)["case"], effect, what=action_id, **how)
        except SlackRefused as refusal:
            sentence = refusal.sentence
        case_view.after(services, body, sentence)
        ack()

    app.action(action_id)(listener)


def on_opening(
    app: App, services: SlackServices, action_id: str, form: Opened, *, at_least: Any, what: str = ""
) -> None:
    """A button that opens a form about a case."""

    def listener(ack: Ack, body: Body) -> None:
        try:
            channel = (body.get("channel") or {}).get("id")
            agent, _ = admit(services, body, what=what or action_id, at_least=at_least, channel=channel)
            with services.database.read() as session:
                case = seen(session, agent, pressed(body)["case"])
                view = form(session, agent, case)
            show(services, body, view)
        except SlackRefused as refusal:
            tell(services, body, refusal.sentence)
        ack()

    app.action(action_id)(listener)


def on_submission(
    app: App,
    services: SlackServices,
    callback_id: str,
    effect: Callable[[dict[str, Any]], Effect],
    *,
    error_at: str = "",
    **how: Any,
) -> None:
    """The submission of a form about a case.

    Args:
        app: the app.
        services: its services.
        callback_id: the form's.
        effect: from what was filled in, and the view's metadata, to what is to be done.
        error_at: the block at which a refusal is shown; elsewhere it takes the form's place.
        how: see `performing.perform`.
    """

    def listener(ack: Ack, body: Body) -> None:
        given = {**metadata_of(body), **values_of(body)}
        try:
            sentence = perform(services, body, given["case"], effect(given), what=callback_id, **how)
        except SlackRefused as refusal:
            refuse(ack, body, refusal, error_at)
            return
        done(services, ack, body, given["case"], sentence)

    app.view(callback_id)(listener)


def refuse(ack: Ack, body: Body, refusal: SlackRefused, error_at: str = "") -> None:
    """Say in the form what is wrong: at a field where there is one to mend, else in the form's place."""
    has_place = any(block.get("block_id") == error_at for block in body["view"]["blocks"])
    # At a field, a mention would be shown as its code.
    if has_place and not isinstance(refusal.sentence, Marked):
        ack(response_action="errors", errors={error_at: refusal.sentence})
    else:
        ack(response_action="update", view=notice(refusal.sentence))


def done(services: SlackServices, ack: Ack, body: Body, reference: str, sentence: str) -> None:
    """Close a form; the case's modal beneath it is shown anew, or what was done is said in its place."""
    beneath = body["view"].get("previous_view_id")
    if beneath and sentence:
        with contextlib.suppress(SlackRefused):
            case_view.show_again(services, body, case=reference, notice=sentence, view_id=beneath)
        ack()
    elif sentence:
        ack(response_action="update", view=notice(sentence))
    else:
        ack()


def exemptions() -> list[Block]:
    """The grounds to leave something out of an answer, as a menu."""
    return [_ground(name, each.says) for name, each in grounds().exemptions.items()]


def refusals() -> list[Block]:
    """The grounds to refuse, as a menu; what needs the officer says so."""
    return [
        _ground(name, plain("refuse.needs_officer", says=each.says) if each.dpo else each.says)
        for name, each in grounds().refusal.items()
    ]


def _ground(name: str, says: str) -> Block:
    return option(cut(says, OPTION_TEXT), name)


def shown(text: str) -> Iterable[Block]:
    """A long text as it is, in as many paragraphs as Slack needs."""
    return (section(part) for part in paragraphs(escape(text)) if part)
