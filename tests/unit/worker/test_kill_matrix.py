"""`SIGKILL` before and after every step of every right: the same end, each effect once, each letter once."""

from __future__ import annotations

import multiprocessing
import re
import shutil
import signal
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from actions.crm.demo import TABLES as CRM_TABLES
from actions.database import Base, Database
from actions.database.tables import METADATA
from actions.database.types import UtcDateTime
from actions.database.wiping import wipe
from actions.fulfilment.interfaces import WAITING_STATES
from actions.fulfilment.models import Step
from actions.mail import handlers as mail
from tests.support.dialogue import Chat, connected
from tests.support.rights_in_motion import RIGHTS, prepare
from tests.support.working import PostOffice
from tests.unit.mail.servers import Mailbox, smtp_server
from tests.unit.worker.mortal import Point, work

# What differs from run to run without anybody being worse off: times, and how often was tried.
UNTOLD = {"attempts", "last_error", "lease_owner", "busy_step", "hash", "previous_hash"}
A_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC")
SAMPLE = (
    ("erasure", "crm_erase", "after"),
    ("erasure", "mail", "after"),
    ("erasure", "forget_contact", "before"),
    ("restriction", "tell_recipient", "after"),
)
DIED = -signal.SIGKILL
TIMEOUT_SECONDS = 90


@dataclass(frozen=True)
class Prepared:
    """A right in motion: its database, which steps it has, and how it ends when nobody is killed."""

    path: Path
    steps: tuple[tuple[str, str], ...]
    end: dict[str, Any]
    letters: frozenset[str]


class Matrix:
    """Prepares each right once, and plays it from there with a kill."""

    def __init__(self, folder: Path, mailbox: Mailbox) -> None:
        self._folder = folder
        self._mailbox = mailbox
        self._prepared: dict[str, Prepared] = {}
        self._processes = multiprocessing.get_context("forkserver")
        self._processes.set_forkserver_preload([work.__module__])

    def prepared(self, name: str) -> Prepared:
        """A right, brought to where its worker begins, and played once without a kill."""
        if name not in self._prepared:
            path = self._folder / name / "start.db"
            path.parent.mkdir()
            steps = _prepare(name, path)
            self._prepared[name] = Prepared(path, steps, {}, frozenset())
            end, letters = self.play(name, None)
            assert all(count == 1 for count in letters.values())
            self._prepared[name] = Prepared(path, steps, end, frozenset(letters))
        return self._prepared[name]

    def play(self, name: str, point: Point | None) -> tuple[dict[str, Any], Counter[str]]:
        """Play a right to its end; returns how everything is then, and how often each letter came."""
        self._mailbox.letters.clear()
        path = self._folder / name / "played.db"
        for old in path.parent.glob("played.db*"):
            old.unlink()
        shutil.copy(self.prepared(name).path if point else self._folder / name / "start.db", path)
        environment = {
            "RIGHTLINE_DATABASE_URL": f"sqlite:///{path}",
            "RIGHTLINE_SMTP_PORT": str(self._mailbox.port),
            "RIGHTLINE_LEDGER": str(self._folder / name / "ledger.jsonl"),
        }
        if point is not None:
            assert self._run(environment, point) == DIED, f"nobody came to {point}"
        assert self._run(environment, None) == 0
        database = Database(f"sqlite:///{path}")
        try:
            return _everything(database), Counter(letter["Message-ID"] for letter in self._mailbox.letters)
        finally:
            database.dispose()

    def _run(self, environment: dict[str, str], point: Point | None) -> int | None:
        process = self._processes.Process(target=work, args=(environment, point))
        process.start()
        process.join(TIMEOUT_SECONDS)
        if process.is_alive():
            process.kill()
            pytest.fail(f"the worker did not end ({point})")
        return process.exitcode


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Matrix]:
    """One for all tests of this file."""
    with smtp_server() as mailbox:
        yield Matrix(tmp_path_factory.mktemp("matrix"), mailbox)


@pytest.mark.parametrize(("name", "kind", "moment"), SAMPLE)
def test_a_kill_at_some_points_changes_nothing(matrix: Matrix, name: str, kind: str, moment: Any) -> None:
    key = next(key for key, its_kind in matrix.prepared(name).steps if its_kind == kind)
    _compare(matrix, name, Point(key, moment))


@pytest.mark.full
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", RIGHTS)
def test_a_kill_at_any_point_of_a_right_changes_nothing(
    matrix: Matrix, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    steps = matrix.prepared(name).steps
    assert steps
    for key, _kind in steps:
        for moment in ("before", "after"):
            _compare(matrix, name, Point(key, moment))
    with capsys.disabled():
        print(f"\n{name}: {len(steps)} steps, {2 * len(steps)} kills, one end", end=" ")


def _compare(matrix: Matrix, name: str, point: Point) -> None:
    expected = matrix.prepared(name)
    end, letters = matrix.play(name, point)
    for table, rows in expected.end.items():
        assert end[table] == rows, f"{table} differs after a kill {point.moment} {point.key}"
    assert set(letters) == expected.letters
    twice = [message for message, count in letters.items() if count > 1]
    # Between the server's yes and our note of it SMTP knows no way: the same letter, the same Message-ID.
    assert len(twice) <= (1 if point.moment == "after" else 0), point
    assert not [message for message, count in letters.items() if count > 2]


def _prepare(name: str, path: Path) -> tuple[tuple[str, str], ...]:
    database = Database(f"sqlite:///{path}")
    Base.metadata.create_all(database.engine)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mail, "sender", PostOffice)
        with connected(database, patch):
            prepare(name, Chat(database))
    with database.read() as session:
        waiting = select(Step).where(Step.state.in_(WAITING_STATES)).order_by(Step.id)
        steps = tuple((step.key, step.kind) for step in session.scalars(waiting))
    wipe(database)
    database.dispose()
    return steps


def _timeless(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: A_TIME.sub("(then)", value) if isinstance(value, str) else value for name, value in row.items()
    }


def _everything(database: Database) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, decrypted, but for what does not matter."""
    found: dict[str, list[dict[str, Any]]] = {}
    with database.read() as session:
        for table in METADATA.sorted_tables:
            told = [
                column
                for column in table.columns
                if column.name not in UNTOLD and not isinstance(column.type, UtcDateTime)
            ]
            rows = session.execute(select(*told)).mappings()
            found[table.name] = sorted((_timeless(row) for row in rows), key=repr)
    assert {table.__tablename__ for table in CRM_TABLES} <= set(found)
    return found
