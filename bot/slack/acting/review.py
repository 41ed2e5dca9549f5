"""Reading free text before a contact gets it: keep, redact or withhold each piece, preview, send."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from slack_bolt import Ack, App
from sqlalchemy.orm import Session

from actions.cases.models import Case
from actions.rights import grounds, review, review_letter, sources
from actions.rights.models import ReviewItem
from bot.slack.blocks import (
    actions,
    button,
    confirmation,
    context,
    divider,
    field,
    modal,
    option,
    section,
    select,
    text_input,
)
from bot.slack.forms import exemptions, on_opening, refuse, shown, values_of
from bot.slack.interfaces import Agent, Block, Body, SlackRefused, SlackServices
from bot.slack.performing import Act, Effect, look, pack, perform, pressed, seen, unpack
from bot.slack.shown import moment
from bot.slack.telling import notice, replace, show, tell
from bot.slack.wording import marked, plain

CALLBACK = "review"
MOST_SHOWN = 40_000
"""Characters of a piece, or of an answer, that one modal holds."""


def register(app: App, services: SlackServices) -> None:
    """Add the modal, its buttons and its forms."""
    on_opening(app, services, "review", lambda s, agent, case: piece(s, agent, case, 1), at_least="agent")
    decided: tuple[tuple[str, Callable[[int], Effect]], ...] = (
        ("review_keep", _kept),
        ("review_keep_rest", lambda _number: _rest),
    )
    for action_id, effect in decided:
        app.action(action_id)(_decides(services, action_id, effect))
    app.action("review_send")(_sends(services))
    for action_id in ("review_previous", "review_next"):
        app.action(action_id)(_turns(services))
    for action_id, form in (("review_redact", _redact_form), ("review_withhold", _withhold_form)):
        app.action(action_id)(_opens(services, form))
    app.action("review_looked")(_opens(services, _looked_form))
    app.action("review_preview")(_opens(services, _preview))
    app.view("review_redact_form")(_submitted(services, _redacted, "passages"))
    app.view("review_withhold_form")(_submitted(services, _withheld, "exemption"))
    app.view("review_looked_form")(_submitted(services, _looked, "source"))


def piece(session: Session, _agent: Agent, case: Case, number: int, said: str = "") -> Block:
    """One piece of free text, with what was decided about it and what can be."""
    found = review.items(session, case)
    blocks = [context(said)] if said else []
    if found:
        number = min(max(1, number), len(found))
        blocks += _piece(case, found[number - 1], len(found))
    else:
        blocks.append(section(plain("review.no_texts")))
    blocks.append(divider())
    left = review.missing(session, case)
    blocks.append(section(marked("review.left", what="; ".join(left)) if left else plain("review.ready")))
    blocks.append(actions(*_about_all(session, case, number, ready=not left, texts=bool(found))))
    metadata = pack(case=case.reference, number=number)
    return modal(CALLBACK, plain("review.title"), blocks, close=plain("form.close"), metadata=metadata)


def _piece(case: Case, item: ReviewItem, total: int) -> list[Block]:
    at = moment(item.at) if item.at else ""
    verdict = plain(f"review.{item.verdict}") if item.verdict else plain("review.undecided")
    because = grounds.exemption(item.exemption).says if item.exemption else ""
    blocks = [
        section(
            marked(
                "review.head",
                number=item.number,
                total=total,
                title=item.title or "",
                source=_label(item.source),
                at=at,
            )
        ),
        section(marked("review.because" if because else "review.verdict", verdict=verdict, because=because))
        if because
        else section(marked("review.verdict", verdict=verdict)),
        divider(),
    ]
    text = item.text if item.verdict != "redacted" else item.shown
    blocks += shown((text or plain("review.gone"))[:MOST_SHOWN])
    value = pack(case=case.reference, number=item.number)
    blocks.append(
        actions(
            button(plain("review.keep"), "review_keep", value=value, style="primary"),
            button(plain("review.redact"), "review_redact", value=value),
            button(plain("review.withhold"), "review_withhold", value=value),
            *_turning(case, item.number, total),
        )
    )
    return blocks


def _turning(case: Case, number: int, total: int) -> list[Block]:
    found = []
    if number > 1:
        value = pack(case=case.reference, number=number - 1)
        found.append(button(plain("page.previous"), "review_previous", value=value))
    if number < total:
        value = pack(case=case.reference, number=number + 1)
        found.append(button(plain("page.next"), "review_next", value=value))
    return found


def _about_all(session: Session, case: Case, number: int, *, ready: bool, texts: bool) -> list[Block]:
    value = pack(case=case.reference, number=number)
    found = []
    if texts and review.open_count(session, case):
        found.append(
            button(
                plain("review.keep_rest"),
                "review_keep_rest",
                value=value,
                confirm=confirmation(
                    plain("review.keep_rest"),
                    plain("review.keep_rest_sure"),
                    plain("review.keep_rest"),
                    plain("form.cancel"),
                ),
            )
        )
    if sources.open_searches(session, case):
        found.append(button(plain("review.looked"), "review_looked", value=value))
    found.append(button(plain("review.preview"), "review_preview", value=value))
    if ready:
        sure = confirmation(
            plain("review.send"),
            plain("review.send_sure", reference=case.reference),
            plain("review.send"),
            plain("form.cancel"),
            danger=True,
        )
        found.append(button(plain("review.send"), "review_send", value=value, style="danger", confirm=sure))
    return found


def _redact_form(_session: Session, case: Case, number: int) -> Block:
    return modal(
        "review_redact_form",
        plain("review.redact_title"),
        [
            section(plain("review.redact_about")),
            field(
                "passages",
                plain("review.passages"),
                text_input("passages", multiline=True, focus=True),
                hint=plain("review.passages_hint"),
            ),
            _because(),
        ],
        submit=plain("form.save"),
        close=plain("form.cancel"),
        metadata=pack(case=case.reference, number=number),
    )


def _withhold_form(_session: Session, case: Case, number: int) -> Block:
    return modal(
        "review_withhold_form",
        plain("review.withhold_title"),
        [_because()],
        submit=plain("form.save"),
        close=plain("form.cancel"),
        metadata=pack(case=case.reference, number=number),
    )


def _looked_form(session: Session, case: Case, number: int) -> Block:
    waiting = sources.open_searches(session, case)
    if not waiting:
        raise SlackRefused(plain("review.nowhere", reference=case.reference))
    places = [option(_label(name), name) for name in waiting]
    return modal(
        "review_looked_form",
        plain("review.looked_title"),
        [
            field("source", plain("review.place"), select("source", places)),
            field(
                "found",
                plain("review.found"),
                text_input("found", multiline=True),
                optional=True,
                hint=plain("review.found_hint"),
            ),
        ],
        submit=plain("form.save"),
        close=plain("form.cancel"),
        metadata=pack(case=case.reference, number=number),
    )


def _preview(session: Session, case: Case, _number: int) -> Block:
    """The answer as the contact will see it, as far as it is decided."""
    found = review.items(session, case)
    blocks = [context(plain("review.preview_about")), section(review_letter.sent(found))]
    if left_out := review_letter.left_out(found):
        blocks.append(section("\n".join(left_out)))
    if searched := review_letter.searched(session, case):
        blocks.append(section("\n".join(searched)))
    room = MOST_SHOWN
    for attachment in review_letter.attachments(found):
        blocks += [divider(), section(marked("review.file", name=attachment.name))]
        blocks += shown(attachment.text[:room])
        if len(attachment.text) > room:
            blocks.append(context(plain("review.cut")))
    return modal("review_preview", plain("review.preview_title"), blocks, close=plain("form.close"))


def _because() -> Block:
    return field("exemption", plain("review.because_label"), select("exemption", exemptions()))


def _label(source: str) -> str:
    known = sources.sources().get(source)
    return known.label if known is not None else source


def _kept(number: int) -> Effect:
    def effect(act: Act) -> str:
        review.keep(act.session, act.case, [number], by=act.agent.name)
        return plain("review.said_kept", number=number)

    return effect


def _rest(act: Act) -> str:
    count = review.keep_the_rest(act.session, act.case, by=act.agent.name)
    return plain("review.said_rest", count=count)


def _redacted(given: dict[str, Any]) -> Effect:
    def effect(act: Act) -> str:
        passages = [line.strip() for line in str(given["passages"]).splitlines() if line.strip()]
        review.redact(
            act.session,
            act.case,
            int(given["number"]),
            passages,
            exemption=str(given["exemption"]),
            by=act.agent.name,
        )
        return plain("review.said_redacted", number=given["number"])

    return effect


def _withheld(given: dict[str, Any]) -> Effect:
    def effect(act: Act) -> str:
        numbers: Sequence[int] = [int(given["number"])]
        exemption = str(given["exemption"])
        review.withhold(act.session, act.case, numbers, exemption=exemption, by=act.agent.name)
        return plain("review.said_withheld", number=given["number"])

    return effect


def _looked(given: dict[str, Any]) -> Effect:
    def effect(act: Act) -> str:
        source = str(given["source"])
        found = str(given.get("found") or "")
        review.looked(act.session, act.case, source, by=act.agent.name, found=found)
        return plain("review.said_looked", source=_label(source))

    return effect


def _decides(services: SlackServices, what: str, effect: Callable[[int], Effect]) -> Any:
    def listener(ack: Ack, body: Body) -> None:
        chosen = pressed(body)
        number = int(chosen["number"])
        try:
            said = perform(services, body, chosen["case"], effect(number), at_least="agent", what=what)
            _again(services, body, chosen["case"], number, said, body["view"]["id"])
        except SlackRefused as refusal:
            tell(services, body, refusal.sentence)
        ack()

    return listener


def _sends(services: SlackServices) -> Any:
    def effect(act: Act) -> str:
        review.send(act.session, act.case, by=act.agent.name)
        return marked("review.sent", reference=act.case.reference)

    def listener(ack: Ack, body: Body) -> None:
        try:
            said = perform(
                services, body, pressed(body)["case"], effect, at_least="approver", what="review_send"
            )
            if said:
                replace(services, body["view"]["id"], notice(said))
        except SlackRefused as refusal:
            tell(services, body, refusal.sentence)
        ack()

    return listener


def _turns(services: SlackServices) -> Any:
    def listener(ack: Ack, body: Body) -> None:
        chosen = pressed(body)
        try:
            look(services, body, what="review", at_least="agent")
            _again(services, body, chosen["case"], int(chosen["number"]), "", body["view"]["id"])
        except SlackRefused as refusal:
            tell(services, body, refusal.sentence)
        ack()

    return listener


def _opens(services: SlackServices, form: Callable[[Session, Case, int], Block]) -> Any:
    def listener(ack: Ack, body: Body) -> None:
        chosen = pressed(body)
        try:
            agent, _reader = look(services, body, what="review", at_least="agent")
            with services.database.read() as session:
                view = form(session, seen(session, agent, chosen["case"]), int(chosen["number"]))
            show(services, body, view)
        except SlackRefused as refusal:
            tell(services, body, refusal.sentence)
        ack()

    return listener


def _submitted(services: SlackServices, effect: Callable[[dict[str, Any]], Effect], error_at: str) -> Any:
    def listener(ack: Ack, body: Body) -> None:
        kept = unpack(body["view"].get("private_metadata", ""))
        given = {**kept, **values_of(body)}
        try:
            said = perform(
                services,
                body,
                given["case"],
                effect(given),
                at_least="agent",
                what=str(body["view"]["callback_id"]),
            )
        except SlackRefused as refusal:
            refuse(ack, body, refusal, error_at)
            return
        if beneath := body["view"].get("previous_view_id"):
            _again(services, body, given["case"], int(given["number"]), said, beneath)
        ack()

    return listener


def _again(services: SlackServices, body: Body, reference: str, number: int, said: str, view_id: str) -> None:
    agent, _reader = look(services, body, what="review", at_least="agent")
    with services.database.read() as session:
        view = piece(session, agent, seen(session, agent, reference), number, said)
    replace(services, view_id, view)
