"""The rules of `data/deadlines.yml`, checked: how long there is for what, and the words of an explanation."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from actions.cases.interfaces import JURISDICTIONS, RIGHTS
from actions.settings import get_settings
from actions.wording.interfaces import WordingError


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Clock(_Part):
    """How long there is for some rights, until what, and on what ground: months, days or hours."""

    months: int = Field(default=0, ge=0)
    days: int = Field(default=0, ge=0)
    hours: int = Field(default=0, ge=0)
    working_day: bool
    until: Literal["answered", "acknowledged"] = "answered"
    says: str
    source: str
    rights: tuple[str, ...]

    @model_validator(mode="after")
    def _one_unit(self) -> Clock:
        if sum(bool(amount) for amount in (self.months, self.days, self.hours)) != 1:
            raise ValueError("a clock counts months, days or hours: give exactly one of them")
        if self.hours and self.working_day:
            raise ValueError("a clock that counts hours runs on weekends too: working_day must be false")
        return self


class PauseRule(_Part):
    """For which rights, under which law, the clock stands still while a clarification is awaited."""

    rights: tuple[str, ...]
    jurisdictions: tuple[str, ...]
    source: str


class ExtensionRule(_Part):
    """Which clocks may be extended, to how many months from the start, and how soon that must be told."""

    clocks: tuple[str, ...]
    months: int = Field(ge=2)
    told_within_months: int = Field(ge=1)
    source: str


class LaterStartRule(_Part):
    """Which clocks may start when proof came that could not be waived."""

    clocks: tuple[str, ...]
    source: str


class _Counted(_Part):
    one: str
    many: str


class _Paused(_Counted):
    still: str


class _Shifted(_Part):
    weekend: str
    holiday: str
    source: str


class Wordings(_Part):
    """The sentences of an explanation, with `{on}` and the like."""

    start: str
    proof: str
    months: _Counted
    extended: str
    days: str
    hours: str
    last_day: str
    paused: _Paused
    working: str
    shifted: _Shifted
    end: str


class Rules(_Part):
    """`data/deadlines.yml`, checked."""

    clocks: dict[str, Clock]
    pause: PauseRule
    extension: ExtensionRule
    later_start: LaterStartRule
    steps: Wordings

    @model_validator(mode="after")
    def _names_are_known(self) -> Rules:
        named = sorted(right for clock in self.clocks.values() for right in clock.rights)
        if named != sorted(RIGHTS):
            raise ValueError("each right must be named by exactly one clock")
        for what, found, known in (
            ("right", self.pause.rights, RIGHTS),
            ("jurisdiction", self.pause.jurisdictions, JURISDICTIONS),
            ("clock", (*self.extension.clocks, *self.later_start.clocks), self.clocks),
        ):
            for name in found:
                if name not in known:
                    raise ValueError(f"there is no {what} called '{name}'")
        return self

    def clock_of(self, right: str) -> Clock:
        """The clock that runs for a right."""
        return self.clocks[self.name_of(right)]

    def name_of(self, right: str) -> str:
        """What the clock of a right is called."""
        return next(name for name, clock in self.clocks.items() if right in clock.rights)

    def may_pause(self, right: str, jurisdiction: str) -> bool:
        """Whether the clock of such a case may stand still."""
        return right in self.pause.rights and jurisdiction in self.pause.jurisdictions

    def may_extend(self, right: str) -> bool:
        """Whether the time for a right may be extended at all."""
        return self.name_of(right) in self.extension.clocks

    def may_start_later(self, right: str) -> bool:
        """Whether the time for a right may start at the receipt of a proof."""
        return self.name_of(right) in self.later_start.clocks


def rules() -> Rules:
    """The rules in use.

    Raises:
        WordingError: the file is not as described above; the message says where and what.
    """
    return _rules(get_settings().data / "deadlines.yml")


@lru_cache(maxsize=4)
def _rules(path: Path) -> Rules:
    try:
        return Rules.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise WordingError(f"{path} is missing; restore it.") from error
    except yaml.YAMLError as error:
        raise WordingError(f"{path} is not valid YAML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the whole"
        raise WordingError(f"{path}, at '{where}': {first['msg']}.") from error
