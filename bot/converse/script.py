"""A script as it is played: who speaks, what is said and answered, and what must be true at the end."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.converse.checking import PERSON_PARTS, problems_of
from bot.converse.reading import ScriptError, read
from bot.converse.vocabulary import demo_contacts

DURATION = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


@dataclass(frozen=True)
class Person:
    """Who speaks in a script.

    Attributes:
        name: as the script calls them; for demo contacts, their id.
        facts: what `{contact.…}` stands for: email, name, surname, telephones.
    """

    name: str
    facts: Mapping[str, str]


@dataclass(frozen=True)
class Step:
    """One step: its kind (`contact`, `assistant`, `clock`…), its content, and its line in the file."""

    kind: str
    content: Any
    line: int


@dataclass(frozen=True)
class Script:
    """A script that follows the format.

    Attributes:
        smoke: whether it belongs to the few that every test run plays; the others are for the full one.
    """

    path: Path
    title: str
    people: tuple[Person, ...]
    steps: tuple[Step, ...]
    channel: str = "web"
    smoke: bool = False
    expect: Mapping[str, Any] = field(default_factory=dict)
    expect_line: int = 1


def load(path: Path) -> Script:
    """Read a script.

    Raises:
        ScriptError: it does not follow the format; names each mistake and its line.
    """
    document = read(path)
    problems = problems_of(document)
    if problems:
        raise ScriptError(problems)
    data = document.data
    people = [data["contact"]] if "contact" in data else data["contacts"]
    steps = [
        Step(kind, content, document.line_of_key(("steps", number, kind)))
        for number, step in enumerate(data["steps"])
        for kind, content in step.items()
    ]
    return Script(
        path=path,
        title=data["conversation"],
        people=tuple(_person(given) for given in people),
        steps=tuple(steps),
        channel=data.get("channel", "web"),
        smoke=data.get("smoke", False),
        expect=data.get("expect", {}),
        expect_line=document.line_of_key(("expect",)),
    )


def duration(text: str) -> timedelta:
    """A duration as scripts write it: `P1D`, `PT11M`.

    Raises:
        ValueError: it is none.
    """
    match = DURATION.fullmatch(text)
    if match is None:
        raise ValueError(f"'{text}' is no duration")
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def _person(given: str | Mapping[str, str]) -> Person:
    if isinstance(given, str):
        known = demo_contacts()[given]
        facts = {name: str(known[name]) for name in PERSON_PARTS if name in known}
        return Person(given, facts | {"email": known["emails"][0]})
    return Person(given.get("as", "visitor"), {name: text for name, text in given.items() if name != "as"})
