"""One turn, tried once: sent to the engine, its receipt looked for, and what follows from either."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Literal

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.conversations import turns
from actions.conversations.models import Conversation, Turn
from actions.conversations.offers import say
from actions.conversations.turns import Job
from bot.engine.interfaces import Engine, EngineErred, EngineFailed, EngineUnreachable
from bot.engine.janitor import Janitor
from bot.gateway.dialogue import Dialogue
from bot.gateway.storage import Storage

# With the pauses between them, half a minute: a message that cannot be answered is told from a bad moment.
MOST_FAILURES = 10
FIRST_PAUSE = timedelta(milliseconds=200)
LONGEST_PAUSE = timedelta(seconds=5)
MOST_TRUSTED = 10_000

Outcome = Literal["answered", "unreachable", "failed", "gone"]
log = structlog.get_logger(__name__)


class TrustedSessions:
    """Engine sessions whose last turn ended well before our eyes; the longest unused are forgotten first."""

    def __init__(self) -> None:
        self._sessions: OrderedDict[str, None] = OrderedDict()

    def __contains__(self, engine_session: object) -> bool:
        return engine_session in self._sessions

    def add(self, engine_session: str) -> None:
        """Trust a session, until `discard`."""
        self._sessions[engine_session] = None
        self._sessions.move_to_end(engine_session)
        if len(self._sessions) > MOST_TRUSTED:
            self._sessions.popitem(last=False)

    def discard(self, engine_session: str) -> None:
        """Trust it no more."""
        self._sessions.pop(engine_session, None)


class Attempts:
    """Tries turns. That nothing is said twice rests on the receipt alone, not on anything here."""

    def __init__(
        self,
        storage: Storage,
        engine: Engine,
        janitor: Janitor,
        dialogue: Dialogue,
        *,
        owner: str,
        can_serve: Callable[[], Awaitable[bool]],
    ) -> None:
        """Prepare.

        Args:
            storage: the database.
            engine: where turns go.
            janitor: told of sessions that nobody will use again.
            dialogue: the domain's part.
            owner: who holds the leases.
            can_serve: whether the engine and the action server are both there, looked at now.
        """
        self.trusted = TrustedSessions()
        self._storage = storage
        self._engine = engine
        self._janitor = janitor
        self._dialogue = dialogue
        self._owner = owner
        self._can_serve = can_serve

    async def run(self, job: Job) -> Outcome:
        """Try a claimed turn once; afterwards it is answered, or given back."""
        if job.abandoned:
            self._janitor.forget(job.abandoned)
        delivered = await self._deliver(job)
        if delivered == "unreachable":
            await self.release(job)
            return "unreachable"
        answered, current = await self._storage.read(_receipt, job)
        if answered and delivered == "yes" and current == job.engine_session:
            self.trusted.add(job.engine_session)
            return "answered"
        # The session ended with its task, or we do not know what it remembers.
        self.trusted.discard(job.engine_session)
        self._janitor.forget(job.engine_session)
        if answered:
            return "answered"
        if answered is None:
            return "gone"
        return await self._missed(job, delivered)

    async def release(self, job: Job) -> None:
        """Give a turn back as if it had not been tried."""
        self.trusted.discard(job.engine_session)
        self._janitor.forget(job.engine_session)
        await self._storage.write(
            turns.release, self._owner, job.turn_id, retry_in=timedelta(0), failed=False
        )

    async def _deliver(self, job: Job) -> Literal["yes", "error", "unknown", "unreachable"]:
        try:
            if job.fresh:
                slot = await self._storage.read(self._requested_slot, job.conversation_id)
                if slot is not None:
                    await self._engine.prime(job.engine_session, slot)
            await self._engine.send(job.engine_session, job.text, job.turn_id, job.offered)
        except EngineUnreachable:
            return "unreachable"
        except EngineFailed as failure:
            log.warning(
                "engine_failed", conversation=job.conversation_id, turn=job.turn_id, reason=str(failure)
            )
            return "error" if isinstance(failure, EngineErred) else "unknown"
        return "yes"

    async def _missed(self, job: Job, delivered: str) -> Outcome:
        # Rasa answers all the same when the action server is away, and with an error when its stores are;
        # neither is the message's fault. A message that kills the engine is no answer at all, and counts.
        if delivered in ("yes", "error") and not await self._can_serve():
            await self.release(job)
            return "unreachable"
        failures = job.attempts + 1
        log.warning(
            "turn_without_receipt", conversation=job.conversation_id, turn=job.turn_id, failures=failures
        )
        if failures >= MOST_FAILURES:
            await self._storage.write(self._apologise, job.turn_id)
            return "answered"
        pause = min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE)
        await self._storage.write(turns.release, self._owner, job.turn_id, retry_in=pause, failed=True)
        return "failed"

    def _requested_slot(self, session: Session, conversation_id: str) -> str | None:
        conversation = session.get(Conversation, conversation_id)
        return None if conversation is None else self._dialogue.requested_slot(session, conversation)

    def _apologise(self, session: Session, turn_id: str) -> None:
        locked = turns.begin(session, turn_id)
        if locked is None or locked[1].answered_at is not None:
            return
        conversation, turn = locked
        for speech in self._dialogue.apology():
            say(session, conversation, speech, reply_to=turn.seq)
        conversation.engine_session = None
        turns.answer(session, conversation, turn, [])


def _receipt(session: Session, job: Job) -> tuple[bool | None, str | None]:
    """Whether the turn is answered (None: there is no such turn any more), and its conversation's session."""
    found = session.execute(
        select(Turn.answered_at, Conversation.engine_session)
        .join(Conversation, Conversation.id == Turn.conversation_id)
        .where(Turn.id == job.turn_id)
    ).first()
    return (None, None) if found is None else (found[0] is not None, found[1])
