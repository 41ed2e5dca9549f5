"""The notices in a large CRM: a dry run over a million contacts in little memory, ten thousand real mails."""

from __future__ import annotations

import os
import platform
import re
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import func, select

from actions.database import Database, migrate
from actions.notices.models import ContactNotice
from bot.paths import PROJECT
from tests.bench.bench_scale import grow
from tests.unit.mail.servers import free_port

MILLION, MAILS = 1_000_000, 10_000
MOST_GROWTH = 20 * 2**20
LOOKING = """
import psutil, sys
from datetime import UTC, datetime
from actions.crm.embedded import EmbeddedCrm
from actions.database import Database, tables
from actions.notices import services

process = psutil.Process()
database = Database(sys.argv[1])
sizes = []
summary = services.run(
    database,
    EmbeddedCrm(database),
    dry_run=True,
    since=datetime(2026, 1, 1, tzinfo=UTC),
    seen=lambda _count: sizes.append(process.memory_info().rss),
)
print(summary.counts["to_write"], sizes[0], max(sizes))
"""


class Post:
    """A mail server that remembers to whom and under which Message-ID letters came."""

    def __init__(self) -> None:
        self.recipients: Counter[str] = Counter()
        self.ids: Counter[bytes] = Counter()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Take every letter."""
        self.recipients.update(envelope.rcpt_tos)
        self.ids.update(re.findall(rb"(?im)^Message-ID: (.+?)\r?$", envelope.content))
        return "250 OK"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A state folder with an empty database."""
    migrate(f"sqlite:///{tmp_path / 'rightline.db'}")
    return tmp_path


@pytest.mark.full
@pytest.mark.timeout(3600)
def test_a_dry_run_over_a_million_contacts_needs_little_memory(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database = Database(f"sqlite:///{home / 'rightline.db'}")
    grow(database, 0, MILLION)
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", LOOKING, str(database.url)],
        env=os.environ | {"PYTHONPATH": str(PROJECT)},
        cwd=home,
        stdout=subprocess.PIPE,
        text=True,
        timeout=3000,
        check=True,
    )
    count, first, most = (int(part) for part in done.stdout.split())
    with capsys.disabled():
        print(
            f"\n{count:,} contacts in {time.monotonic() - started:.0f} s, "
            f"memory grew by {(most - first) / 2**20:.1f} MiB ({_versions()})"
        )
    database.dispose()
    assert count == MILLION
    assert most - first <= MOST_GROWTH


@pytest.mark.full
@pytest.mark.timeout(3600)
def test_ten_thousand_contacts_get_a_letter_each(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = Database(f"sqlite:///{home / 'rightline.db'}")
    grow(database, 0, MAILS)
    post = Post()
    controller = Controller(post, hostname="127.0.0.1", port=free_port())
    controller.start()
    started = time.monotonic()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "bot", "notices", "--since", "2026-01-01"],
            env=os.environ
            | {
                "PYTHONPATH": str(PROJECT),
                "RIGHTLINE_HOME": str(home),
                "RIGHTLINE_SMTP_PORT": str(controller.port),
            },
            cwd=home,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            timeout=3000,
            check=True,
        )
    finally:
        controller.stop()
    took = time.monotonic() - started
    with capsys.disabled():
        print(
            f"\n{len(post.recipients):,} letters in {took:.0f} s, {MAILS / took:.0f} a second ({_versions()})"
        )
    assert f"{MAILS} sent or settled, 0 waiting." in done.stdout
    assert len(post.recipients) == MAILS
    assert set(post.recipients.values()) == {1}
    assert set(post.ids.values()) == {1}
    with database.read() as session:
        states = session.execute(select(ContactNotice.state, func.count()).group_by(ContactNotice.state))
        assert {row[0]: row[1] for row in states} == {"sent": MAILS}
    database.dispose()


def _versions() -> str:
    return f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}, " + (
        f"SQLite {sqlite3.sqlite_version}"
    )
