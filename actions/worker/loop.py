"""The worker's loop: claim what is due, hand it to a few threads, keep leases and heartbeat alive."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Collection
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from actions.clock.services import offset as clock_offset
from actions.database import Database
from actions.database.changes import Changes
from actions.fulfilment import journal
from actions.fulfilment.running import Claimed, carry_out
from actions.worker import housekeeping, services

POLL_SECONDS = 0.15
LOOK_SECONDS = 0.5
"""Some steps become due by time alone; nobody minds half a second then."""
TROUBLE_SECONDS = 2.0
THREADS = 4
log = structlog.get_logger("worker")


@dataclass
class Chore:
    """Something of this process that comes round: every so many seconds, by the monotonic clock."""

    every: float
    next_at: float = 0.0

    def is_due(self) -> bool:
        """Whether it is time; if so, the next time is set."""
        at = time.monotonic()
        if at < self.next_at:
            return False
        self.next_at = at + self.every
        return True


class Worker:
    """One worker process. `run` returns once `stop` was called and the steps in hand are finished."""

    def __init__(
        self,
        database: Database,
        *,
        threads: int = THREADS,
        lease: timedelta = journal.LEASE,
        kinds: Collection[str] | None = None,
    ) -> None:
        """Prepare a worker.

        Args:
            database: where the journal is.
            threads: how many steps are carried out at a time.
            lease: how long a step is ours after our last sign of life; renewed three times in that time.
            kinds: carry out steps of these kinds only, and do nothing else a worker does: a helper for a
                while, not to be taken for the worker.
        """
        self.owner = secrets.token_hex(16)
        self._database = database
        self._threads = threads
        self._lease = lease
        self._kinds = kinds
        self._running: dict[int, Future[None]] = {}
        self._wake = threading.Event()
        self._stopping = False
        self._renewal = Chore(lease.total_seconds() / 3)
        self._heartbeat = Chore(services.EVERY.total_seconds())
        self._tidying = Chore(housekeeping.EVERY.total_seconds())
        self._chores: Future[None] | None = None
        self._changes = Changes(database, at_least_every=LOOK_SECONDS)
        self._offset = 0.0
        self._clock_moved = False

    @property
    def busy(self) -> bool:
        """Whether steps are in hand."""
        return bool(self._running)

    def stop(self) -> None:
        """Begin nothing more. A plain flag, since a signal handler that took a lock could wait for itself."""
        self._stopping = True

    def run(self) -> None:
        """Work until told to stop."""
        log.info("worker_started", owner=self.owner)
        with ThreadPoolExecutor(self._threads + 1, thread_name_prefix="step") as pool:
            while not self._stopping:
                self._wake.clear()
                self._round(pool)
                self._wake.wait(POLL_SECONDS)
            while self._running:
                self._wake.clear()
                self._guarded(self._keep)
                self._wake.wait(POLL_SECONDS)
        self._guarded(self._say_goodbye)
        self._changes.close()
        log.info("worker_stopped", owner=self.owner)

    def _round(self, pool: ThreadPoolExecutor) -> None:
        well = self._guarded(self._keep) and self._guarded(lambda: self._begin(pool))
        if self._kinds is None and self._may_tidy():
            self._clock_moved = False
            self._chores = pool.submit(housekeeping.tidy, self._database)
        if not well:
            time.sleep(TROUBLE_SECONDS)

    def _may_tidy(self) -> bool:
        wanted = self._tidying.is_due() or self._clock_moved
        return wanted and (self._chores is None or self._chores.done())

    def _guarded(self, action: Callable[[], None]) -> bool:
        """Do something with the database; where that fails, say so and live on: it may come back."""
        try:
            action()
        except SQLAlchemyError as error:
            log.error("database_trouble", error=type(error).__name__)
            return False
        return True

    def _keep(self) -> None:
        for step_id, future in list(self._running.items()):
            if future.done():
                # A step whose outcome could not be written down is left to its lease.
                if error := future.exception():
                    log.error("outcome_lost", step=step_id, error=type(error).__name__)
                del self._running[step_id]
        renewing = self._renewal.is_due() and bool(self._running)
        beating = self._kinds is None and self._heartbeat.is_due()
        if not (renewing or beating):
            return
        with self._database.write() as session:
            if renewing:
                journal.renew(session, self.owner, list(self._running), lease=self._lease)
            if beating:
                services.beat(session, self.owner)
                # Whoever moves the clock by a year wants to see what a year brings, and not to wait for it.
                offset = clock_offset(session)
                self._clock_moved = self._clock_moved or offset != self._offset
                self._offset = offset

    def _begin(self, pool: ThreadPoolExecutor) -> None:
        free = self._threads - len(self._running)
        if free <= 0:
            return
        if not self._changes.any():
            return
        with self._database.read() as session:
            due = journal.due(session, limit=free, in_hand=list(self._running), kinds=self._kinds)
        if not due:
            return
        with self._database.write() as session:
            steps = journal.claim(session, self.owner, lease=self._lease, among=due)
            claimed = [Claimed.of(self._database, step) for step in steps]
        for one in claimed:
            future = pool.submit(carry_out, one, self.owner)
            self._running[one.context.step_id] = future
            future.add_done_callback(lambda _future: self._wake.set())

    def _say_goodbye(self) -> None:
        with self._database.write() as session:
            services.stop(session, self.owner)
