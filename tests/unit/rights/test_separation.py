"""Two contacts at once, at random: neither ever sees, changes or learns of the other's data.

Each can read their own mailbox, and a shared one where they share it; each types both addresses, codes of
other conversations and codes at random, presses whatever is offered, and lets time pass. One of them wants
changes, the other only looks, so that every change of the other's record would be wrong.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from actions.conversations import log
from actions.conversations.offers import asked_field, offered_choices
from actions.crm.demo import state
from actions.fulfilment.models import Step
from tests.support.dialogue import Chat
from tests.support.working import PostOffice
from tests.unit.rights.conftest import Work

STEPS = 40
LOOKS = ("access", "view_preferences", "source", "portability", "request_status")
CHANGES = (*LOOKS, "erase", "rectify", "restrict", "object", "opt_in", "withdraw_request")
# Whatever changes something for an address without a proof is meant to; it is tested elsewhere.
PAIRS = (("tom", "priya"), ("jo", "lee"), ("grace", "priya"), ("omar", "tom"))
SECRET = ("surname", "work_telephone", "mobile_telephone")


@dataclass
class Speaker:
    """A contact in a conversation of their own.

    Attributes:
        reads: the mailboxes whose codes they can read.
        intents: what they may ask for.
    """

    name: str
    chat: Chat
    reads: tuple[str, ...]
    intents: tuple[str, ...]


def facts(chat: Chat) -> dict[str, dict[str, Any]]:
    with chat.database.read() as session:
        return state(session)


def addresses(held: dict[str, Any]) -> tuple[str, ...]:
    return (held["fields"]["email"], *held["other_emails"])


def codes(chat: Chat, readable: tuple[str, ...]) -> list[str]:
    """Every code in the mailboxes somebody can read, whichever conversation it was meant for."""
    with chat.database.read() as session:
        steps = session.scalars(select(Step).where(Step.kind == "mail")).all()
        payloads = [step.payload for step in steps if step.payload is not None]
    return [
        "".join(each for each in payload["text"].split("code is", 1)[1][:12] if each.isdigit())
        for payload in payloads
        if payload["to"] in readable and "code is" in payload["text"]
    ]


def act(speaker: Speaker, known: list[str], dice: random.Random) -> list[dict[str, Any]]:
    """One random turn."""
    chat = speaker.chat
    with chat.database.read() as session:
        conversation = log.lock(session, chat.id)
        assert conversation is not None
        offered = sorted(set(offered_choices(conversation)) - {"talk_to_human", "leave_message"})
        asked = asked_field(conversation)
    readable = codes(chat, speaker.reads)
    if dice.random() < 0.6:
        # As people do who want to get on: otherwise hardly anything would ever be shown.
        if asked == "email":
            return chat.send(email=speaker.reads[0])
        if asked == "code" and readable:
            return chat.send(code=readable[-1])
    kind = dice.choices(("intent", "email", "code", "choice", "value", "time"), (3, 4, 5, 4, 1, 1))[0]
    if kind == "email":
        return chat.send(email=dice.choice(known))
    if kind == "code":
        return chat.send(code=dice.choice(readable) if readable and dice.random() < 0.9 else "000000")
    if kind == "choice" and offered:
        choice = dice.choice(offered)
        return chat.send(choice=choice) if choice in SAFE_CHOICES or "erase" in speaker.intents else []
    if kind == "value":
        return chat.send(value="some words", name="Kim", phone="+447700900123")
    if kind == "time":
        chat.pass_time(timedelta(minutes=dice.choice((1, 11, 31))))
        return []
    return chat.send(dice.choice(speaker.intents))


SAFE_CHOICES = frozenset(
    {"resend_code", "no_mailbox", "cancel", "not_now", "why_date", "enough", "no_number"}
)


def secrets_of(held: dict[str, Any]) -> Iterator[str]:
    for name in SECRET:
        if value := held["fields"].get(name):
            yield value


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
@pytest.mark.parametrize(
    "seed", [pytest.param(seed, marks=[] if seed < 2 else pytest.mark.full) for seed in range(25)]
)
def test_neither_sees_or_changes_the_others_data(
    chat: Chat, work: Work, post_office: PostOffice, pair: tuple[str, str], seed: int
) -> None:
    dice = random.Random(f"{pair}{seed}")
    before = facts(chat)
    changing, looking = pair if seed % 2 else pair[::-1]
    speakers = [
        Speaker(changing, chat, addresses(before[changing]), CHANGES),
        Speaker(looking, Chat(chat.database), addresses(before[looking]), LOOKS),
    ]
    known = sorted({*addresses(before[changing]), *addresses(before[looking]), "nobody@nowhere.example"})
    for _ in range(STEPS):
        speaker = dice.choice(speakers)
        other = looking if speaker.name == changing else changing
        said = act(speaker, known, dice)
        for secret in secrets_of(before[other]):
            assert secret not in str(said), f"{speaker.name} was shown what is {other}'s"
    chat.pass_time(timedelta(days=2))
    work()
    assert facts(chat)[looking] == before[looking]
    for person in pair:
        others = {value for name in pair if name != person for value in secrets_of(before[name])}
        own = set(secrets_of(before[person]))
        for letter in post_office.letters:
            if letter.to in addresses(before[person]) and letter.to not in _shared(before, pair):
                text = letter.text + "".join(attachment.text for attachment in letter.attachments)
                assert not [secret for secret in others - own if secret in text]


def _shared(before: dict[str, dict[str, Any]], pair: tuple[str, str]) -> set[str]:
    first, second = (set(addresses(before[name])) for name in pair)
    return first & second
