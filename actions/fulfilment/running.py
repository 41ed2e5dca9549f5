"""Carrying out one claimed step, whatever happens to it."""

from __future__ import annotations

import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from actions.database import Database
from actions.fulfilment import journal, registry
from actions.fulfilment.interfaces import GiveUp, NotNeeded, NotYet, OwnHandler, StepContext, TryLater
from actions.fulfilment.models import Step
from actions.metrics import STEP_SECONDS, STEPS

log = structlog.get_logger("fulfilment")


@dataclass(frozen=True)
class Claimed:
    """A step in hand."""

    kind: str
    context: StepContext
    payload: Mapping[str, Any]
    turn: str | None = None

    @classmethod
    def of(cls, database: Database, step: Step) -> Claimed:
        """What is needed of a row once its transaction is over."""
        context = StepContext(database, step.id, step.key, step.case_id, step.attempts)
        return cls(step.kind, context, dict(step.payload or {}), step.turn)


def carry_out(claimed: Claimed, owner: str) -> None:
    """Run the handler and write down how it went.

    Args:
        claimed: a step this owner has the lease of.
        owner: the lease's owner.
    """
    began = time.perf_counter()
    outcome = _carry_out(claimed, owner)
    STEPS.labels(claimed.kind, outcome).inc()
    STEP_SECONDS.labels(claimed.kind).observe(time.perf_counter() - began)


def _carry_out(claimed: Claimed, owner: str) -> str:
    context = claimed.context
    seen = log.bind(
        step=context.step_id,
        kind=claimed.kind,
        case=context.case_id,
        attempt=context.attempt,
        turn=claimed.turn,
    )
    try:
        if not _handle(claimed, owner):
            seen.warning("step_taken_over")
            return "taken_over"
    except NotNeeded as reason:
        seen.info("step_not_needed", reason=str(reason))
        with context.database.write() as session:
            journal.not_needed(session, owner, context.step_id, str(reason))
        return "not_needed"
    except NotYet as reason:
        seen.info("step_waits", reason=str(reason))
        with context.database.write() as session:
            journal.wait(session, owner, context.step_id, str(reason))
        return "waits"
    except TryLater as reason:
        seen.warning("step_postponed", reason=str(reason))
        _failed(context, owner, str(reason))
        return "postponed"
    except GiveUp as reason:
        seen.error("step_given_up", reason=str(reason))
        _failed(context, owner, str(reason), for_good=True)
        return "given_up"
    except Exception as error:
        # An exception's own message may quote what it choked on, so only its type and place are kept.
        where = _place(error)
        seen.error("step_failed", error=type(error).__name__, where=where)
        _failed(context, owner, f"{type(error).__name__} at {where}")
        return "failed"
    seen.info("step_done")
    return "done"


def _handle(claimed: Claimed, owner: str) -> bool:
    registered = registry.find(claimed.kind)
    if registered is None:
        raise TryLater(f"this worker has no handler for '{claimed.kind}'")
    if registered.own is not None:
        return _handle_here(registered.own, claimed, owner)
    if registered.handler is not None:
        registered.handler(claimed.context, claimed.payload)
    with claimed.context.database.write() as session:
        return journal.done(session, owner, claimed.context.step_id)


def _handle_here(handler: OwnHandler, claimed: Claimed, owner: str) -> bool:
    with claimed.context.database.write() as session:
        ours = journal.done(session, owner, claimed.context.step_id)
        if ours:
            handler(session, claimed.context, claimed.payload)
        return ours


def _failed(context: StepContext, owner: str, error: str, *, for_good: bool = False) -> None:
    with context.database.write() as session:
        journal.failed(session, owner, context.step_id, error, for_good=for_good)


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "unknown"
