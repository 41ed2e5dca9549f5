"""Tryton or the way to it fails in the middle of a right: the case ends when it is back, or a person is told.

Every run plays a few of the matrix, `./rightline test --full` all.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import structlog
from sqlalchemy import select

from actions.cases.tasks import open_tasks
from actions.clock.services import machine_now
from actions.crm.interfaces import CrmError
from actions.crm.tryton.client import SECONDS_TO_READ, SECONDS_TO_WRITE, TrytonClient
from actions.crm.tryton.demo import DemoTryton
from actions.database import Database
from actions.fulfilment import journal
from actions.fulfilment import services as fulfilment
from actions.fulfilment.models import Step
from actions.sdk import away
from tests.peers.tryton import Tryton
from tests.support.crm_tryton import client
from tests.support.dialogue import Chat, connected
from tests.support.faulty_proxy import ANYWHERE, Cut, Fault, FaultyProxy, Hangs, Refused, Rewritten, Status
from tests.support.rights_in_motion import prepare
from tests.support.store import on_sqlite
from tests.support.working import PostOffice, work

pytestmark = [pytest.mark.timeout(600), on_sqlite]

PERSONAL = ("Tom", "Aldous", "northgate", "Priya", "Raman", "7700900")
BUSINESS_ERROR = json.dumps(
    {"id": 0, "error": ["UserError", ["Tom Aldous cannot be erased because …", "", None]]}
).encode()
FAULTS: dict[str, Fault] = {
    **ANYWHERE,
    "session_expired": Status(401),
    "access_taken": Status(403),
    "schema_changed": Rewritten(lambda _body: b'{"id":0,"result":{"rows":[]}}'),
    "not_json": Status(200, body=b"<html>Tom Aldous is being worked on</html>"),
    "error_inside_200": Status(200, body=BUSINESS_ERROR),
}
NEVER_DONE: dict[str, Fault] = {
    # Done, though the answer is unlike any of Tryton 8's, is done: that is looked up before it is repeated.
    **FAULTS,
    "schema_changed": Status(200, body=b'{"id":0,"result":{"rows":[]}}'),
}
MORE_OFTEN_THAN_ONE_CALL_TRIES = 4

PLACES = {
    "erasure": (
        "model.marketing.email.delete",
        "model.ir.attachment.delete",
        "model.party.relation.all.delete",
        "model.party.party.write",
        "wizard.party.erase.create",
        "wizard.party.erase.execute",
        "model.party.party.search_read",
    ),
    "erasure_keeping": ("model.party.party.write",),
    "rectification": ("model.party.party.write",),
    "restriction": ("model.party.party.write",),
    "marketing_objection": ("model.marketing.email.write",),
    "opt_in": ("model.marketing.email.create",),
}
SMOKE = {("erasure", "wizard.party.erase.execute", "error_500_though_done")}
THOROUGH = ("timeout_though_done", "answer_cut", "error_500")
"""Faults that are tried at every place of an erasure; the others at its last one only."""


@pytest.fixture
def proxy(tryton: Tryton) -> Iterator[FaultyProxy]:
    with FaultyProxy("127.0.0.1", tryton.port) as proxy:
        yield proxy


@pytest.fixture
def through(tryton: Tryton, proxy: FaultyProxy) -> TrytonClient:
    """A client by way of the proxy."""
    return client(tryton, proxy.url)


def hurry(impatient: TrytonClient) -> None:
    """Wait for no answer as long as a busy machine may need: for tests in which there is none."""
    impatient._patience = impatient._patience_for_changes = 1.0


def be_patient(again: TrytonClient) -> None:
    """Wait as long as usual."""
    again._patience, again._patience_for_changes = SECONDS_TO_READ, SECONDS_TO_WRITE


@pytest.fixture
def crm(tryton: Tryton, through: TrytonClient) -> DemoTryton:
    DemoTryton(client(tryton), machine_now).load(again=True)
    return DemoTryton(through, machine_now)


@pytest.fixture
def chat(
    database: Database, crm: DemoTryton, monkeypatch: pytest.MonkeyPatch, post_office: PostOffice
) -> Iterator[Chat]:
    monkeypatch.setattr(journal, "wait_after", lambda _attempts: timedelta(0))
    with connected(database, monkeypatch, crm):
        yield Chat(database)


def _matrix() -> Iterator[object]:
    for right, places in PLACES.items():
        for place in places:
            for name in FAULTS:
                if right == "erasure" and place != "wizard.party.erase.execute" and name not in THOROUGH:
                    continue
                marks = () if (right, place, name) in SMOKE else (pytest.mark.full,)
                yield pytest.param(right, place, name, marks=marks, id=f"{right}-{place}-{name}")


@pytest.mark.parametrize(("right", "place", "name"), list(_matrix()))
def test_a_right_ends_as_it_should_once_tryton_is_back(
    right: str,
    place: str,
    name: str,
    chat: Chat,
    crm: DemoTryton,
    proxy: FaultyProxy,
    post_office: PostOffice,
) -> None:
    prepare(right, chat)
    post_office.letters.clear()
    if isinstance(FAULTS[name], Hangs):
        hurry(crm.client)
    proxy.fail(FAULTS[name], where=f'"{place}"', times=MORE_OFTEN_THAN_ONE_CALL_TRIES)
    with structlog.testing.capture_logs() as lines:
        work(chat.database)
        assert proxy.broken, f"{place} was never called"
        proxy.heal()
        be_patient(crm.client)
        # What waits for an operator is looked at again every hour, and then what it held up.
        for _ in range(2):
            chat.pass_time(timedelta(hours=1))
            work(chat.database)
    assert chat.cases()[-1].state == "fulfilled"
    assert OUTCOMES[right](crm)
    letters = Counter((letter.subject, letter.to) for letter in post_office.letters)
    assert letters
    assert all(count == 1 for count in letters.values()), letters
    assert not any(word in str(lines) for word in PERSONAL)


def _erased(crm: DemoTryton) -> bool:
    gone = crm.holdings("tom") is None and not crm.find_by_email("tom@northgate.example")
    left = crm.client.search_read("marketing.email", [["email", "=", "tom@northgate.example"]], ["email"])
    return gone and not left


def _reduced(crm: DemoTryton) -> bool:
    priya = crm.holdings("priya")
    return (
        priya is not None
        and priya.contact.state == "reduced"
        and set(priya.contact.fields) == {"name", "surname", "email", "company"}
        and (priya.tracked_emails, priya.preferences) == (0, {})
    )


def _rectified(crm: DemoTryton) -> bool:
    tom = crm.get("tom")
    return tom is not None and tom.fields["mobile_telephone"] == "+447700900199"


def _restricted(crm: DemoTryton) -> bool:
    tom = crm.get("tom")
    return tom is not None and tom.state == "restricted"


def _opted_out(crm: DemoTryton) -> bool:
    tom = crm.holdings("tom")
    if tom is None:
        return False
    by_email = [wanted for (_topic, channel), wanted in tom.preferences.items() if channel == "email"]
    return len(by_email) >= 3 and not any(by_email)


def _opted_in(crm: DemoTryton) -> bool:
    mei = crm.holdings("mei")
    return mei is not None and mei.preferences[("monthly_newsletter", "email")]


OUTCOMES: dict[str, Callable[[DemoTryton], bool]] = {
    "erasure": _erased,
    "erasure_keeping": _reduced,
    "rectification": _rectified,
    "restriction": _restricted,
    "marketing_objection": _opted_out,
    "opt_in": _opted_in,
}


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        pytest.param("access_taken", "Party Administration", id="access_taken"),
        pytest.param("refused", "RIGHTLINE_TRYTON_URL", id="refused", marks=pytest.mark.full),
        pytest.param("schema_changed", "made for Tryton 8", id="schema_changed", marks=pytest.mark.full),
        pytest.param("error_inside_200", "Tryton's client", id="error", marks=pytest.mark.full),
    ],
)
def test_where_it_never_works_an_agent_is_told_what_to_do(
    name: str, advice: str, chat: Chat, crm: DemoTryton, proxy: FaultyProxy
) -> None:
    prepare("rectification", chat)
    proxy.fail(NEVER_DONE[name], where='"model.party.party.write"')
    for _ in range(2):
        work(chat.database)
        chat.pass_time(timedelta(hours=1))
    case = chat.cases()[-1]
    assert case.state == "in_progress"
    with chat.database.read() as session:
        (task,) = [task for task in open_tasks(session) if task.kind in ("stuck_step", "waiting_step")]
        stuck = session.scalars(select(Step).where(Step.state == "failed")).all()
    assert advice in task.text
    assert case.reference in task.text
    assert not any(word in task.text for word in PERSONAL)
    proxy.heal()
    with chat.database.write() as session:
        for step in stuck:
            fulfilment.retry(session, session.get_one(Step, step.id), by="dana")
    chat.pass_time(timedelta(hours=1))
    work(chat.database)
    assert chat.cases()[-1].state == "fulfilled"
    assert _rectified(crm)


def test_a_turn_that_tryton_does_not_answer_leaves_nothing_and_can_be_repeated(
    chat: Chat, proxy: FaultyProxy
) -> None:
    chat.send("access")
    proxy.fail(Status(500))
    # Whether an address is on file is not looked up before its owner has shown that it is theirs.
    chat.send(email="tom@northgate.example")
    code = chat.code()
    with pytest.raises(CrmError, match="its log has the details"):
        chat.send(code=code)
    proxy.heal()
    chat.send(code=code)
    assert [case.right for case in chat.cases()] == ["access"]
    assert "Aldous" in str(chat.messages())


def test_a_contact_who_waits_for_long_is_told_and_so_is_an_agent(
    chat: Chat, proxy: FaultyProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(away, "TRIES", 0)
    chat.send("access")
    chat.send(email="tom@northgate.example")
    code = chat.code()
    proxy.fail(Status(500))
    (told,) = chat.send(code=code)
    assert "can't reach our customer records" in told["text"]
    assert told["ask"]["field"] == "code"
    with chat.database.read() as session:
        (task,) = [task for task in open_tasks(session) if task.kind == "crm_away"]
    assert chat.cases()[-1].reference in task.text
    assert "its log has the details" in task.text
    assert not any(word in task.text for word in PERSONAL)
    proxy.heal()
    assert "Aldous" in str(chat.send(code=code))


# --- The client alone ---


def test_a_question_is_asked_again_where_the_trouble_is_short(
    through: TrytonClient, proxy: FaultyProxy
) -> None:
    through.check()
    for fault in (Refused(), Status(429, {"Retry-After": "0"}), Cut()):
        proxy.fail(fault, times=2)
        assert through.count("party.party", [["code", "=", "nobody"]]) == 0
        proxy.heal()


def test_a_change_that_may_have_been_made_is_not_made_again(
    through: TrytonClient, proxy: FaultyProxy
) -> None:
    through.check()
    for fault in (Hangs(done=True), Status(500, done=True), Cut()):
        before = through.count("party.category", [["name", "=", "Once"]])
        proxy.fail(fault, where='"model.party.category.create"')
        if isinstance(fault, Hangs):
            hurry(through)
        with pytest.raises(CrmError):
            through.create("party.category", [{"name": "Once", "parent": None}])
        proxy.heal()
        be_patient(through)
        made = through.search_read("party.category", [["name", "=", "Once"]], ["name"])
        assert (before, len(made)) == (0, 1)
        through.delete("party.category", [row["id"] for row in made])


def test_an_expired_session_is_renewed_without_anybody_noticing(
    through: TrytonClient, proxy: FaultyProxy
) -> None:
    through.check()
    through._session = "bm9ib2R5OjE6eA=="
    assert through.count("party.party", [["code", "=", "nobody"]]) == 0
    assert [body for _line, body in proxy.seen if b"common.db.login" in body]


@pytest.mark.parametrize(
    ("wrong", "advice"),
    [
        ({"password": "no"}, "RIGHTLINE_TRYTON_PASSWORD"),
        ({"database": "other"}, "no database 'other'"),
        ({"url": "http://127.0.0.1:9"}, "RIGHTLINE_TRYTON_URL"),
    ],
)
def test_wrong_settings_are_named(tryton: Tryton, wrong: dict[str, str], advice: str) -> None:
    given = {
        "url": tryton.url,
        "database": tryton.database,
        "user": tryton.user,
        "password": tryton.password,
        **wrong,
    }
    with pytest.raises(CrmError, match=advice) as caught:
        TrytonClient(given["url"], given["database"], given["user"], given["password"]).check()
    assert tryton.password not in str(caught.value)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=() if name == "error_inside_200" else (pytest.mark.full,))
        for name in FAULTS
        if name not in ("session_expired", "timeout_though_done")
    ],
)
def test_what_is_said_of_a_fault_is_advice_and_nothing_personal(
    name: str, through: TrytonClient, proxy: FaultyProxy
) -> None:
    through.check()
    if isinstance(FAULTS[name], Hangs):
        hurry(through)
    proxy.fail(FAULTS[name])
    with pytest.raises(CrmError) as caught:
        through.search_read("party.party", [["name", "=", "Tom Aldous"]], ["code"])
    sentence = str(caught.value)
    assert sentence.startswith(("Tryton", "somebody"))
    assert len(sentence) > 40
    assert not any(word in sentence for word in PERSONAL)
