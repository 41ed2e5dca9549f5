"""Turns reach the engine in order and are answered exactly once, whatever dies on the way."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, select, text, update

from actions.clock.services import machine_now
from actions.conversations import intake, log, turns
from actions.conversations.interfaces import TurnInput
from actions.conversations.models import Conversation, Turn
from actions.conversations.services import open_conversation
from actions.database import Database
from bot.engine.client import RasaEngine
from bot.engine.janitor import Janitor
from bot.engine.sessions import TrackerTables
from bot.gateway import attempts as attempts_module
from bot.gateway.attempts import Attempts
from bot.gateway.dispatcher import Dispatcher
from bot.gateway.gate import Gate
from bot.gateway.readiness import Readiness
from bot.gateway.storage import Storage
from tests.unit.gateway.fakes import APOLOGY, FakeEngine, dialogue, open_turns


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts_module, "FIRST_PAUSE", timedelta(milliseconds=5))


@asynccontextmanager
async def dispatching(
    database: Database,
    engine: FakeEngine,
    *,
    tracker: str = "",
    requested_slot: Any = None,
    owner: str = "us",
    concurrency: int = 8,
) -> AsyncIterator[Dispatcher]:
    storage = Storage(database)
    spoken = dialogue(requested_slot) if requested_slot else dialogue()

    async def in_use() -> set[str]:
        return set()

    async with (
        RasaEngine(engine.url, answer_seconds=0.3) as client,
        Janitor(TrackerTables(tracker or "sqlite:////nonexistent/tracker.db"), in_use) as janitor,
    ):
        readiness = Readiness(storage, client, engine.url)
        async with Gate(readiness.can_serve_turns) as gate:
            attempts = Attempts(
                storage, client, janitor, spoken, owner=owner, can_serve=readiness.can_serve_turns
            )
            async with Dispatcher(
                storage, attempts, gate, owner=owner, answered=lambda _: None, concurrency=concurrency
            ) as dispatcher:
                yield dispatcher
        await readiness.close()


def begin(database: Database) -> str:
    with database.write() as session:
        return open_conversation(session, []).id


def write(database: Database, conversation: str, words: str) -> None:
    with database.write() as session:
        intake.accept(session, conversation, TurnInput(text=words))


def said(database: Database, conversation: str) -> list[str | None]:
    with database.read() as session:
        return [message.body.get("text") for message in log.after(session, conversation, 0)]


async def settle(database: Database, seconds: float = 30) -> None:
    async with asyncio.timeout(seconds):
        while True:
            with database.read() as session:
                if not open_turns(session):
                    return
            await asyncio.sleep(0.01)


def run(
    database: Database, engine: FakeEngine, during: Callable[[Dispatcher], Any] | None = None, **options: Any
) -> None:
    """Dispatch until every turn is answered."""

    async def main() -> None:
        async with dispatching(database, engine, **options) as dispatcher:
            if during is not None:
                await asyncio.to_thread(during, dispatcher)
            await settle(database)

    asyncio.run(main())


FAILURES = ["crash_before", "crash_after", "hang", "silent", "error"]


@pytest.mark.parametrize("failure", FAILURES)
def test_a_turn_is_answered_once_whatever_goes_wrong_first(
    database: Database, engine: FakeEngine, failure: str
) -> None:
    engine.plan = [failure]
    conversation = begin(database)
    write(database, conversation, "one")
    write(database, conversation, "two")
    run(database, engine)
    assert said(database, conversation) == ["one", "two", "You said: one", "You said: two"]
    assert set(engine.performed.values()) == {1}
    senders = [content["sender"] for content in engine.received]
    # A session that failed is never used again, even where its turn was answered in the end.
    assert senders[1] != senders[0]
    assert senders.count(senders[0]) == 1


def test_a_session_goes_on_while_all_is_well_and_ends_with_its_task(
    database: Database, engine: FakeEngine
) -> None:
    conversation = begin(database)
    for words in ("one", "two", "three"):
        write(database, conversation, words)
    run(database, engine)
    assert len({content["sender"] for content in engine.received}) == 1
    engine.ends_task = True
    engine.received.clear()
    for words in ("four", "five"):
        write(database, conversation, words)
    run(database, engine)
    assert len({content["sender"] for content in engine.received}) == 2
    assert all(len(content["sender"]) == 32 for content in engine.received)


def test_the_engine_is_told_the_turn_and_what_was_on_offer(database: Database, engine: FakeEngine) -> None:
    with database.write() as session:
        conversation = open_conversation(session, dialogue().greeting()).id
    write(database, conversation, "no idea")
    run(database, engine)
    (content,) = engine.received
    with database.read() as session:
        turn = session.scalars(select(Turn)).one()
    assert content["metadata"] == {"turn": turn.id, "offered": ["cancel", "erase"]}
    assert content["message"] == "no idea"


def test_a_fresh_session_is_told_what_the_form_waits_for(database: Database, engine: FakeEngine) -> None:
    engine.plan = ["answer", "silent"]
    conversation = begin(database)
    for words in ("one", "two"):
        write(database, conversation, words)
    run(database, engine, requested_slot=lambda session, conversation: "email")
    assert [sender for sender, _ in engine.primed] == [
        engine.received[0]["sender"],
        engine.received[2]["sender"],
    ]
    events = engine.primed[0][1]
    assert {"event": "slot", "name": "requested_slot", "value": "email"} in events
    assert {"event": "active_loop", "name": "request_form"} in events


def test_after_a_restart_sessions_are_not_trusted(database: Database, engine: FakeEngine) -> None:
    conversation = begin(database)
    write(database, conversation, "one")
    run(database, engine)
    write(database, conversation, "two")
    run(database, engine)
    assert engine.received[0]["sender"] != engine.received[1]["sender"]


def test_conversations_keep_their_order_and_share_the_engine(database: Database, engine: FakeEngine) -> None:
    conversations = [begin(database) for _ in range(6)]
    engine.always = "wait"

    def write_all(dispatcher: Dispatcher) -> None:
        for number in range(5):
            for conversation in conversations:
                write(database, conversation, f"message {number}")
                dispatcher.nudge()
        while engine.at_once < 3:
            threading.Event().wait(0.01)
        engine.go.set()

    run(database, engine, write_all, concurrency=3)
    assert engine.most_at_once == 3
    for conversation in conversations:
        answers = [words for words in said(database, conversation) if words and words.startswith("You said")]
        assert answers == [f"You said: message {number}" for number in range(5)]
    assert set(engine.performed.values()) == {1}


def test_an_engine_that_is_away_is_waited_for_without_counting(
    database: Database, engine: FakeEngine
) -> None:
    engine.stop()
    conversation = begin(database)
    write(database, conversation, "one")

    def come_back(_: Dispatcher) -> None:
        threading.Event().wait(0.5)
        engine.model = None
        engine.start()
        threading.Event().wait(0.3)
        assert engine.received == []
        engine.model = "model.tar.gz"

    run(database, engine, come_back)
    assert said(database, conversation) == ["one", "You said: one"]
    with database.read() as session:
        assert session.scalars(select(Turn.attempts)).all() == [0]


def test_an_engine_that_dies_between_turns_is_waited_for(database: Database, engine: FakeEngine) -> None:
    conversation = begin(database)
    write(database, conversation, "one")

    def die(_: Dispatcher) -> None:
        asyncio.run(settle(database))
        engine.stop()
        write(database, conversation, "two")
        threading.Event().wait(0.6)
        engine.go.clear()
        engine.start()

    run(database, engine, die)
    assert said(database, conversation) == ["one", "You said: one", "two", "You said: two"]


def test_an_action_server_that_is_away_is_not_the_messages_fault(
    database: Database, engine: FakeEngine
) -> None:
    engine.always = "silent"
    conversation = begin(database)
    write(database, conversation, "one")

    def come_back(_: Dispatcher) -> None:
        while not engine.received:
            threading.Event().wait(0.01)
        threading.Event().wait(0.3)
        engine.always = "answer"
        engine.healthy = True

    async def main() -> None:
        async with dispatching(database, engine) as dispatcher:
            await asyncio.sleep(0.05)
            engine.healthy = False
            dispatcher.nudge()
            await asyncio.to_thread(come_back, dispatcher)
            await settle(database)

    asyncio.run(main())
    assert said(database, conversation) == ["one", "You said: one"]
    with database.read() as session:
        assert session.scalars(select(Turn.attempts)).one() <= 1


def test_a_store_of_the_engine_that_is_away_is_not_the_messages_fault(
    database: Database, engine: FakeEngine
) -> None:
    """As when Redis is gone for a while: there would be more errors than a message may cause."""
    engine.always = "error"
    conversation = begin(database)
    write(database, conversation, "one")

    def come_back(_: Dispatcher) -> None:
        while not engine.received:
            threading.Event().wait(0.01)
        engine.stores = False
        threading.Event().wait(0.5)
        engine.always = "answer"
        engine.stores = True

    run(database, engine, come_back)
    assert said(database, conversation) == ["one", "You said: one"]
    with database.read() as session:
        assert session.scalars(select(Turn.attempts)).one() <= 3


@pytest.mark.parametrize("days", [-400, -1, 1, 400])
def test_a_turn_in_hand_outlives_a_jump_of_the_machines_clock(
    database: Database, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    conversation = begin(database)
    write(database, conversation, "one")
    with database.write() as session:
        assert turns.claim(session, "a gateway that is killed now", set())
    jumped = machine_now() + timedelta(days=days)
    monkeypatch.setattr(turns, "machine_now", lambda: jumped)
    run(database, engine)
    assert said(database, conversation) == ["one", "You said: one"]


def test_after_many_failures_nobody_is_left_waiting(database: Database, engine: FakeEngine) -> None:
    engine.plan = ["silent", "error", "crash_before", "silent", "error"] * 2
    conversation = begin(database)
    write(database, conversation, "one")
    write(database, conversation, "two")
    run(database, engine)
    assert said(database, conversation) == ["one", "two", APOLOGY, "You said: two"]
    assert len(engine.received) == 11
    with database.read() as session:
        found = session.get(Conversation, conversation)
        assert found is not None
        assert found.open_turns == 0
        apology = log.after(session, conversation, 2)[0]
        assert apology.reply_to == 1
        assert apology.body["choices"][0]["id"] == "talk_to_human"


def test_an_action_that_comes_too_late_says_nothing(database: Database, engine: FakeEngine) -> None:
    engine.plan = ["silent"] * 10
    conversation = begin(database)
    write(database, conversation, "one")
    run(database, engine)
    engine.act(engine.received[0]["metadata"]["turn"], "one")
    assert said(database, conversation) == ["one", APOLOGY]


def test_a_gateway_that_stops_gives_its_turns_back(database: Database, engine: FakeEngine) -> None:
    engine.plan = ["hang"]
    conversation = begin(database)
    write(database, conversation, "one")

    async def main() -> None:
        async with dispatching(database, engine, owner="first"):
            while not engine.received:
                await asyncio.sleep(0.01)

    asyncio.run(main())
    with database.read() as session:
        turn = session.scalars(select(Turn)).one()
        assert turn.lease_owner is None
    run(database, engine, owner="second")
    assert said(database, conversation) == ["one", "You said: one"]


def test_two_gateways_answer_everything_once(database: Database, engine: FakeEngine) -> None:
    conversations = [begin(database) for _ in range(8)]

    async def main() -> None:
        async with (
            dispatching(database, engine, owner="first"),
            dispatching(database, engine, owner="second"),
        ):
            for number in range(3):
                for conversation in conversations:
                    await asyncio.to_thread(write, database, conversation, f"message {number}")
            await settle(database)

    asyncio.run(main())
    for conversation in conversations:
        answers = [words for words in said(database, conversation) if words and words.startswith("You said")]
        assert answers == [f"You said: message {number}" for number in range(3)]
    assert set(engine.performed.values()) == {1}


def test_a_dead_gateways_leases_run_out(database: Database, engine: FakeEngine) -> None:
    conversation = begin(database)
    write(database, conversation, "one")
    with database.write() as session:
        assert len(turns.claim(session, "dead", set())) == 1
        assert turns.claim(session, "alive", set()) == []
        session.execute(update(Turn).values(lease_until=machine_now()))
        (job,) = turns.claim(session, "alive", set())
        assert job.abandoned is not None


def test_whoever_takes_a_dead_gateways_place_need_not_wait(database: Database, engine: FakeEngine) -> None:
    conversation = begin(database)
    write(database, conversation, "one")
    with database.write() as session:
        turns.claim(session, "us", set())
    run(database, engine)
    assert said(database, conversation) == ["one", "You said: one"]


def test_finished_sessions_are_deleted_from_the_engines_tables(
    database: Database, engine: FakeEngine, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'tracker.db'}"
    tracker = create_engine(url)
    with tracker.begin() as connection:
        connection.execute(
            text("CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id TEXT, timestamp REAL)")
        )
        old = machine_now().timestamp() - 7200
        connection.execute(
            text("INSERT INTO events (sender_id, timestamp) VALUES ('left behind', :old)"), {"old": old}
        )
    conversation = begin(database)

    def record(words: str) -> list[Any]:
        with tracker.begin() as connection:
            statement = text("INSERT INTO events (sender_id, timestamp) VALUES (:sender, :at)")
            at = machine_now().timestamp()
            connection.execute(statement, {"sender": engine.received[-1]["sender"], "at": at})
        return []

    engine.speech = record
    engine.ends_task = True
    write(database, conversation, "one")
    run(database, engine, tracker=url)
    with tracker.begin() as connection:
        assert connection.execute(text("SELECT sender_id FROM events")).all() == []
    tracker.dispose()
