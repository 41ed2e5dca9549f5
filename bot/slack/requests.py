"""Putting a request on record that came elsewhere: by telephone, letter, in person, or in Slack."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from slack_bolt import Ack, App
from sqlalchemy.orm import Session

from actions.audit import record
from actions.cases import services as cases
from actions.cases.deadlines import local_date, zone
from actions.cases.interfaces import RIGHTS
from actions.cases.models import Case
from actions.clock import now
from actions.identity.addresses import well_formed
from bot.slack import gate, receipts
from bot.slack.blocks import field, modal, option, select, text_input
from bot.slack.forms import metadata_of, values_of
from bot.slack.interfaces import Block, Body, SlackRefused, SlackServices
from bot.slack.performing import look, pack, user_of
from bot.slack.shown import day
from bot.slack.telling import notice, show
from bot.slack.wording import marked, plain

CALLBACK = "log_request"
CHANNELS = ("telephone", "letter", "in_person", "email", "slack")
PROOFS = ("called_back", "code", "seen", "known", "not_yet")
MOST_WORDS = 2900


class NotThat(SlackRefused):
    """Something in the form is wrong; `field` says where."""

    def __init__(self, where: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = where


def register(app: App, services: SlackServices) -> None:
    """Add the form's submission and the message shortcut."""

    def marked_message(ack: Ack, body: Body) -> None:
        ack()
        try:
            look(services, body, what="message_shortcut", at_least="agent")
            message = body.get("message") or {}
            show(
                services,
                body,
                log_form(
                    channel="slack",
                    words=str(message.get("text") or ""),
                    on=_day_of(str(message.get("ts") or "")),
                ),
            )
        except SlackRefused as refusal:
            # In a window: the app need not be in the channel where the message stands.
            show(services, body, notice(refusal.sentence))

    def submitted(ack: Ack, body: Body) -> None:
        try:
            sentence = _log(services, body, {**metadata_of(body), **values_of(body)})
        except NotThat as wrong:
            ack(response_action="errors", errors={wrong.field: str(wrong)})
            return
        except SlackRefused as refusal:
            ack(response_action="update", view=notice(refusal.sentence))
            return
        services.changed.set()
        if sentence:
            ack(response_action="update", view=notice(sentence))
        else:
            ack()

    app.shortcut("privacy_request")(marked_message)
    app.view(CALLBACK)(submitted)


def log_form(*, channel: str = "telephone", words: str = "", on: date | None = None) -> Block:
    """The form.

    Args:
        channel: how it came.
        words: what was asked for, as far as it is known.
        on: the day on which it was first asked.
    """
    rights = [option(plain(f"right.{each}"), each) for each in RIGHTS]
    channels = [option(plain(f"channel.{each}"), each) for each in CHANNELS]
    proofs = [option(plain(f"identity.{each}"), each) for each in PROOFS]
    picker: Block = {"type": "datepicker", "action_id": "on"}
    if on is not None:
        picker["initial_date"] = on.isoformat()
    return modal(
        CALLBACK,
        plain("log.title"),
        [
            field("right", plain("log.right"), select("right", rights, placeholder=plain("log.choose"))),
            field("channel", plain("log.channel"), select("channel", channels, chosen=channel)),
            field("on", plain("log.on"), picker, optional=True, hint=plain("log.on_hint")),
            field(
                "address",
                plain("log.address"),
                text_input("address", most=254, placeholder="name@company.example"),
                optional=True,
                hint=plain("log.address_hint"),
            ),
            field(
                "words",
                plain("log.words"),
                text_input("words", multiline=True, initial=words, most=MOST_WORDS),
                hint=plain("form.kept_encrypted"),
            ),
            field("proof", plain("log.proof"), select("proof", proofs, chosen="not_yet")),
            field(
                "proof_words",
                plain("log.proof_words"),
                text_input("proof_words", most=300),
                optional=True,
                hint=plain("log.proof_hint"),
            ),
        ],
        submit=plain("form.save"),
        close=plain("form.cancel"),
        metadata=pack(),
    )


def _log(services: SlackServices, body: Body, given: dict[str, Any]) -> str:
    services.people.prepare(user_of(body))
    try:
        with services.database.write() as session:
            agent = gate.admitted(session, services, user_of(body), at_least="agent", what="log_request")
            if not receipts.first(session, receipts.key_of(body)):
                return ""
            case = _opened(session, given, by=agent.name)
            return marked("log.done", reference=case.reference, due=day(case.due_on))
    except gate.Refusal as refusal:
        refusal.note(services)
        raise


def _opened(session: Session, given: dict[str, Any], *, by: str) -> Case:
    proof, words = str(given.get("proof") or "not_yet"), str(given.get("words") or "").strip()
    if proof not in PROOFS:
        raise NotThat("proof", plain("log.no_proof"))
    if given.get("right") not in RIGHTS:
        raise NotThat("right", plain("log.no_right"))
    case = cases.open_case(
        session,
        right=str(given["right"]),
        conversation_id=None,
        received_at=_received(session, str(given.get("on") or "")),
        channel=str(given["channel"]) if given.get("channel") in CHANNELS else "telephone",
        address=_address(str(given.get("address") or "")),
        state="awaiting_approval",
        by=by,
    )
    case.details["identity"] = proof
    if words:
        cases.add_note(session, case, words, by=by)
    if proof_words := str(given.get("proof_words") or "").strip():
        cases.add_note(session, case, f"{plain(f'identity.{proof}')}: {proof_words}", by=by)
    record(session, actor=by, action="identity_noted", subject=case.reference, details={"how": proof})
    return case


def _received(session: Session, text: str) -> datetime:
    present = now(session)
    on = date.fromisoformat(text) if text else local_date(present)
    if on > local_date(present):
        raise NotThat("on", plain("log.future"))
    return present if on == local_date(present) else datetime.combine(on, time.min, zone())


def _address(text: str) -> str | None:
    if not text.strip():
        return None
    found = well_formed(text)
    if found is None:
        raise NotThat("address", plain("log.no_address"))
    return found


def _day_of(ts: str) -> date | None:
    """The day of a message, by its Slack time."""
    try:
        return local_date(datetime.fromtimestamp(float(ts), UTC))
    except ValueError:
        return None
