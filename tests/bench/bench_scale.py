"""What access, export and erasure of one contact cost while the CRM grows from ten thousand to a million.

    .venv/bin/python -m tests.bench.bench_scale

One database grows; at each size, contacts spread over all of it ask to see, to have and to be erased, in
whole conversations, and the worker carries out every step. What is compared is processor time, since the
machine may have other things to do.
"""

from __future__ import annotations

import os
import platform
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
import structlog

from actions.crm.embedded import EmbeddedCrm
from actions.database import Base, Database, tables
from actions.mail import handlers as mail
from actions.settings import get_settings
from tests.support.dialogue import Chat, connected
from tests.support.working import PostOffice, work

SIZES = (10_000, 100_000, 1_000_000)
SAMPLES = 15
MOST = 1.5
"""The most that the largest size may cost, as a multiple of the smallest."""
OPERATIONS = ("access", "export", "erasure")
KNOWN = tables

GROW = """
WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :last)
"""
ROWS = (
    f"""{GROW} INSERT INTO crm_contacts
    (id, state, name, surname, work_telephone, mobile_telephone, company, company_id, added_at, has_left,
     email_bounced, source)
    SELECT 'c' || i, 'active', 'Given' || i, 'Family' || i, '+4416329' || (100000 + i % 800000),
           '+4477009' || (100000 + i % 800000), 'Company ' || (i % 5000), NULL,
           datetime('2026-11-01', '+' || (i % 86400) || ' seconds') || '.000000', 0, 0, 'company' FROM n""",
    f"""{GROW} INSERT INTO crm_contact_emails (contact_id, address, "primary")
    SELECT 'c' || i, 'person' || i || '@company' || (i % 5000) || '.example', 1 FROM n""",
    f"""{GROW} INSERT INTO crm_preferences (contact_id, topic, channel, wanted)
    SELECT 'c' || i, 'monthly_newsletter', 'email', 1 FROM n""",
    f"""{GROW} INSERT INTO crm_tracked_emails (contact_id, at, subject, body)
    SELECT 'c' || i, '2026-10-01 09:00:00.000000', 'Re: your question', 'We are looking into it.' FROM n""",
)


@dataclass
class Costs:
    """Seconds of processor time, and of the clock on the wall, of each operation at one size."""

    processor: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in OPERATIONS})
    wall: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in OPERATIONS})

    @contextmanager
    def measured(self, operation: str) -> Iterator[None]:
        """Measure a block."""
        processor, wall = time.process_time(), time.monotonic()
        yield
        self.processor[operation].append(time.process_time() - processor)
        self.wall[operation].append(time.monotonic() - wall)


@dataclass
class Result:
    """What was measured at every size."""

    costs: dict[int, Costs] = field(default_factory=dict)

    def factor(self, operation: str) -> float:
        """How much dearer an operation is at the dearest size than at the cheapest."""
        medians = [statistics.median(costs.processor[operation]) for costs in self.costs.values()]
        return max(medians) / min(medians)

    def report(self) -> str:
        """The machine, the versions, and every median."""
        lines = [
            f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, "
            f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}; "
            f"medians of {SAMPLES}, processor time (wall time)",
            f"{'contacts':>12}" + "".join(f"{name:>24}" for name in OPERATIONS),
        ]
        for size, costs in self.costs.items():
            cells = (
                f"{statistics.median(costs.processor[name]) * 1000:9.1f} ms"
                f" ({statistics.median(costs.wall[name]) * 1000:6.0f} ms)"
                for name in OPERATIONS
            )
            lines.append(f"{size:12,}" + "".join(f"{cell:>24}" for cell in cells))
        factors = (f"{self.factor(name):.2f}" for name in OPERATIONS)
        lines.append(
            f"{'factor':>12}" + "".join(f"{factor:>24}" for factor in factors) + f"   (at most {MOST})"
        )
        return "\n".join(lines)


def run(say: Callable[[str], None] = lambda _line: None) -> Result:
    """Grow a database and measure at each size."""
    result = Result()
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("RIGHTLINE_LEDGER", str(Path(folder) / "ledger.jsonl"))
        patch.setattr(mail, "sender", PostOffice)
        get_settings.cache_clear()
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
        database = Database(f"sqlite:///{Path(folder) / 'rightline.db'}")
        Base.metadata.create_all(database.engine)
        with connected(database, patch):
            _warm_up(database)
            grown = 0
            for size in SIZES:
                grow(database, grown, size)
                grown = size
                say(f"{size:,} contacts")
                result.costs[size] = _measure(database, size)
        database.dispose()
    get_settings.cache_clear()
    return result


def grow(database: Database, first: int, last: int) -> None:
    """Add contacts, each with an address, a preference and an email on file; by SQLite itself, in seconds."""
    with closing(sqlite3.connect(database.url.database or "")) as connection, connection:
        for statement in ROWS:
            connection.execute(statement, {"first": first, "last": last})
        connection.execute("ANALYZE")


def _warm_up(database: Database) -> None:
    for address in ("tom@northgate.example", "mei.lin@post.example"):
        _whole_life(database, address, Costs())


def _measure(database: Database, size: int) -> Costs:
    costs = Costs()
    for number in range(SAMPLES):
        # Never twice the same one: those of smaller sizes are gone by now.
        person = (number * 2 + 1) * size // (SAMPLES * 2 + 2) + SIZES.index(size)
        _whole_life(database, f"person{person}@company{person % 5000}.example", costs)
    return costs


def _whole_life(database: Database, address: str, costs: Costs) -> None:
    """Somebody sees what is held, has a copy of it, and is erased to the last step."""
    with costs.measured("access"):
        chat = Chat(database)
        chat.send("access")
        chat.prove(address)
        # A request that stayed open would be looked at again with everybody else's erasure.
        chat.send(choice="enough")
        work(database)
    with costs.measured("export"):
        chat.send("portability")
        work(database)
    with costs.measured("erasure"):
        chat.send("erase")
        chat.send(choice="erase")
        for _ in range(2):
            chat.pass_time(timedelta(hours=25))
            work(database)
    assert not EmbeddedCrm(database).find_by_email(address)


if __name__ == "__main__":
    outcome = run(lambda line: print(line, file=sys.stderr))
    print(outcome.report())
    sys.exit(any(outcome.factor(name) > MOST for name in OPERATIONS))
