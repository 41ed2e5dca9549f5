"""What has to be done every now and then, whoever asks for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from actions.cases import chores as cases
from actions.database import Database
from actions.erasures import ledger, reviews
from actions.handover import services as handovers
from actions.notices import services as notices
from actions.retention import services as retention

EVERY = timedelta(seconds=30)
log = structlog.get_logger("housekeeping")


CHORES: tuple[tuple[str, Callable[[Session], int]], ...] = (
    ("handovers_tended", handovers.tend),
    ("drafts_tended", cases.tend_drafts),
    ("reviews_come_due", cases.raise_reviews),
)
# Those that ask other systems or write files, and open their transactions themselves.
LONG_CHORES: tuple[tuple[str, Callable[[Database], int]], ...] = (
    ("grounds_ended", reviews.review),
    ("notices_planned", notices.daily),
    ("ledger_written", ledger.save),
    ("kept_no_longer", retention.sweep),
)


def tidy(database: Database) -> None:
    """Do every chore, each in a transaction of its own; one that fails does not keep the others from it.

    Of several workers only one does them at a time: the others find it at work and leave it alone.
    """
    try:
        with database.first("housekeeping") as mine:
            if mine:
                _do_all(database)
    except SQLAlchemyError as error:
        log.error("chores_not_begun", error=type(error).__name__)


def _do_all(database: Database) -> None:
    for name, chore in CHORES:
        _do(name, partial(_in_one_transaction, database, chore))
    for name, long_chore in LONG_CHORES:
        _do(name, partial(long_chore, database))


def _in_one_transaction(database: Database, chore: Callable[[Session], int]) -> int:
    with database.write() as session:
        return chore(session)


def _do(name: str, chore: Callable[[], int]) -> None:
    try:
        count = chore()
    except Exception as error:
        log.error("chore_failed", chore=name, error=type(error).__name__)
        return
    if count:
        log.info(name, count=count)
