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

# What an outsider may ask before typing an address; none of it needs a code until then.
REQUESTS = (
    "what do you hold about me?",
    "delete all my data",
    "send me a copy of my data",
    "please correct my details",
    "stop sending me marketing emails",
)
MOST_APART = 0.005
# A busy machine scatters the times: fewer pairs are enough only where they agree already.
LOOKS = (40, 100, 200, 400, 600)
WARM_UPS = 3
# An address gets no more than ten codes in a day.
PAIRS_A_DAY = 100


@dataclass(frozen=True)
class Seen:
    """What an outsider sees of one answer: its words, buttons and asks, and how long it took in seconds."""

    messages: list[dict[str, Any]]
    seconds: float


@pytest.mark.parametrize("request_", REQUESTS)
def test_replies_are_equal_in_words_whatever_is_asked(instance: Instance, request_: str) -> None:
    for address in on_file():
        seen = [observe(instance.demo, request_, each).messages for each in (address, twin(address))]
        assert seen[0] == seen[1], f"{address} and {twin(address)} are answered differently"


@pytest.mark.parametrize("fewest", [40, pytest.param(200, marks=pytest.mark.full)])
def test_replies_are_equal_in_words_and_medians_within_five_milliseconds(
    instance: Instance, fewest: int
) -> None:
    random.seed(20261123)
    for number in range(WARM_UPS):
        observe(instance.demo, REQUESTS[0], f"warm-up-{number}@elsewhere.example")
    times: dict[bool, list[float]] = {True: [], False: []}
    for number in range(LOOKS[-1]):
        if number and number % PAIRS_A_DAY == 0:
            instance.demo.advance(timedelta(days=1, minutes=1))
        known = on_file()[number % len(on_file())]
        order = [(True, known), (False, twin(known))]
        random.shuffle(order)
        seen = {is_known: observe(instance.demo, REQUESTS[0], address) for is_known, address in order}
        assert seen[True].messages == seen[False].messages, f"{known} and {twin(known)} differ"
        for is_known in (True, False):
            times[is_known].append(seen[is_known].seconds)
        if number + 1 in LOOKS and number + 1 >= fewest and _apart(times) <= MOST_APART:
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


def on_file() -> list[str]:
    """Every address of the demo's contacts."""
    return sorted({address for contact in demo_contacts().values() for address in contact["emails"]})


def twin(address: str) -> str:
    """An address that is not on file and differs from one that is in nothing else.

    It is as long and as odd, and always the same, so that both have been asked for equally often before.
    """
    name, _, domain = address.partition("@")
    return f"{name[::-1]}@z{domain[1:]}"


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
