"""Grounds of the law and the policy, by id (`data/grounds.yml`): to keep, to leave out, to restrict."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import Literal, TypeVar

from pydantic import Field

from actions.cases import deadlines
from actions.wording.interfaces import Strict, WordingError
from actions.wording.services import load

FILE = "grounds.yml"


class Ground(Strict):
    """Why something may be done: what contacts read, and the rule behind it."""

    says: str = Field(min_length=1)
    source: str = Field(min_length=1)


class After(Strict):
    """So many months after a request is closed."""

    months: int = Field(ge=1)


class KeepGround(Ground):
    """A ground to keep: as colleagues read it, and with the moment at which it is looked at again."""

    colleagues: str = Field(min_length=1)
    review: After | Literal["agreement_end"]


class RefusalGround(Ground):
    """A ground to refuse; `dpo` says whether the data protection officer has to sign it off."""

    dpo: bool = False


class Grounds(Strict):
    """The file."""

    keep: dict[str, KeepGround]
    exemptions: dict[str, Ground]
    restriction: dict[str, Ground]
    refusal: dict[str, RefusalGround]


Kind = TypeVar("Kind", bound=Ground)


@lru_cache(maxsize=1)
def grounds() -> Grounds:
    """Every ground.

    Raises:
        WordingError: the file is wrong.
    """
    return load(FILE, Grounds)


def to_keep(name: str) -> KeepGround:
    """A ground to keep.

    Raises:
        WordingError: there is none of that name.
    """
    return _named(grounds().keep, name, "keep")


def exemption(name: str) -> Ground:
    """A ground to leave something out of an answer.

    Raises:
        WordingError: there is none of that name.
    """
    return _named(grounds().exemptions, name, "exemptions")


def to_refuse(name: str) -> RefusalGround:
    """A ground to refuse.

    Raises:
        WordingError: there is none of that name.
    """
    return _named(grounds().refusal, name, "refusal")


def review_date(name: str, closed: datetime, *, agreement_ends: date | None = None) -> date | None:
    """When a ground to keep is looked at again.

    Args:
        name: the ground's id.
        closed: when the request is closed, about.
        agreement_ends: when the agreement behind the ground ends; None where that is open.

    Returns:
        The day, or None while an agreement has no end.
    """
    review = to_keep(name).review
    if review == "agreement_end":
        return agreement_ends
    return deadlines.due_date(closed, months=review.months, working_day=False).due


def _named(known: dict[str, Kind], name: str, part: str) -> Kind:
    if name not in known:
        raise WordingError(f"{FILE} has no '{name}' under '{part}'; there is {', '.join(known)}.")
    return known[name]
