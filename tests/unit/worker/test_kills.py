"""`kill -9` at every point of a step: resumed by the next worker, and one effect."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from actions.cases import services as cases
from actions.cases.models import AgentTask, Case
from actions.database import Database
from actions.fulfilment.services import plan_step
from actions.mail.services import message_id, post
from tests.unit.mail.servers import Mailbox, smtp_server
from tests.unit.worker.processes import attempts, states, until, worker

ASKED = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def erasure(database: Database) -> Case:
    """A case whose steps change another system, then our own database, then close the case."""
    with database.write() as session:
        case = cases.open_case(
            session, right="erasure", conversation_id=None, received_at=ASKED, state="in_progress"
        )
        for kind, payload in (
            ("elsewhere", {"name": "crm"}),
            ("here", {"name": "note"}),
            ("move_case", {"to": "fulfilled"}),
        ):
            plan_step(session, kind=kind, payload=payload, key=kind, case=case)
        return case


@pytest.mark.parametrize("where", ["before-crm", "after-crm", "before-note", "after-note"])
def test_a_killed_workers_step_is_taken_over_with_one_effect(
    database: Database, tmp_path: Path, where: str
) -> None:
    case = erasure(database)
    hold = tmp_path / f"hold-{where}"
    hold.touch()
    with worker(database, tmp_path) as process:
        until((tmp_path / f"reached-{where}").exists)
        process.kill()
        process.wait(10)
    killed_in = "elsewhere" if where.endswith("crm") else "here"
    assert states(database)[killed_in] == "running"
    hold.unlink()
    with worker(database, tmp_path):
        until(lambda: set(states(database).values()) == {"done"})
    assert attempts(database, killed_in) == 2
    assert (tmp_path / "effect-crm").exists()
    assert (tmp_path / "repeated-crm").exists() == (where == "after-crm"), (
        "seen again, and known for the same"
    )
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(AgentTask)) == 1
        found = session.get_one(Case, case.id)
        assert [line.to_state for line in cases.history(session, found)] == ["in_progress", "fulfilled"]


class HoldingMailbox(Mailbox):
    """Takes a letter and then keeps the sender waiting for the answer, the first time."""

    async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:
        """Take the letter; say so at once only when it was here before."""
        answer = await super().handle_DATA(_server, _session, envelope)
        if len(self.letters) == 1:
            await asyncio.sleep(5)
        return answer


def test_a_worker_killed_while_the_server_takes_a_letter_sends_the_same_letter_again(
    database: Database, tmp_path: Path
) -> None:
    with database.write() as session:
        post(session, "copy_of_data", "priya@hartwell.example", key="copy", reference="PR-7F3K-9Q2M")
    with smtp_server(HoldingMailbox()) as mailbox:
        with worker(database, tmp_path, RIGHTLINE_SMTP_PORT=str(mailbox.port)) as process:
            until(lambda: mailbox.letters)
            process.kill()
            process.wait(10)
        with worker(database, tmp_path, RIGHTLINE_SMTP_PORT=str(mailbox.port)):
            until(lambda: states(database) == {"copy": "done"})
    assert [letter["Message-ID"] for letter in mailbox.letters] == [message_id("copy")] * 2


def test_letters_wait_out_an_outage_and_a_kill(database: Database, tmp_path: Path) -> None:
    with database.write() as session:
        for number in range(5):
            post(
                session,
                "copy_of_data",
                "priya@hartwell.example",
                key=f"copy-{number}",
                reference="PR-7F3K-9Q2M",
            )
    with worker(database, tmp_path, RIGHTLINE_SMTP_PORT="1") as process:
        until(lambda: b"step_postponed" in (tmp_path / "log").read_bytes())
        process.kill()
        process.wait(10)
    with smtp_server() as mailbox, worker(database, tmp_path, RIGHTLINE_SMTP_PORT=str(mailbox.port)):
        until(lambda: set(states(database).values()) == {"done"})
    ids = sorted(letter["Message-ID"] for letter in mailbox.letters)
    assert ids == sorted(message_id(f"copy-{number}") for number in range(5))
    log = (tmp_path / "log").read_text()
    assert "priya" not in log
    assert "PR-7F3K" not in log
