"""An outsider learns nothing: for addresses on file and not, the same words in the same time."""

from __future__ import annotations

import random
import re
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from bot.converse.demo import Demo, Message, Talk
from bot.converse.vocabulary import demo_contacts
from tests.support.running import Instance

# What an outsider asks before typing an address; each needs no code until then.
REQUESTS = (
    "what do you hold about me?",
    "delete all my data",
    "send me a copy of my data",
    "stop sending me marketing emails",
)
MOST_APART = 0.005
MOST_PAIRS = 200
WARM_UPS = 3
# An address gets no more than ten codes in a day.
PAIRS_A_DAY = 8 * 12


@dataclass(frozen=True)
class Seen:
    """What an outsider sees of one answer: its words, buttons and asks, and how long it took in seconds."""

    messages: list[dict[str, Any]]
    seconds: float


@pytest.mark.parametrize("fewest", [40, pytest.param(MOST_PAIRS, marks=pytest.mark.full)])
def test_replies_are_equal_in_words_and_medians_within_five_milliseconds(
    instance: Instance, fewest: int
) -> None:
    known = sorted({address for contact in demo_contacts().values() for address in contact["emails"]})
    random.seed(20261123)
    for number in range(WARM_UPS):
        observe(instance.demo, REQUESTS[number], f"warm-up-{number}@elsewhere.example")
    times: dict[bool, list[float]] = {True: [], False: []}
    # A busy machine scatters the times: fewer pairs are enough only when they agree already.
    for number in range(MOST_PAIRS):
        if number and number % PAIRS_A_DAY == 0:
            instance.demo.advance(timedelta(days=1, minutes=1))
        request = REQUESTS[number % len(REQUESTS)]
        on_file = known[(number // len(REQUESTS)) % len(known)]
        # As long and as odd as the address on file, so that only one difference is left.
        name, _, domain = on_file.partition("@")
        unknown = f"{name[::-1]}{number}"[-len(name) :].rjust(len(name), "q") + "@" + "z" + domain[1:]
        order = [(True, on_file), (False, unknown)]
        random.shuffle(order)
        seen = {is_known: observe(instance.demo, request, address) for is_known, address in order}
        assert seen[True].messages == seen[False].messages, f"{request}: {on_file} and {unknown} differ"
        for is_known in (True, False):
            times[is_known].append(seen[is_known].seconds)
        if number + 1 >= fewest and _apart(times) <= MOST_APART:
            break
    figures = (
        f"{len(times[True])} pairs: median {statistics.median(times[True]) * 1000:.1f} ms on file, "
        f"{statistics.median(times[False]) * 1000:.1f} ms not"
    )
    print(figures)
    assert _apart(times) <= MOST_APART, figures


def test_a_wrong_code_tells_nothing_either(instance: Instance) -> None:
    answers = []
    for address in ("priya@hartwell.example", "pryia@hartwell.example", "accounts@millbrook.example"):
        talk = instance.demo.open()
        talk.settle(talk.send({"text": "what do you hold about me?"}))
        talk.settle(talk.send({"fields": {"email": address}}))
        for _ in range(5):
            talk.settle(talk.send({"fields": {"code": "000000"}}))
        talk.settle(talk.send({"fields": {"email": address}}))
        answers.append(visible(talk.messages))
    assert answers[0] == answers[1] == answers[2]


def test_too_many_codes_for_an_address_are_refused_alike(instance: Instance) -> None:
    answers = []
    for address in ("tom@northgate.example", "mot@northgate.example"):
        last: list[Message] = []
        for _ in range(11):
            talk = instance.demo.open()
            talk.settle(talk.send({"text": "what do you hold about me?"}))
            talk.settle(talk.send({"fields": {"email": address}}))
            last = talk.messages
        answers.append(visible(last))
    assert answers[0] == answers[1]
    assert answers[0][-1]["ask"] == "email", "the eleventh code of a day was not refused"


def observe(demo: Demo, request: str, address: str) -> Seen:
    """Ask for something and give an address; what is said to it, and how soon."""
    talk = demo.open()
    settle(talk, talk.send({"text": request}))
    seq = talk.last_seq
    started = time.perf_counter()
    settle(talk, talk.send({"fields": {"email": address}}))
    seconds = time.perf_counter() - started
    return Seen(visible([message for message in talk.messages if message["seq"] > seq]), seconds)


def _apart(times: dict[bool, list[float]]) -> float:
    return abs(statistics.median(times[True]) - statistics.median(times[False]))


def settle(talk: Talk, seq: int) -> None:
    """Wait for an answer, looking as often as the interface allows, so that the looking hides nothing."""
    deadline = time.monotonic() + 20
    while True:
        talk.look()
        if not talk.pending and talk.last_seq > seq:
            return
        assert time.monotonic() < deadline, "no answer came"
        time.sleep(0.001)


def visible(messages: Sequence[Message]) -> list[dict[str, Any]]:
    """All that can be told apart in messages, without their numbers and times, references aside."""
    return [
        {
            "from": message["from"],
            "text": _without_reference(message),
            "choices": [choice["id"] for choice in message.get("choices", ())],
            "ask": message.get("ask", {}).get("field"),
            "card": message.get("card"),
            "case": {name: value for name, value in message.get("case", {}).items() if name != "reference"},
            "others": sorted(message.keys()),
        }
        for message in messages
    ]


def _without_reference(message: Message) -> str:
    return re.sub(r"PR-\w{4}-\w{4}", "PR-0000-0000", message.get("text") or "")
