"""What a step's handler is given, and how it says that it could not do it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy.orm import Session

from actions.database import Database

STEP_STATES = ("planned", "held", "running", "done", "failed", "cancelled")
WAITING_STATES = ("planned", "running", "failed")


class TryLater(Exception):
    """It cannot be done now; it is tried again. The reason is kept: nothing personal in it."""


class NotYet(Exception):
    """Something that has nothing to do with the step stands in its way, perhaps for long: a legal hold.

    It is looked at again every hour by our clock, and no attempt is counted. The reason is kept: nothing
    personal in it.
    """


class GiveUp(Exception):
    """It can never be done; a person gets a task at once. The reason is kept: nothing personal in it."""


class NotNeeded(Exception):
    """There is nothing left to do, or it is too late for it; the step is cancelled and later ones go on."""


@dataclass(frozen=True)
class StepContext:
    """What a handler works with.

    Attributes:
        database: for transactions of the handler's own; none is open when it is called.
        step_id: the step.
        key: the step's unique key, the same at every attempt: what to tell other systems, so that they
            recognise a repetition.
        case_id: the case it belongs to, if any.
        attempt: 1 at the first try.
    """

    database: Database
    step_id: int
    key: str
    case_id: int | None
    attempt: int = 1


class Handler(Protocol):
    """Carries a step out, outside any transaction. Called again after it did, it must not do it twice."""

    def __call__(self, context: StepContext, payload: Mapping[str, Any], /) -> None: ...


class OwnHandler(Protocol):
    """Carries out what happens in our database alone, in the very transaction that marks the step as done."""

    def __call__(self, session: Session, context: StepContext, payload: Mapping[str, Any], /) -> None: ...
