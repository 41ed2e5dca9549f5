"""The worker in ordinary life: quick, orderly, and gone when told."""

from __future__ import annotations

import json
import signal
import statistics
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from actions import clock
from actions.clock.services import machine_now
from actions.conversations.models import Conversation
from actions.database import Database
from actions.fulfilment import registry
from actions.fulfilment.interfaces import StepContext
from actions.fulfilment.services import plan_step
from actions.vault import services as vault
from actions.worker import housekeeping, services
from actions.worker.loop import Worker
from tests.support.store import conversation
from tests.unit.worker.processes import states, until, worker


@contextmanager
def working(database: Database, **options: Any) -> Iterator[Worker]:
    """A worker in a thread of this process."""
    one = Worker(database, **options)
    thread = threading.Thread(target=one.run)
    thread.start()
    try:
        yield one
    finally:
        one.stop()
        thread.join(20)
        assert not thread.is_alive()


def plan(database: Database, key: str, kind: str = "test") -> None:
    with database.write() as session:
        plan_step(session, kind=kind, payload={}, key=key)


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """When each step of the kind `test` began; `slow` ones take a second and a half, `slower` ones two."""
    seen: dict[str, float] = {}

    def handler(context: StepContext, payload: Mapping[str, Any], /) -> None:
        seen[context.key] = time.monotonic()
        if context.key.startswith("slow"):
            time.sleep(2.0 if context.key == "slower" else 1.5)

    kinds = dict(registry._kinds) | {"test": registry.Registered(handler=handler)}
    monkeypatch.setattr(registry, "_kinds", kinds)
    return seen


def test_a_step_is_begun_within_300_milliseconds(database: Database, begun: dict[str, float]) -> None:
    waits = []
    with working(database):
        time.sleep(0.3)
        for number in range(12):
            plan(database, f"k{number}")
            planned = time.monotonic()
            until(lambda key=f"k{number}": key in begun)  # type: ignore[misc]
            waits.append(begun[f"k{number}"] - planned)
            time.sleep(0.05)
    assert statistics.median(waits) < 0.3, waits


def test_a_slow_step_does_not_keep_others_waiting(database: Database, begun: dict[str, float]) -> None:
    for key in ("slow-1", "slow-2", "quick"):
        plan(database, key)
    with working(database):
        until(lambda: len(begun) == 3)
        assert begun["quick"] - begun["slow-1"] < 1.4


def test_a_stopping_worker_finishes_what_it_has_in_hand_and_begins_nothing(
    database: Database, begun: dict[str, float]
) -> None:
    plan(database, "slow")
    with working(database) as one:
        until(lambda: "slow" in begun)
        one.stop()
        plan(database, "after")
    assert states(database) == {"slow": "done", "after": "planned"}
    with database.read() as session:
        assert services.last_heartbeat(session) is None, "it said goodbye"


def test_a_step_longer_than_its_lease_is_not_taken_over_while_its_worker_lives(
    database: Database, begun: dict[str, float]
) -> None:
    plan(database, "slower")
    with working(database, lease=timedelta(seconds=1.2)), working(database, lease=timedelta(seconds=1.2)):
        until(lambda: states(database) == {"slower": "done"})
        with database.read() as session:
            assert session.execute(text("SELECT attempts FROM fulfilment_steps")).scalar() == 1


def test_the_worker_shows_that_it_is_alive(database: Database) -> None:
    with database.read() as session:
        assert services.last_heartbeat(session) is None
        assert not services.is_alive(session)
    with working(database):
        until(lambda: alive(database))
        with database.read() as session:
            last = services.last_heartbeat(session)
        assert last is not None
        assert machine_now() - last < timedelta(seconds=5)


def test_a_worker_that_fell_silent_is_not_alive(database: Database) -> None:
    with database.write() as session:
        services.beat(session, "w1")
    with database.engine.connect() as connection:
        connection.execute(text("UPDATE worker_heartbeats SET at = '2020-01-01 00:00:00.000000'"))
        connection.commit()
    assert not alive(database)
    with database.write() as session:
        services.beat(session, "w2")
        assert session.execute(text("SELECT count(*) FROM worker_heartbeats")).scalar() == 1, (
            "long gone ones go"
        )


def alive(database: Database) -> bool:
    with database.read() as session:
        return services.is_alive(session)


def test_expired_values_leave_the_vault_without_being_asked(database: Database) -> None:
    place = conversation(database)
    with database.write() as session:
        kept = vault.put(session, place, "email", "priya@hartwell.example")
        clock.advance(session, vault.lifetime() - timedelta(minutes=1))
        later = vault.put(session, place, "code", "481206")
        clock.advance(session, timedelta(minutes=2))
    housekeeping.tidy(database)
    with database.read() as session:
        assert vault.value_of(session, place, later) == "481206"
        rows = session.execute(text("SELECT placeholder FROM vaulted_values")).scalars().all()
        assert rows == [later]
        assert kept not in rows
        assert session.get(Conversation, place) is not None


def test_a_chore_that_fails_leaves_the_others_alone(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def broken(_session: object) -> int:
        raise RuntimeError("canary")

    def works(_session: object) -> int:
        done.append("works")
        return 0

    monkeypatch.setattr(housekeeping, "CHORES", (("broken", broken), ("works", works)))
    housekeeping.tidy(database)
    assert done == ["works"]


def test_a_database_in_trouble_does_not_end_the_worker(
    database: Database, begun: dict[str, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("actions.worker.loop.TROUBLE_SECONDS", 0.05)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ALTER TABLE fulfilment_steps RENAME TO away")
        connection.commit()
    with working(database):
        time.sleep(0.3)
        with database.engine.connect() as connection:
            connection.exec_driver_sql("ALTER TABLE away RENAME TO fulfilment_steps")
            connection.commit()
        plan(database, "k")
        until(lambda: "k" in begun)


def test_sigterm_lets_a_process_finish_its_step(database: Database, tmp_path: Path) -> None:
    with database.write() as session:
        plan_step(session, kind="elsewhere", payload={"name": "crm"}, key="crm")
    hold = tmp_path / "hold-before-crm"
    hold.touch()
    with worker(database, tmp_path) as process:
        until((tmp_path / "reached-before-crm").exists)
        process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        assert process.poll() is None, "it waits for its step"
        hold.unlink()
        assert process.wait(10) == 0
    assert states(database) == {"crm": "done"}
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert [line["event"] for line in lines] == ["worker_started", "step_done", "worker_stopped"]
