"""A letter is written with the decision and sent by the worker, through outages, to the end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from actions import clock
from actions.cases import services as cases
from actions.cases import tasks
from actions.cases.models import Case
from actions.database import Database
from actions.fulfilment import journal
from actions.fulfilment.models import Step
from actions.fulfilment.running import Claimed, carry_out
from actions.mail import handlers
from actions.mail.interfaces import Attachment, MailRefused, TemplateError
from actions.mail.services import message_id, post
from actions.mail.smtp import SmtpSender, address
from tests.unit.mail.servers import Mailbox, free_port, smtp_server

pytestmark = pytest.mark.usefixtures("unwatched")

TO = "canary.mail@hartwell.example"
ASKED = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A mail server that the worker's handler uses."""
    with smtp_server() as mailbox:
        reach(monkeypatch, mailbox.port)
        yield mailbox


def reach(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    chosen = SmtpSender("127.0.0.1", port, address("privacy@flexiva.example"), timeout=2)
    monkeypatch.setattr(handlers, "sender", lambda: chosen)


def posted(database: Database, case: Case | None = None, key: str = "k", to: str = TO) -> None:
    with database.write() as session:
        post(
            session,
            "copy_of_data",
            to,
            case=case,
            key=key,
            attachments=[Attachment("copy.csv", "text/csv", "name\r\nPriya\r\n")],
            reference="PR-7F3K-9Q2M",
        )


def work(database: Database) -> list[str]:
    """Carry out what is due, once; the states the steps end in."""
    with database.write() as session:
        for step in journal.claim(session, "w1", limit=10):
            step.retry_at = None
            carry = Claimed.of(database, step)
            session.info.setdefault("mine", []).append(carry)
        mine = session.info.get("mine", [])
    for carry in mine:
        carry_out(carry, "w1")
    with database.read() as session:
        return [session.get_one(Step, carry.context.step_id).state for carry in mine]


def test_a_letter_is_sent_by_the_worker_and_then_forgotten(
    database: Database, server: Mailbox, tmp_path: Path
) -> None:
    posted(database)
    assert server.letters == [], "nothing sends in the request"
    assert work(database) == ["done"]
    (letter,) = server.letters
    assert (letter["To"], letter["Subject"]) == (TO, "Your copy of your data (PR-7F3K-9Q2M)")
    assert letter["Message-ID"] == message_id("k")
    database.dispose()
    assert b"canary" not in b"".join(path.read_bytes() for path in tmp_path.glob("rightline.db*"))


def test_the_same_key_sends_one_letter(database: Database, server: Mailbox) -> None:
    posted(database)
    posted(database)
    work(database)
    posted(database)
    assert work(database) == []
    assert len(server.letters) == 1


def test_a_letters_id_depends_on_its_key_alone() -> None:
    assert message_id("a") == message_id("a") != message_id("b")
    assert message_id("a").endswith("@flexiva.example>")


def test_an_outage_delays_letters_and_loses_none(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    reach(monkeypatch, port)
    for number in range(3):
        posted(database, key=f"k{number}")
    assert work(database) == ["planned"] * 3
    assert work(database) == [], "not at once again"
    with database.write() as session:
        for step in session.query(Step):
            assert step.last_error == "the mail server is unavailable (ConnectionRefusedError)"
            step.retry_at = None
    with smtp_server() as mailbox:
        reach(monkeypatch, mailbox.port)
        assert work(database) == ["done"] * 3
    assert sorted(letter["Message-ID"] for letter in mailbox.letters) == sorted(
        message_id(f"k{number}") for number in range(3)
    )


def test_a_code_that_comes_too_late_is_not_sent(database: Database, server: Mailbox) -> None:
    with database.write() as session:
        until = clock.now(session) + timedelta(minutes=10)
        values = {"code": "481 206", "minutes": 10, "expires_at": "10:54"}
        post(session, "code", TO, key="code:1", useless_after=until, **values)
        post(session, "code", TO, key="code:2", useless_after=until + timedelta(minutes=10), **values)
        clock.advance(session, timedelta(minutes=11))
    assert work(database) == ["cancelled", "done"]
    assert [letter["Message-ID"] for letter in server.letters] == [message_id("code:2")]


def test_a_letter_of_a_case_that_is_refused_calls_a_person_and_holds_the_rest(
    database: Database, server: Mailbox
) -> None:
    server.recipient = "550 5.1.1 no such user"
    with database.write() as session:
        case = cases.open_case(
            session, right="erasure", conversation_id=None, received_at=ASKED, state="in_progress"
        )
    posted(database, case)
    posted(database, case, key="behind")
    assert work(database) == ["failed"]
    assert work(database) == [], "the data are not erased when the copy could not be sent"
    with database.read() as session:
        assert "refused the letter (550)" in tasks.open_tasks(session, case=case)[0].text


def test_a_letter_of_no_case_that_is_refused_bothers_nobody(database: Database, server: Mailbox) -> None:
    server.recipient = "550 5.1.1 no such user"
    posted(database)
    assert work(database) == ["cancelled"]
    with database.read() as session:
        assert tasks.open_tasks(session) == []


@pytest.mark.parametrize("to", ["", "x@y.example\r\nBcc: z@y.example", "a@y.example,b@y.example"])
def test_a_bad_address_is_refused_where_it_is_decided(database: Database, to: str) -> None:
    with pytest.raises(MailRefused):
        posted(database, to=to)
    assert work(database) == []


def test_a_letter_with_the_wrong_values_is_refused_where_it_is_decided(database: Database) -> None:
    with database.write() as session, pytest.raises(TemplateError):
        post(session, "code", TO, key="k", code="481 206")
