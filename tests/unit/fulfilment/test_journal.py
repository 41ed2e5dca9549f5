"""The journal: planned in the decision's transaction, claimed by one worker, in a case's order."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions import clock
from actions.audit.services import entries_about
from actions.cases import services as cases
from actions.cases import tasks
from actions.cases.models import Case
from actions.clock.services import machine_now
from actions.database import Database
from actions.fulfilment import journal
from actions.fulfilment.models import Step
from actions.fulfilment.services import cancel_steps, open_steps, plan_step, retry, steps_of
from tests.support.store import everywhere

pytestmark = pytest.mark.usefixtures("unwatched")

ASKED = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[timedelta]]:
    """How far the machine's clock runs ahead for the journal; append to move it."""
    ahead = [timedelta(0)]
    monkeypatch.setattr(journal, "machine_now", lambda: machine_now() + sum(ahead, timedelta(0)))
    return iter([ahead])


def a_case(database: Database, right: str = "erasure") -> Case:
    with database.write() as session:
        return cases.open_case(
            session, right=right, conversation_id=None, received_at=ASKED, state="in_progress"
        )


def planned(database: Database, key: str, case: Case | None = None, **more: object) -> int:
    with database.write() as session:
        step = plan_step(session, kind="test", payload={"canary": key}, key=key, case=case, **more)  # type: ignore[arg-type]
        session.flush()
        return step.id


def claimed(database: Database, owner: str = "w1", limit: int = 10) -> list[str]:
    with database.write() as session:
        return [step.key for step in journal.claim(session, owner, limit=limit)]


def state(database: Database, step_id: int) -> str:
    with database.read() as session:
        return session.get_one(Step, step_id).state


def finish(database: Database, step_id: int, owner: str = "w1") -> bool:
    with database.write() as session:
        return journal.done(session, owner, step_id)


def test_the_same_key_is_the_same_step(database: Database) -> None:
    first = planned(database, "k")
    assert planned(database, "k") == first
    assert claimed(database) == ["k"]
    assert finish(database, first)
    assert planned(database, "k") == first, "even after it is done"
    assert claimed(database) == []


def test_a_step_stands_or_falls_with_its_transaction(database: Database) -> None:
    with suppress(RuntimeError), database.write() as session:
        plan_step(session, kind="test", payload={}, key="never")
        raise RuntimeError
    assert claimed(database) == []


def test_the_payload_is_encrypted_and_then_destroyed(database: Database, tmp_path: Path) -> None:
    step = planned(database, "k")
    with database.read() as session:
        assert session.get_one(Step, step).payload == {"canary": "k"}
    claimed(database)
    finish(database, step)
    with database.read() as session:
        assert session.get_one(Step, step).payload is None
    database.dispose()
    assert b"canary" not in b"".join(path.read_bytes() for path in tmp_path.glob("rightline.db*"))


def test_steps_of_a_case_run_in_order_and_others_independently(database: Database) -> None:
    case, other = a_case(database), a_case(database)
    first, second = planned(database, "1", case), planned(database, "2", case)
    planned(database, "other", other)
    planned(database, "alone-1")
    planned(database, "alone-2")
    assert claimed(database) == ["1", "other", "alone-1", "alone-2"]
    assert claimed(database, "w2") == []
    finish(database, first)
    assert claimed(database, "w2") == ["2"]
    assert state(database, second) == "running"


def test_a_step_that_waits_for_its_time_holds_back_those_behind_it(database: Database) -> None:
    case = a_case(database)
    with database.read() as session:
        tomorrow = clock.now(session) + timedelta(hours=24)
    planned(database, "waits", case, not_before=tomorrow)
    planned(database, "behind", case)
    assert claimed(database) == []
    with database.write() as session:
        clock.advance(session, timedelta(hours=23, minutes=59))
    assert claimed(database) == []
    with database.write() as session:
        clock.advance(session, timedelta(minutes=2))
    assert claimed(database) == ["waits"]


@everywhere
def test_many_workers_never_share_a_step(database: Database) -> None:
    keys = [f"k{number}" for number in range(40)]
    for key in keys:
        planned(database, key)
    taken: list[str] = []

    def work(owner: str) -> None:
        while mine := claimed(database, owner, limit=3):
            taken.extend(mine)

    threads = [threading.Thread(target=work, args=(f"w{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(taken) == sorted(keys)


def test_a_lease_that_runs_out_is_taken_over_and_the_late_worker_cannot_finish(
    database: Database, later: Iterator[list[timedelta]]
) -> None:
    ahead = next(later)
    step = planned(database, "k")
    assert claimed(database, "slow") == ["k"]
    ahead.append(journal.LEASE / 2)
    assert claimed(database, "next") == []
    with database.write() as session:
        journal.renew(session, "slow", [step])
    ahead.append(journal.LEASE * 0.9)
    assert claimed(database, "next") == [], "it was renewed"
    ahead.append(journal.LEASE)
    assert claimed(database, "next") == ["k"]
    assert finish(database, step, "slow") is False
    assert state(database, step) == "running"
    assert finish(database, step, "next") is True


@pytest.mark.parametrize(
    "jump", [timedelta(days=-400), timedelta(days=-1), timedelta(days=1), timedelta(days=400)]
)
@pytest.mark.parametrize("in_hand", [True, False])
def test_a_jump_of_the_machines_clock_holds_no_step_back(
    database: Database, later: Iterator[list[timedelta]], jump: timedelta, in_hand: bool
) -> None:
    ahead = next(later)
    step = planned(database, "k")
    assert claimed(database, "killed") == ["k"]
    if not in_hand:
        with database.write() as session:
            journal.failed(session, "killed", step, "tried once")
        assert claimed(database, "next") == []
    ahead.append(jump)
    assert claimed(database, "next") == ["k"]
    assert finish(database, step, "next") is True


@everywhere
def test_two_workers_on_one_case_do_its_steps_once_and_in_order(database: Database) -> None:
    case = a_case(database)
    keys = [f"k{number:02}" for number in range(12)]
    for key in keys:
        planned(database, key, case)
    done: list[str] = []
    at_once = threading.Semaphore(1)

    def work(owner: str) -> None:
        deadline = time.monotonic() + 60
        while len(done) < len(keys) and time.monotonic() < deadline:
            with database.write() as session:
                mine = [(step.id, step.key) for step in journal.claim(session, owner, limit=3)]
            for step_id, key in mine:
                assert at_once.acquire(blocking=False), "two steps of one case at once"
                done.append(key)
                at_once.release()
                finish(database, step_id, owner)

    threads = [threading.Thread(target=work, args=(f"w{number}",)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    assert done == keys


def test_a_worker_does_not_take_over_from_itself(
    database: Database, later: Iterator[list[timedelta]]
) -> None:
    step = planned(database, "k")
    claimed(database)
    next(later).append(journal.LEASE * 2)
    with database.write() as session:
        assert journal.claim(session, "w1", in_hand=[step]) == []


def test_a_failed_attempt_waits_and_is_tried_again(
    database: Database, later: Iterator[list[timedelta]]
) -> None:
    step = planned(database, "k")
    claimed(database)
    with database.write() as session:
        journal.failed(session, "w1", step, "the server is away")
    assert claimed(database) == []
    next(later).append(timedelta(seconds=2))
    assert claimed(database) == ["k"]
    with database.read() as session:
        assert session.get_one(Step, step).attempts == 2


@given(st.integers(1, 40))
def test_waits_double_from_a_second_to_fifteen_minutes(attempts: int) -> None:
    wait = journal.wait_after(attempts).total_seconds()
    expected = min(900.0, 2.0 ** (attempts - 1))
    assert 1.0 <= wait <= 900.0
    assert expected * 0.8 <= wait <= expected * 1.2 + 1e-9


def test_after_the_last_try_a_person_gets_a_task(
    database: Database, later: Iterator[list[timedelta]]
) -> None:
    ahead = next(later)
    case = a_case(database)
    step, behind = planned(database, "k", case), planned(database, "behind", case)
    for attempt in range(journal.MAX_TRIES):
        assert claimed(database) == ["k"], attempt
        with database.write() as session:
            journal.failed(session, "w1", step, "the CRM said no")
        ahead.append(timedelta(minutes=15))
    assert state(database, step) == "failed"
    assert claimed(database) == [], "what is behind it waits"
    with database.write() as session:
        (task,) = tasks.open_tasks(session)
        assert (task.kind, task.case_id, task.due_on) == ("stuck_step", case.id, case.due_on)
        assert case.reference in task.text
        assert "the CRM said no" in task.text
        assert entries_about(session, case.reference)[-1].action == "task_raised"
        assert "step_failed" in [entry.action for entry in entries_about(session, case.reference)]
        stuck = session.get_one(Step, step)
        assert stuck.payload == {"canary": "k"}, "kept for the retry"
        retry(session, stuck, by="dana")
    assert claimed(database) == ["k"]
    finish(database, step)
    assert claimed(database) == ["behind"]
    assert state(database, behind) == "running"


def test_only_stuck_steps_are_retried(database: Database) -> None:
    step = planned(database, "k")
    with database.write() as session, pytest.raises(ValueError, match="not failed"):
        retry(session, session.get_one(Step, step), by="dana")


def test_a_step_that_takes_its_worker_down_every_time_ends_with_a_person(
    database: Database, later: Iterator[list[timedelta]]
) -> None:
    ahead = next(later)
    step = planned(database, "deadly")
    for _ in range(journal.MAX_TRIES):
        assert claimed(database) == ["deadly"]
        ahead.append(journal.LEASE * 2)
    assert claimed(database) == []
    assert state(database, step) == "failed"
    with database.read() as session:
        assert len(tasks.open_tasks(session)) == 1


def test_cancelling_spares_what_has_begun_and_other_cases(database: Database) -> None:
    case, other = a_case(database), a_case(database)
    running, waiting = planned(database, "1", case), planned(database, "2", case)
    others = planned(database, "3", other)
    claimed(database, limit=1)
    with database.write() as session:
        assert cancel_steps(session, session.get_one(Case, case.id)) == 1
        assert session.get_one(Step, waiting).state == "cancelled"
    with database.write() as session:
        assert cancel_steps(session, session.get_one(Case, case.id)) == 0
        assert session.get_one(Step, waiting).payload is None
        assert [step.id for step in steps_of(session, case)] == [running, waiting]
        assert [step.id for step in open_steps(session, case)] == [running]
    assert (state(database, running), state(database, others)) == ("running", "planned")
    assert entry_actions(database, case).count("steps_cancelled") == 1


def test_cancelling_ends_a_stuck_step_and_the_task_it_gave(database: Database) -> None:
    case = a_case(database)
    step = planned(database, "stuck", case)
    claimed(database)
    with database.write() as session:
        journal.failed(session, "w1", step, "the mailbox is gone", for_good=True)
    with database.write() as session:
        assert cancel_steps(session, case) == 1
        assert tasks.open_tasks(session) == []
    planned(database, "the refusal's letter", case)
    assert claimed(database) == ["the refusal's letter"]


def test_a_step_cancelled_in_the_same_transaction_never_runs(database: Database) -> None:
    case = a_case(database)
    with database.write() as session:
        plan_step(session, kind="test", payload={}, key="k", case=case)
        assert cancel_steps(session, case) == 1
    assert claimed(database) == []


def test_a_cancelled_step_does_not_hold_back_those_behind_it(database: Database) -> None:
    case = a_case(database)
    step = planned(database, "1", case)
    planned(database, "2", case)
    claimed(database)
    with database.write() as session:
        journal.not_needed(session, "w1", step, "too late")
    assert claimed(database) == ["2"]


def entry_actions(database: Database, case: Case) -> list[str]:
    with database.read() as session:
        return [entry.action for entry in entries_about(session, case.reference)]
