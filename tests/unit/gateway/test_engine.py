"""The engine's client, and the clearing away of its sessions."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import create_engine, text

from bot.engine.client import RasaEngine
from bot.engine.interfaces import EngineFailed, EngineUnreachable
from bot.engine.sessions import TrackerTables
from tests.unit.gateway.fakes import FakeEngine

Result = TypeVar("Result")


def asked(url: str, question: Callable[[RasaEngine], Awaitable[Result]]) -> Result:
    async def main() -> Result:
        async with RasaEngine(url, answer_seconds=0.2) as client:
            return await question(client)

    return asyncio.run(main())


def test_ready_means_that_a_model_is_loaded(engine: FakeEngine) -> None:
    assert asked(engine.url, lambda client: client.state()) == "ready"
    engine.model = None
    assert asked(engine.url, lambda client: client.state()) == "starting"
    engine.model = ""
    assert asked(engine.url, lambda client: client.state()) == "starting"
    engine.stop()
    assert asked(engine.url, lambda client: client.state()) == "down"


def test_something_else_that_listens_there_is_not_ready() -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        url = f"http://127.0.0.1:{mute.getsockname()[1]}"
        with pytest.raises(EngineFailed):
            asked(url, lambda client: client.send("session", "hello", "turn", ()))


@pytest.mark.parametrize("failure", ["crash_before", "hang", "error"])
def test_what_may_have_arrived_is_told_from_what_did_not(engine: FakeEngine, failure: str) -> None:
    engine.plan = [failure]
    with pytest.raises(EngineFailed):
        asked(engine.url, lambda client: client.send("session", "hello", "turn", ()))
    engine.stop()
    with pytest.raises(EngineUnreachable):
        asked(engine.url, lambda client: client.send("session", "hello", "turn", ()))
    with pytest.raises(EngineUnreachable):
        asked(engine.url, lambda client: client.prime("session", "email"))


@pytest.fixture
def tracker(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'tracker.db'}"
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(
            text("CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id TEXT, timestamp REAL)")
        )
        for sender in ("kept", "done", "done", "idle"):
            values = {"sender": sender, "at": 1.0 if sender == "idle" else 100.0}
            connection.execute(
                text("INSERT INTO events (sender_id, timestamp) VALUES (:sender, :at)"), values
            )
    engine.dispose()
    return url


def senders(url: str) -> set[str]:
    engine = create_engine(url)
    with engine.begin() as connection:
        found = set(connection.scalars(text("SELECT sender_id FROM events")))
    engine.dispose()
    return found


def test_only_the_sessions_named_are_deleted(tracker: str) -> None:
    tables = TrackerTables(tracker)
    tables.delete(["done", "unknown"])
    assert senders(tracker) == {"kept", "idle"}
    tables.delete([])
    tables.delete([f"none {number}" for number in range(1000)] + ["kept"])
    assert senders(tracker) == {"idle"}
    tables.dispose()


def test_what_was_deleted_is_not_in_the_file_any_more(tracker: str) -> None:
    assert b"done" in Path(tracker.removeprefix("sqlite:///")).read_bytes()
    tables = TrackerTables(tracker)
    tables.delete(["done"])
    tables.dispose()
    assert b"done" not in Path(tracker.removeprefix("sqlite:///")).read_bytes()


def test_sessions_left_behind_are_found(tracker: str) -> None:
    tables = TrackerTables(tracker)
    assert tables.forgotten({"kept"}, 50.0) == ["idle"]
    assert sorted(tables.forgotten({"kept"}, 200.0)) == ["done", "idle"]
    assert tables.forgotten({"idle"}, 50.0) == []
    tables.dispose()


def test_a_store_that_is_not_there_yet_holds_nothing(tmp_path: Path) -> None:
    tables = TrackerTables(f"sqlite:///{tmp_path / 'none' / 'tracker.db'}")
    tables.delete(["any"])
    assert tables.forgotten(set(), 1e12) == []
    assert not (tmp_path / "none").exists()
    (tmp_path / "empty.db").touch()
    tables = TrackerTables(f"sqlite:///{tmp_path / 'empty.db'}")
    tables.delete(["any"])
    assert tables.forgotten(set(), 1e12) == []
    tables.dispose()
