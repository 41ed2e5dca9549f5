"""Carrying out one step, whatever happens to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from actions.cases import services as cases
from actions.cases import tasks
from actions.cases.models import Case
from actions.database import Database
from actions.fulfilment import builtin, handlers, journal, registry
from actions.fulfilment.interfaces import GiveUp, NotNeeded, StepContext, TryLater
from actions.fulfilment.models import Step
from actions.fulfilment.running import Claimed, carry_out
from actions.fulfilment.services import plan_step

ASKED = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
Register = Callable[..., None]


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, registry.Registered]]:
    """The registry, for this test to add to."""
    kinds = dict(registry._kinds)
    monkeypatch.setattr(registry, "_kinds", kinds)
    return iter([kinds])


def tried(database: Database, kind: str = "test", case: Case | None = None, **payload: Any) -> Step:
    """Plan a step, claim it, carry it out, and return how it stands."""
    with database.write() as session:
        plan_step(session, kind=kind, payload=payload, key=f"{kind}-key", case=case)
        (step,) = journal.claim(session, "w1")
        one = Claimed.of(database, step)
    carry_out(one, "w1")
    with database.read() as session:
        return session.get_one(Step, one.context.step_id)


def raising(error: Exception) -> registry.Registered:
    def handler(context: StepContext, payload: Mapping[str, Any], /) -> None:
        raise error

    return registry.Registered(handler=handler)


def test_a_handler_gets_its_context_and_payload_outside_any_transaction(
    database: Database, registered: Iterator[dict[str, registry.Registered]]
) -> None:
    seen: list[tuple[StepContext, Mapping[str, Any]]] = []

    def handler(context: StepContext, payload: Mapping[str, Any], /) -> None:
        with context.database.write():  # would wait in vain, were a transaction of ours open
            seen.append((context, payload))

    next(registered)["test"] = registry.Registered(handler=handler)
    step = tried(database, colour="green")
    assert (step.state, step.payload) == ("done", None)
    ((context, payload),) = seen
    assert (context.step_id, context.key, context.case_id, context.attempt) == (step.id, "test-key", None, 1)
    assert payload == {"colour": "green"}


def test_try_later_is_tried_later(
    database: Database, registered: Iterator[dict[str, registry.Registered]]
) -> None:
    next(registered)["test"] = raising(TryLater("the CRM is away"))
    step = tried(database, a=1)
    assert (step.state, step.last_error, step.payload) == ("planned", "the CRM is away", {"a": 1})
    assert step.retry_at is not None


def test_an_exceptions_own_words_are_not_kept(
    database: Database,
    registered: Iterator[dict[str, registry.Registered]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    next(registered)["test"] = raising(KeyError("canary@hartwell.example"))
    step = tried(database)
    assert step.state == "planned"
    assert step.last_error.startswith("KeyError at test_running.py:")
    printed = capsys.readouterr()
    assert "canary" not in printed.out + printed.err


def test_giving_up_calls_a_person_at_once(
    database: Database, registered: Iterator[dict[str, registry.Registered]]
) -> None:
    next(registered)["test"] = raising(GiveUp("the contact is on hold"))
    assert tried(database).state == "failed"
    with database.read() as session:
        assert "the contact is on hold" in tasks.open_tasks(session)[0].text


def test_what_is_not_needed_is_cancelled(
    database: Database, registered: Iterator[dict[str, registry.Registered]]
) -> None:
    next(registered)["test"] = raising(NotNeeded("too late"))
    step = tried(database)
    assert (step.state, step.payload, step.last_error) == ("cancelled", None, "too late")


def test_a_kind_nobody_knows_yet_waits_for_a_worker_that_does(database: Database) -> None:
    step = tried(database, kind="from-the-future")
    assert (step.state, step.last_error) == ("planned", "this worker has no handler for 'from-the-future'")


def test_what_happens_here_is_committed_with_the_step_or_not_at_all(
    database: Database, registered: Iterator[dict[str, registry.Registered]]
) -> None:
    broken = [True]

    def handler(session: Session, context: StepContext, payload: Mapping[str, Any], /) -> None:
        tasks.raise_task(session, key="effect", kind="review", text="Look.")
        session.flush()
        if broken.pop():
            broken.append(False)
            raise RuntimeError

    next(registered)["test"] = registry.Registered(own=handler)
    step = tried(database)
    assert step.state == "planned"
    with database.write() as session:
        assert tasks.open_tasks(session) == []
        row = session.get_one(Step, step.id)
        row.retry_at = None
        session.flush()
        one = Claimed.of(database, journal.claim(session, "w2")[0])
    carry_out(one, "w1")
    with database.read() as session:
        assert tasks.open_tasks(session) == [], "a worker without the lease has no effect"
    carry_out(one, "w2")
    with database.read() as session:
        assert len(tasks.open_tasks(session)) == 1
        assert session.get_one(Step, step.id).state == "done"


def test_two_handlers_for_a_kind_are_a_mistake(registered: Iterator[dict[str, registry.Registered]]) -> None:
    next(registered)
    registry.handles("twice")(lambda context, payload: None)
    with pytest.raises(ValueError, match="two handlers"):
        registry.handles_here("twice")(lambda session, context, payload: None)


def test_the_list_of_modules_registers_every_kind() -> None:
    assert {"mail", "move_case"} <= set(registry.kinds())
    assert "actions.mail.handlers" in handlers.MODULES


def a_case(database: Database, state: str) -> Case:
    with database.write() as session:
        return cases.open_case(session, right="erasure", conversation_id=None, received_at=ASKED, state=state)


def test_a_case_is_moved_by_the_worker(database: Database) -> None:
    case = a_case(database, "in_progress")
    assert tried(database, "move_case", case, to="fulfilled", note="proven").state == "done"
    with database.read() as session:
        found = session.get_one(Case, case.id)
        last = cases.history(session, found)[-1]
        assert (found.state, last.by, last.note) == ("fulfilled", "worker", "proven")


def test_a_case_that_is_there_already_is_left_alone(database: Database) -> None:
    case = a_case(database, "in_progress")
    assert tried(database, "move_case", case, to="in_progress").state == "done"
    with database.read() as session:
        assert len(cases.history(session, case)) == 1


def test_a_case_closed_meanwhile_is_not_reopened(database: Database) -> None:
    case = a_case(database, "scheduled")
    with database.write() as session:
        cases.move(session, session.get_one(Case, case.id), "withdrawn", by="contact")
    assert tried(database, "move_case", case, to="in_progress").state == "cancelled"


def test_a_move_that_leads_nowhere_calls_a_person(database: Database) -> None:
    assert tried(database, "move_case", a_case(database, "in_progress"), to="draft").state == "failed"
    with database.read() as session, pytest.raises(GiveUp):
        builtin.move_case(session, StepContext(database, 1, "k", None), {"to": "fulfilled"})
