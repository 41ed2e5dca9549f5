"""The rules of `data/retention.yml`: how long we keep what we keep ourselves."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from actions.settings import get_settings
from actions.wording.interfaces import WordingError

RULES = (
    "vault",
    "limits",
    "turns",
    "attempts",
    "steps",
    "conversations",
    "slack",
    "evidence",
    "abandoned",
    "tasks",
    "suppressions",
    "slack_deliveries",
    "letters",
    "holds",
    "cases",
    "audit",
)
"""Every rule there is; each has a way to be enforced (`sweepers.SWEEPERS`)."""

MONTH, YEAR = timedelta(days=31), timedelta(days=366)


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Keep(_Part):
    """How long: hours, days, months or years, exactly one of them."""

    hours: int = Field(default=0, ge=0)
    days: int = Field(default=0, ge=0)
    months: int = Field(default=0, ge=0)
    years: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _one_unit(self) -> Keep:
        if sum(bool(amount) for amount in (self.hours, self.days, self.months, self.years)) != 1:
            raise ValueError("give one of hours, days, months or years, and more than 0 of it")
        return self

    @property
    def at_most(self) -> timedelta:
        """The longest it can be, to compare by: months of 31 days, years of 366."""
        return (
            timedelta(hours=self.hours) + timedelta(days=self.days) + self.months * MONTH + self.years * YEAR
        )

    def before(self, at: datetime) -> datetime:
        """The instant that lies so long before another; months and years go by the calendar."""
        months = self.months + 12 * self.years
        if not months:
            return at - self.at_most
        years, month = divmod(at.month - 1 - months, 12)
        earlier = at.replace(day=1, month=month + 1, year=at.year + years)
        last = (earlier.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        return earlier.replace(day=min(at.day, last.day))

    def after(self, at: datetime) -> datetime:
        """The instant that lies at least so long after another."""
        return at + self.at_most

    def __str__(self) -> str:
        unit, amount = next((unit, amount) for unit, amount in self if amount)
        return f"{amount} {unit.removesuffix('s') if amount == 1 else unit}"


class Rule(_Part):
    """What is kept, where, and for how long after what."""

    what: str
    tables: tuple[str, ...] = ()
    keep: Keep
    after: str
    protected: str


class Otherwise(_Part):
    """What ends by another rule than a time."""

    what: str
    tables: tuple[str, ...]
    until: str
    protected: str


class DraftRules(_Part):
    """What becomes of requests that nobody finished."""

    remind_after: Keep
    close_after: Keep
    for_a_person: tuple[str, ...]


class Rules(_Part):
    """`data/retention.yml`."""

    rules: dict[str, Rule]
    otherwise: tuple[Otherwise, ...]
    drafts: DraftRules
    batch: int = Field(ge=1, le=10_000)

    def keep(self, name: str) -> Keep:
        """How long what a rule is about is kept."""
        return self.rules[name].keep


def rules() -> Rules:
    """The rules in use; `checking.problems` says whether they fit together.

    Raises:
        WordingError: the file cannot be read as rules; the message says where.
    """
    return _rules(get_settings().data / "retention.yml")


@lru_cache(maxsize=4)
def _rules(path: Path) -> Rules:
    try:
        found = Rules.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise WordingError(f"{path} is missing; restore it.") from error
    except yaml.YAMLError as error:
        raise WordingError(f"{path} is not valid YAML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise WordingError(f"{path}, at '{where}': {first['msg']}.") from error
    if set(found.rules) != set(RULES):
        wrong = ", ".join(sorted(set(found.rules) ^ set(RULES)))
        raise WordingError(f"{path}: a rule is missing, or nothing enforces it: {wrong}.")
    return found
