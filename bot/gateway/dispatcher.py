"""Carries open turns to the engine: a few at a time, in order within each conversation."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType

import structlog

from actions.conversations import turns
from actions.conversations.models import Conversation, Turn
from actions.conversations.turns import LEASE, Job
from actions.logs import where
from bot.gateway.attempts import Attempts
from bot.gateway.gate import Gate
from bot.gateway.metrics import TURN_SECONDS
from bot.gateway.storage import Storage
from bot.gateway.waiting import woken

CONCURRENCY = 8
POLL_SECONDS = 0.25
AFTER_ERROR_SECONDS = 1.0
LAST_WORDS_SECONDS = 2.0

log = structlog.get_logger(__name__)


@dataclass
class Seat:
    """A free place among the turns that are with the engine, for one that is just being taken in."""

    attempts: Attempts
    owner: str
    job: Job | None = None

    def take(self, conversation: Conversation, turn: Turn) -> None:
        """Claim a turn for this place, in the transaction that makes it."""
        self.job = turns.claim_new(conversation, turn, self.owner, self.attempts.trusted)


class Dispatcher:
    """Claims turns and has them tried, as an asynchronous context manager that works while it is entered."""

    def __init__(
        self,
        storage: Storage,
        attempts: Attempts,
        gate: Gate,
        *,
        owner: str,
        answered: Callable[[str], None],
        concurrency: int = CONCURRENCY,
    ) -> None:
        """Prepare.

        Args:
            storage: the database.
            attempts: what tries a turn.
            gate: whether turns can be served; closed again when one shows that they cannot.
            owner: who holds the leases; nobody else alive uses this name.
            answered: told the id of a conversation that has something new.
            concurrency: how many turns are with the engine at a time.
        """
        self._storage = storage
        self._attempts = attempts
        self._gate = gate
        self._owner = owner
        self._answered = answered
        self._concurrency = concurrency
        self._in_flight: dict[asyncio.Task[None], Job] = {}
        self._seats = 0
        self._wake = asyncio.Event()
        self._certain = False
        self._loops: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Dispatcher:
        await self._storage.write(turns.release_all, self._owner)
        self._loops = [
            asyncio.create_task(self._claim_for_ever()),
            asyncio.create_task(self._renew_for_ever()),
        ]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for loop in self._loops:
            loop.cancel()
        for loop in self._loops:
            with contextlib.suppress(asyncio.CancelledError):
                await loop
        if self._in_flight:
            await asyncio.wait(self._in_flight, timeout=LAST_WORDS_SECONDS)
        for task in (unfinished := list(self._in_flight)):
            task.cancel()
        if unfinished:
            await asyncio.wait(unfinished)

    def nudge(self) -> None:
        """There is a new turn: do not wait for the next look."""
        self._certain = True
        self._wake.set()

    @contextlib.contextmanager
    def seat(self) -> Iterator[Seat | None]:
        """A place for the turn that is taken in meanwhile, if one is free; the turn is begun on afterwards.

        Where the context fails, what was claimed in it may stand or not: if it does, its lease runs out.
        """
        if not self._gate.is_open or self._room() <= 0:
            yield None
            self.nudge()
            return
        seat = Seat(self._attempts, self._owner)
        self._seats += 1
        try:
            yield seat
        finally:
            self._seats -= 1
        if seat.job is not None:
            self._begin(seat.job)
        else:
            self.nudge()

    def _room(self) -> int:
        return self._concurrency - len(self._in_flight) - self._seats

    def _begin(self, job: Job) -> None:
        task = asyncio.create_task(self._serve(job))
        self._in_flight[task] = job
        task.add_done_callback(self._served)

    async def _claim_for_ever(self) -> None:
        while True:
            await self._gate.wait()
            self._wake.clear()
            try:
                await self._claim()
            except Exception as error:
                log.error("turns_not_claimed", kind=type(error).__name__, at=where(error))
                await asyncio.sleep(AFTER_ERROR_SECONDS)
            await woken(self._wake, POLL_SECONDS)

    async def _claim(self) -> None:
        room = self._room()
        if room <= 0:
            return
        certain, self._certain = self._certain, False
        # Looking is cheap; claiming takes SQLite's one write lock.
        if not certain and not await self._storage.read(turns.is_waiting):
            return
        for job in await self._storage.write(turns.claim, self._owner, self._attempts.trusted, room):
            self._begin(job)

    async def _serve(self, job: Job) -> None:
        # This task's own context: whatever is logged on the way bears the turn.
        structlog.contextvars.bind_contextvars(turn=job.turn_id, conversation=job.conversation_id)
        began = time.perf_counter()
        try:
            outcome = await self._attempts.run(job)
            TURN_SECONDS.labels(outcome).observe(time.perf_counter() - began)
            log.info("turn_tried", outcome=outcome, ms=round((time.perf_counter() - began) * 1000, 1))
        except asyncio.CancelledError:
            await self._attempts.release(job)
            raise
        except Exception as error:
            # The lease runs out and the turn comes again, in another session.
            self._attempts.trusted.discard(job.engine_session)
            log.error("turn_not_tried", turn=job.turn_id, kind=type(error).__name__, at=where(error))
            return
        if outcome in ("answered", "gone"):
            self._answered(job.conversation_id)
        else:
            self._gate.close()

    def _served(self, task: asyncio.Task[None]) -> None:
        del self._in_flight[task]
        self._wake.set()

    async def _renew_for_ever(self) -> None:
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 3)
            ids = [job.turn_id for job in self._in_flight.values()]
            if not ids:
                continue
            try:
                await self._storage.write(turns.renew, self._owner, ids)
            except Exception as error:
                log.error("leases_not_renewed", kind=type(error).__name__, at=where(error))
