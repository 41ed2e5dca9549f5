"""How a situation is dealt with, and the files that hold its facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import Field

from actions.wording.interfaces import Strict

Nation = Literal["ENG", "SCT", "WLS", "NIR"]


@dataclass(frozen=True)
class Handling:
    """What follows from a situation.

    Attributes:
        offers: buttons where the message asks for nothing by itself.
        task: what a person has to do, in a sentence; None where nobody has to.
        task_days: by when, counted from today.
        hides: intents that the words of the situation are taken for, so that they are no request.
        tag: what every case of the conversation is tagged with.
        by_person: requests that need proof go to a person instead of being proven by a code.
        starts: the flow that takes the situation up, if there is one.
        always: said in full every time, not only the first.
    """

    offers: tuple[str, ...] = ()
    task: str | None = None
    task_days: int = 0
    hides: frozenset[str] = frozenset()
    tag: str | None = None
    by_person: bool = False
    starts: str | None = None
    always: bool = False


class Helplines(Strict):
    """Who helps at once, as said in the middle of a sentence."""

    emergency: str = Field(min_length=3)
    distress: str = Field(min_length=3)
    medical: str = Field(min_length=3)
    domestic: str = Field(min_length=3)
    child: str = Field(min_length=3)


class HelplinesFile(Strict):
    """All of `_helplines.yml`."""

    checked: date
    nations: dict[Nation, Helplines]


class LanguageLine(Strict):
    """One line in another language, and the language's English name."""

    name: str = Field(min_length=3)
    line: str = Field(min_length=10, max_length=200)


class SituationFile(Strict):
    """What people write in one situation (`data/situations/NAME.yml`).

    Attributes:
        situation: its name.
        examples: messages that show it.
        ordinary: messages that sound alike and show no situation.
        patterns: regular expressions over text in lower case; a match is enough by itself.
    """

    situation: str = Field(pattern=r"^[a-z][a-z_]+$")
    examples: tuple[str, ...] = Field(min_length=20)
    ordinary: tuple[str, ...] = Field(min_length=10)
    patterns: tuple[str, ...] = ()
