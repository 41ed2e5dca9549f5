"""The helpdesk cannot be reached while a contact is answered: they are told so, and a person looks later."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

import pytest

from actions.cases.tasks import open_tasks
from actions.helpdesk.interfaces import HelpdeskError, Ticket
from actions.rights import access, erasure, review, search, sources
from tests.support.dialogue import Chat
from tests.support.working import PostOffice
from tests.unit.rights.conftest import Work
from tests.unit.rights.test_review import as_agent, asked, finish_searches


class Away:
    """A helpdesk that is being moved to another room."""

    def find_by_requestor(self, requestor: str) -> Sequence[Ticket]:
        raise HelpdeskError("Request Tracker cannot be reached")

    def create_ticket(self, subject: str, body: str, requestor: str | None, *, key: str) -> str:
        raise HelpdeskError("Request Tracker cannot be reached")

    def comment(self, ticket_id: str, text: str, *, key: str) -> None:
        raise HelpdeskError("Request Tracker cannot be reached")

    def resolve(self, ticket_id: str) -> None:
        raise HelpdeskError("Request Tracker cannot be reached")

    def export(self, requestor: str) -> Mapping[str, str]:
        raise HelpdeskError("Request Tracker cannot be reached")

    def anonymise(self, requestor: str) -> int:
        raise HelpdeskError("Request Tracker cannot be reached")


@pytest.fixture(autouse=True)
def _away(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (access, erasure):
        monkeypatch.setattr(module, "get_helpdesk", Away)


def test_access_shows_the_rest_at_once_and_a_person_looks_in_the_helpdesk(
    chat: Chat, work: Work, post_office: PostOffice
) -> None:
    shown = asked(chat)
    rows = {row["id"]: row["value"] for row in shown["card"]["rows"]}
    assert "our helpdesk: a colleague looks there" in rows["searched"]
    assert "our helpdesk" in shown["text"]
    assert shown["case"]["state"] == "in_progress"
    with chat.database.read() as session:
        texts = [task.text for task in open_tasks(session)]
    assert [text for text in texts if "our helpdesk" in text and "Look there" in text]
    with pytest.raises(review.ReviewRefused, match="helpdesk"):
        as_agent(chat, lambda session, case: review.send(session, case, by="dana"))
    as_agent(chat, finish_searches)
    as_agent(chat, lambda session, case: review.keep_the_rest(session, case, by="dana"))
    as_agent(chat, lambda session, case: review.send(session, case, by="dana"))
    work()
    assert chat.cases()[-1].state == "fulfilled"


def test_somebody_who_is_not_on_file_is_not_told_that_nothing_is_held(chat: Chat) -> None:
    shown = asked(chat, "stranger@nowhere.example")
    assert shown["case"]["state"] == "in_progress"
    rows = {row["id"]: row["value"] for row in shown["card"]["rows"]}
    assert rows["helpdesk"].startswith("a colleague looks there")
    assert as_agent(chat, lambda session, case: list(sources.open_searches(session, case)))


def test_an_erasure_is_decided_all_the_same(chat: Chat) -> None:
    chat.send("erase")
    told = chat.prove("tom@northgate.example")[-1]
    assert "copy_first" in [choice["id"] for choice in told["choices"]]


def test_a_helpdesk_that_takes_long_is_not_waited_for(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()

    class Slow(Away):
        def find_by_requestor(self, requestor: str) -> Sequence[Ticket]:
            released.wait(30)
            return []

    monkeypatch.setattr(access, "get_helpdesk", Slow)
    monkeypatch.setattr(search, "PATIENCE_SECONDS", 0.05)
    shown = asked(chat)
    released.set()
    rows = {row["id"]: row["value"] for row in shown["card"]["rows"]}
    assert "our helpdesk: a colleague looks there" in rows["searched"]
