"""Applying the rules: what is due, in bounded batches, told to the audit trail as numbers only."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from actions.audit import record
from actions.clock import now
from actions.database import Database
from actions.database.wiping import wipe
from actions.retention.models import RetentionRun
from actions.retention.rules import RULES, rules
from actions.retention.sweepers import EVERY, SWEEPERS, Sweep

CLEARING = "clearing"
"""The row that remembers that SQLite's files still have to be cleared of what was deleted."""
TOLD_EVERY = timedelta(days=1)
log = structlog.get_logger("retention")


def sweep(database: Database) -> int:
    """Apply every rule that is due, one batch each, every batch in a transaction of its own.

    A rule that fails is said in the log, and does not keep the others from being applied.

    Returns:
        How many rows and files went.
    """
    total = 0
    for name in RULES:
        try:
            total += _apply(database, name)
        except Exception as error:
            log.error("retention_failed", rule=name, error=type(error).__name__)
    _clear(database, needed=total > 0)
    return total


def _apply(database: Database, name: str) -> int:
    with database.read() as session:
        at = now(session)
        if not _due(session.get(RetentionRun, name), name, at):
            return 0
    with database.write() as session:
        known = session.get(RetentionRun, name, with_for_update=True)
        if not _due(known, name, at):
            return 0
        limit = rules().batch
        gone = SWEEPERS[name](session, Sweep(at, rules().keep(name).before(at), limit))
        run = known or RetentionRun(rule=name, untold=0)
        run.ran_at, run.more = at, gone >= limit
        run.untold += gone
        session.add(run)
        _tell(session, run, at)
    if gone:
        log.info("retention_applied", rule=name, count=gone)
    return gone


def _due(run: RetentionRun | None, name: str, at: datetime) -> bool:
    # A time to come is one that the clock was set back from.
    return run is None or run.more or run.ran_at > at or at - run.ran_at >= EVERY[name]


def _tell(session: Session, run: RetentionRun, at: datetime) -> None:
    """Tell the audit trail once a day at the most how much went by a rule: numbers, and nothing else."""
    if not run.untold or (run.told_at is not None and timedelta(0) <= at - run.told_at < TOLD_EVERY):
        return
    details = {"rule": run.rule, "count": run.untold}
    record(session, actor="worker", action="retention_applied", subject="retention", details=details)
    run.untold, run.told_at = 0, at


def _clear(database: Database, *, needed: bool) -> None:
    """Clear SQLite's files of what was deleted; where a reader is in the way, try again the next time."""
    with database.read() as session:
        at, waiting = now(session), session.get(RetentionRun, CLEARING)
        if not needed and (waiting is None or not waiting.more):
            return
    cleared = wipe(database)
    if cleared and waiting is None:
        return
    with database.write() as session:
        session.merge(RetentionRun(rule=CLEARING, ran_at=at, more=not cleared, untold=0))
    if not cleared:
        log.warning("clearing_postponed")
