"""`/privacy`: the queue, a case, whom an address belongs to, a request from elsewhere, being there or not."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from slack_bolt import Ack, App
from sqlalchemy.orm import Session

from actions.audit import record
from actions.cases import queues
from actions.cases import services as cases
from actions.cases.models import address_hash
from actions.cases.queues import Reader, may_see
from actions.clock import now
from actions.crm import services as crm_services
from actions.crm.interfaces import CrmError
from actions.handover import desk_agents, hours
from actions.identity.addresses import well_formed
from actions.slack.models import SlackPerson
from bot.slack import gate, receipts
from bot.slack.blocks import MESSAGE_BLOCKS, Marked, actions, button, context, section
from bot.slack.card import card, summary
from bot.slack.card import right as titled
from bot.slack.interfaces import Agent, Block, Body, SlackRefused, SlackServices
from bot.slack.performing import look, pack, seen, user_of
from bot.slack.requests import log_form
from bot.slack.shown import day, initials, masked_address, moment, time_left
from bot.slack.telling import show
from bot.slack.wording import marked, plain

COMMAND = "/privacy"
LISTED = 10
# Slack writes an address that is typed as <mailto:name@company.example|name@company.example>.
_LINKED = re.compile(r"<mailto:([^|>]+)(?:\|[^>]*)?>")

Answer = list[Block] | str | None


def register(app: App, services: SlackServices) -> None:
    """Answer the command, always in private."""

    def typed(ack: Ack, body: Body) -> None:
        try:
            answer = _answer(services, body)
        except SlackRefused as refusal:
            answer = refusal.sentence
        if answer is None:
            ack()
        elif isinstance(answer, str):
            ack(response_type="ephemeral", text=answer, blocks=[section(answer)])
        else:
            text = plain("command.answer")
            ack(response_type="ephemeral", text=text, blocks=answer[:MESSAGE_BLOCKS])

    app.command(COMMAND)(typed)


def _answer(services: SlackServices, body: Body) -> Answer:
    text = _LINKED.sub(r"\1", str(body.get("text") or "")).strip()
    word, _, rest = text.partition(" ")
    word = word.lower()
    if word.startswith("pr-"):
        return _case(services, body, text)
    action = WORDS.get(word)
    if action is None:
        # What is no word of ours is not repeated: people paste things.
        raise SlackRefused(plain("command.unknown"))
    return action(services, body, rest.strip())


def _queue(services: SlackServices, body: Body, _rest: str) -> Answer:
    agent, reader = look(services, body, what="queue", channel=_channel(body))
    with services.database.read() as session:
        return _queue_blocks(session, agent, reader)


def _queue_blocks(session: Session, agent: Agent, reader: Reader) -> list[Block]:
    counts = queues.counts(session, reader)
    name: queues.QueueName = "mine" if counts["mine"] else "all"
    found, total = queues.page(session, reader, name, limit=LISTED)
    said = [
        marked("home.count", what=plain(f"queue.{each}"), count=counts[each])
        for each in queues.QUEUES
        if each != "all"
    ]
    blocks = [
        context(plain("home.role", name=agent.name, role=plain(f"role.{agent.role}"))),
        section(Marked(" · ".join(said))),
    ]
    for case in found:
        row = marked(
            "home.row",
            right=titled(case),
            reference=case.reference,
            due=day(case.due_on),
            left=time_left(session, case),
            rest=plain(f"state.{case.state}"),
        )
        open_it = button(plain("button.open"), "case_open", value=pack(case=case.reference))
        blocks.append(section(row, accessory=open_it))
    if not found:
        blocks.append(section(plain(f"home.empty.{name}")))
    elif total > len(found):
        blocks.append(context(plain("command.more", count=total - len(found))))
    return blocks


def _case(services: SlackServices, body: Body, reference: str) -> Answer:
    agent, _reader = look(services, body, what="case", channel=_channel(body))
    with services.database.read() as session:
        case = seen(session, agent, reference)
        blocks = card(session, services, case, role=agent.role)
        open_it = button(plain("button.open"), "case_open", value=pack(case=case.reference))
        return [*blocks, actions(open_it)]


def _find(services: SlackServices, body: Body, rest: str) -> Answer:
    """Whom an address belongs to, masked; that somebody looked is on the audit trail."""
    channel = _channel(body)
    address = well_formed(rest)
    agent, reader = look(services, body, what="find", at_least="agent", channel=channel)
    if address is None:
        raise SlackRefused(plain("find.no_address"))
    with services.database.write() as session:
        record(session, actor=agent.name, action="address_looked_up", subject=address_hash(address))
    try:
        contacts = crm_services.get_crm().find_by_email(address)
    except CrmError as error:
        raise SlackRefused(plain("acting.crm_away")) from error
    blocks = [section(marked("find.title", address=masked_address(address)))]
    for contact in contacts:
        line = marked("find.contact", who=initials(contact), state=contact.state, id=contact.id)
        blocks.append(section(line))
    if not contacts:
        blocks.append(section(plain("find.nobody")))
    with services.database.read() as session:
        found = [case for case in cases.of_address(session, address) if may_see(session, case, reader)]
        for case in reversed(found[-LISTED:]):
            open_it = button(plain("button.open"), "case_open", value=pack(case=case.reference))
            blocks.append(section(summary(session, case), accessory=open_it))
    if not found:
        blocks.append(context(plain("find.no_cases")))
    blocks.append(context(plain("find.audited")))
    return blocks


def _log(services: SlackServices, body: Body, _rest: str) -> Answer:
    look(services, body, what="log", at_least="agent", channel=_channel(body))
    show(services, body, log_form())
    return None


def _on(services: SlackServices, body: Body, _rest: str) -> Answer:
    return _changed(services, body, "on", _there)


def _off(services: SlackServices, body: Body, _rest: str) -> Answer:
    return _changed(services, body, "off", _not_there)


def _away(services: SlackServices, body: Body, _rest: str) -> Answer:
    return _changed(services, body, "away", _gone)


def _back(services: SlackServices, body: Body, _rest: str) -> Answer:
    return _changed(services, body, "back", _returned)


def _help(services: SlackServices, body: Body, _rest: str) -> Answer:
    look(services, body, what="help", channel=_channel(body))
    return [section(Marked(plain("command.help")))]


def _changed(
    services: SlackServices, body: Body, what: str, change: Callable[[Session, SlackServices, Agent], str]
) -> str:
    services.people.prepare(user_of(body))
    try:
        with services.database.write() as session:
            agent = gate.admitted(
                session, services, user_of(body), at_least="agent", what=what, channel=_channel(body)
            )
            if not receipts.first(session, receipts.key_of(body)):
                return plain("command.done_already")
            return change(session, services, agent)
    except gate.Refusal as refusal:
        refusal.note(services)
        raise


def _there(session: Session, _services: SlackServices, agent: Agent) -> str:
    until = hours.closes_at(now(session))
    if until is None:
        raise SlackRefused(plain("duty.closed", hours=hours.opening(now(session))))
    desk_agents.enrol(session, agent.name, agent.role)
    desk_agents.set_duty(session, agent.name, True, until=until)
    record(session, actor=agent.name, action="duty_on", subject=f"agent-{agent.name}")
    return plain("duty.on", until=moment(until))


def _not_there(session: Session, _services: SlackServices, agent: Agent) -> str:
    desk_agents.set_duty(session, agent.name, False)
    record(session, actor=agent.name, action="duty_off", subject=f"agent-{agent.name}")
    return plain("duty.off")


def _gone(session: Session, services: SlackServices, agent: Agent) -> str:
    person = session.get_one(SlackPerson, agent.user_id)
    person.away_since = person.away_since or now(session)
    desk_agents.set_duty(session, agent.name, False)
    record(session, actor=agent.name, action="away", subject=f"agent-{agent.name}")
    deputies = services.roles.deputies_of(agent.user_id)
    if not deputies:
        return plain("away.nobody")
    return marked("away.done", who=Marked(", ".join(f"<@{each}>" for each in deputies)))


def _returned(session: Session, _services: SlackServices, agent: Agent) -> str:
    session.get_one(SlackPerson, agent.user_id).away_since = None
    record(session, actor=agent.name, action="back", subject=f"agent-{agent.name}")
    return plain("away.back")


def _channel(body: Body) -> str:
    return str(body["channel_id"])


WORDS: Mapping[str, Callable[[SlackServices, Body, str], Answer]] = MappingProxyType(
    {
        "": _queue,
        "queue": _queue,
        "find": _find,
        "log": _log,
        "on": _on,
        "off": _off,
        "away": _away,
        "back": _back,
        "help": _help,
    }
)
