"""Request Tracker or the way to it fails half-way: it ends well when it is back, or a person is told.

Every run plays a few of the matrix, `./rightline test --full` all.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from actions.cases import services as cases
from actions.cases.models import Case
from actions.clock import now
from actions.clock.services import advance
from actions.database import Database
from actions.fulfilment.models import Step
from actions.fulfilment.services import plan_step
from actions.helpdesk import services
from actions.helpdesk.rt.services import RequestTracker
from actions.settings import Settings
from tests.connectors.conftest import Tracked
from tests.peers.rt import PASSWORD, QUEUE, USER
from tests.support.faulty_proxy import ANYWHERE, Fault, FaultyProxy, Hangs, Rewritten, Status
from tests.support.working import work

pytestmark = pytest.mark.timeout(600)

PATIENT = 60.0
IMPATIENT = 8.0
FAULTS: dict[str, Fault] = {
    **ANYWHERE,
    "token_revoked": Status(401),
    "right_taken": Status(403),
    "schema_changed": Rewritten(lambda _body: b'{"rows": []}'),
    "not_json": Status(200, body=b"<html>wren is being worked on</html>"),
    "error_inside_200": Status(200, body=json.dumps(["wren: no such thing"]).encode()),
}
DONE_UNHEARD = {"timeout_though_done", "error_500_though_done", "answer_cut"}
TELL_AT_ONCE = {"token_revoked", "right_taken", "schema_changed", "not_json", "error_inside_200"}
"""What will not pass by itself: an operator is told at the first try."""

PLACES: dict[str, tuple[str, ...]] = {
    "case": ("POST /REST/2.0/tickets", "POST /REST/2.0/ticket ", "/comment", "PUT /REST/2.0/ticket"),
    "message": ("POST /REST/2.0/ticket ",),
    "forgetting": ("POST /REST/2.0/users", "DELETE /REST/2.0/ticket", "/NoAuth/Login", "/Admin/Users/Modify"),
}
SMOKE = {
    ("case", "/comment", "timeout_though_done"),
    ("message", "POST /REST/2.0/ticket ", "error_500_though_done"),
}
DONE = ("/comment", "PUT /REST/2.0/ticket", "DELETE /REST/2.0/ticket", "/NoAuth/Login", "/Admin/Users/Modify")
"""Where the answer's body says nothing that is needed, so that another shape of it does no harm."""


def all_of_them() -> Iterator[object]:
    for what, places in PLACES.items():
        for where in places:
            for fault in FAULTS:
                mine = (what, where, fault)
                if fault == "schema_changed" and where in DONE:
                    continue
                marks = [] if mine in SMOKE else [pytest.mark.full]
                yield pytest.param(*mine, marks=marks, id=f"{what}-{where.strip()}-{fault}")


class Attempt:
    """A helpdesk step on its way through a proxy."""

    def __init__(self, tracked: Tracked, database: Database, what: str) -> None:
        self.database = database
        self.direct = connected(tracked.peer.url, tracked, PATIENT)
        self.address = f"wren.{secrets.token_hex(6)}@fault.example"
        self.key = f"fault:{secrets.token_hex(6)}"
        self.case: Case | None = None
        getattr(self, f"_{what}")()
        self.check: Callable[[], None] = getattr(self, f"_check_{what}")

    def _case(self) -> None:
        with self.database.write() as session:
            case = cases.open_case(
                session,
                right="erasure",
                conversation_id=None,
                received_at=now(session),
                address=self.address,
                state="in_progress",
            )
            cases.move(session, case, "fulfilled", by="worker")
            self.case = case

    def _check_case(self) -> None:
        assert self.case is not None
        client = self.direct._client
        rows = list(client.search(f"Subject LIKE '{self.case.reference}'", fields="Status"))
        assert [row["Status"] for row in rows] == ["resolved"]
        number = str(rows[0]["id"])
        said = [entry for entry in client.history(number) if entry["Type"] == "Comment"]
        assert len(said) == 2

    def _message(self) -> None:
        payload = {"requestor": self.address, "body": "Please call me.", "subject": "Message"}
        with self.database.write() as session:
            plan_step(session, kind="helpdesk_ticket", payload=payload, key=self.key)

    def _check_message(self) -> None:
        (ticket,) = self.direct.find_by_requestor(self.address)
        assert ticket.body == "Please call me."

    def _forgetting(self) -> None:
        self.direct.create_ticket("Message", "Please call me.", self.address, key=self.key)
        with self.database.write() as session:
            plan_step(session, kind="helpdesk_anonymise", payload={"addresses": [self.address]}, key=self.key)

    def _check_forgetting(self) -> None:
        assert list(self.direct.find_by_requestor(self.address)) == []
        assert self.direct._client.user_of(self.address) is None


def connected(url: str, tracked: Tracked, seconds: float) -> RequestTracker:
    return RequestTracker.of(
        Settings(
            rt_url=url,
            rt_token=tracked.peer.token,  # type: ignore[arg-type]
            rt_user=USER,
            rt_password=PASSWORD,  # type: ignore[arg-type]
            rt_queue=QUEUE,
            connector_timeout=seconds,
        )
    )


@pytest.fixture
def proxy(request_tracker: Tracked) -> Iterator[FaultyProxy]:
    request_tracker.proxy.heal()
    yield request_tracker.proxy
    request_tracker.proxy.heal()


@pytest.mark.parametrize(("what", "where", "fault"), list(all_of_them()))
def test_it_ends_well_when_it_is_back_or_a_person_is_told(
    request_tracker: Tracked,
    proxy: FaultyProxy,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    what: str,
    where: str,
    fault: str,
) -> None:
    attempt = Attempt(request_tracker, database, what)
    hanging = isinstance(FAULTS[fault], Hangs)
    through = connected(proxy.url, request_tracker, IMPATIENT if hanging else PATIENT)
    monkeypatch.setattr(services, "get_helpdesk", lambda: through)
    monkeypatch.setattr("actions.connectors.web.time.sleep", lambda _seconds: None)
    proxy.fail(FAULTS[fault], where=where)
    before = proxy.broken
    work(database)
    assert proxy.broken > before, "the fault was never met"
    steps = waiting(database)
    # What was done though nobody heard of it is found to be done at the next try, and that may have come.
    assert steps or fault in DONE_UNHEARD, "a step is only done when what it is for is done"
    said = " ".join(step.last_error for step in steps)
    assert "Request Tracker" in said or not steps
    assert "wren" not in said
    with database.read() as session:
        tasks = cases.open_tasks(session)
    assert bool(tasks) == (fault in TELL_AT_ONCE)
    assert not any("wren" in task.text for task in tasks)

    proxy.heal()
    patient = connected(proxy.url, request_tracker, PATIENT)
    monkeypatch.setattr(services, "get_helpdesk", lambda: patient)
    for _ in range(4):
        let_time_pass(database)
        work(database)
    assert waiting(database) == []
    attempt.check()
    with database.read() as session:
        assert cases.open_tasks(session) == [], "nobody need do anything any more"


def waiting(database: Database) -> list[Step]:
    with database.read() as session:
        return list(session.scalars(select(Step).where(Step.state.not_in(("done", "cancelled")))))


def let_time_pass(database: Database) -> None:
    with database.write() as session:
        advance(session, timedelta(hours=1))
        for step in session.scalars(select(Step).where(Step.state == "planned")):
            step.retry_at = None
