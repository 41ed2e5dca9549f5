"""When the desk is told of something by itself: `data/alerts.yml`."""

from __future__ import annotations

from functools import lru_cache

from pydantic import Field

from actions.wording.interfaces import Strict
from actions.wording.services import load

CLOCK = r"^([01]\d|2[0-3]):[0-5]\d$"


class AlertRules(Strict):
    """When the desk is told of something (`alerts.yml`)."""

    due_in_days: tuple[int, ...] = Field(min_length=1)
    wrong_codes: int = Field(ge=1)
    within_minutes: int = Field(ge=1)
    tasks: tuple[str, ...]
    officer: tuple[str, ...]
    morning: str = Field(pattern=CLOCK)
    digest_until: str = Field(pattern=CLOCK)
    most_listed: int = Field(ge=1, le=40)


@lru_cache(maxsize=1)
def alert_rules() -> AlertRules:
    """The rules, read once.

    Raises:
        actions.wording.interfaces.WordingError: the file is wrong.
    """
    return load("alerts.yml", AlertRules)
