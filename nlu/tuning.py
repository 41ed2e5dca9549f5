"""Lessons taught to Rasa 3.6: what it does over and over in a turn, and need not.

Each is one function with its measured reason; `teach_everything` applies them when the engine starts.
"""

from __future__ import annotations

import sqlite3
from functools import lru_cache
from typing import Any

from jsonschema.validators import validator_for  # type: ignore[import-untyped]
from rasa.core import tracker_store
from rasa.core.actions.action import RemoteAction
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import event  # type: ignore[import-untyped]
from sqlalchemy.engine import Engine  # type: ignore[import-untyped]
from sqlalchemy.pool import QueuePool  # type: ignore[import-untyped]

PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON", "busy_timeout=5000")


def teach_everything() -> None:
    """Apply every lesson; doing it twice changes nothing."""
    remember_the_answer_schema()
    remember_event_types()
    write_ahead()
    keep_the_tracker_open()
    fail_without_the_tracker()


def remember_the_answer_schema() -> None:
    """Check the JSON schema of action answers once, not at every answer: 40 % of a form turn went into it."""
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    validator = kind(schema)

    def validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
        validator.validate(result)
        return True

    RemoteAction._validate_action_result = validate_action_result


def remember_event_types() -> None:
    """Look up an event's class once a type, not among all classes at every event: 7 % of a form turn."""
    if not hasattr(Event.resolve_by_type, "cache_info"):
        Event.resolve_by_type = staticmethod(lru_cache(maxsize=128)(Event.resolve_by_type))


def write_ahead() -> None:
    """Let the tracker's SQLite append to a log, not wait for the disk, and wipe what it deletes.

    A turn that a power cut loses is replayed from our own rows.
    """
    if not event.contains(Engine, "connect", _configure):
        event.listen(Engine, "connect", _configure)


def keep_the_tracker_open() -> None:
    """Keep SQLite connections: closing the last one folds the log into the file, 30 % of a form turn."""

    def engine_options(url: Any) -> dict[str, Any]:
        options: dict[str, Any] = _options_for_servers(url)
        return options or {"poolclass": QueuePool, "pool_size": 2}

    tracker_store.create_engine_kwargs = engine_options


def fail_without_the_tracker() -> None:
    """Let a message fail whose session cannot be read or stored.

    Rasa would go on with an empty session, or keep it in the memory of one process: a request under way would
    be forgotten in the middle, and nobody told. The gateway repeats a message that fails, in a fresh session.
    """

    async def retrieve(self: FailSafeTrackerStore, sender_id: str) -> Any:
        return await self._tracker_store.retrieve(sender_id)

    async def retrieve_full_tracker(self: FailSafeTrackerStore, sender_id: str) -> Any:
        return await self._tracker_store.retrieve_full_tracker(sender_id)

    async def save(self: FailSafeTrackerStore, tracker: DialogueStateTracker) -> None:
        await self._tracker_store.save(tracker)

    FailSafeTrackerStore.retrieve = retrieve
    FailSafeTrackerStore.retrieve_full_tracker = retrieve_full_tracker
    FailSafeTrackerStore.save = save


def _configure(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")


_options_for_servers = tracker_store.create_engine_kwargs
