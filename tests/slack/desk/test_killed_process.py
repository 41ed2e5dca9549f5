"""The Slack process, killed again and again while people decide: one effect each, and nothing lost."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from actions.cases import services as cases
from actions.cases.models import Case, CaseEvent
from actions.clock import now
from actions.database import Database, migrate
from actions.settings import get_settings
from actions.slack.presence import presence
from bot.paths import PROJECT
from bot.slack_standin import StandInSlack
from bot.supervisor.ports import free_ports
from tests.slack.desk.conftest import DESK

CASES = 5


@pytest.mark.full
@pytest.mark.timeout(900)
def test_killed_at_any_point(slack: StandInSlack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (port,) = free_ports(1)
    environment = {
        "RIGHTLINE_HOME": str(tmp_path),
        "RIGHTLINE_DEMO": "1",
        "RIGHTLINE_SLACK_MODE": "http",
        "RIGHTLINE_SLACK_PORT": str(port),
        "RIGHTLINE_SLACK_BOT_TOKEN": slack.bot_token,
        "RIGHTLINE_SLACK_SIGNING_SECRET": slack.signing_secret,
        "RIGHTLINE_SLACK_API_URL": slack.api_url,
        "RIGHTLINE_SLACK_POSTS_A_SECOND": "0",
        "RIGHTLINE_SLACK_SUPPORT_CHANNEL": DESK,
        "RIGHTLINE_SLACK_ROLES": '{"approver": ["U0DANA"]}',
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    get_settings.cache_clear()
    slack.channel(DESK, members=["U0DANA"])
    slack.deliveries.address = f"http://127.0.0.1:{port}/slack/events"
    migrate()
    database = Database(get_settings().effective_database_url)
    references = _waiting_cases(database)
    dice = random.Random(5)
    dana = slack.user("U0DANA", "dana")
    for reference in references:
        with _process(port, {**os.environ, **environment}, slack) as process:
            message = slack.wait_for(
                lambda wanted=reference: next(  # type: ignore[misc]
                    (one for one in slack.channel(DESK).messages if wanted in one.text), None
                ),
                within=30,
            )
            dana.press("approve_form", message=message)
            dana.submit("approve_form", {"answer": "It is done."}, wait=False)
            time.sleep(dice.random() * 0.25)
            process.send_signal(signal.SIGKILL)
            process.wait()
    with _process(port, {**os.environ, **environment}, slack):
        slack.wait_for(lambda: _presence(database) == "ready", what="no sign of life")
        for reference in references:
            message = next(one for one in slack.channel(DESK).messages if reference in one.text)
            if _approvals(database, reference) == 0:
                # Slack told dana that it went wrong, so she presses again.
                dana.press("approve_form", message=message)
                dana.submit("approve_form", {"answer": "It is done."})
        slack.wait_for(
            lambda: sum("approved it" in str(one.blocks) for one in slack.channel(DESK).messages) == CASES,
            within=30,
        )
    assert [_approvals(database, reference) for reference in references] == [1] * CASES
    # Posted once each, whenever the process died.
    assert len(slack.channel(DESK).messages) == CASES


def _presence(database: Database) -> str:
    with database.read() as session:
        return presence(session)


def _waiting_cases(database: Database) -> list[str]:
    with database.write() as session:
        return [
            cases.open_case(
                session,
                right="other",
                conversation_id=None,
                received_at=now(session),
                state="awaiting_approval",
                by="pat",
            ).reference
            for _ in range(CASES)
        ]


def _approvals(database: Database, reference: str) -> int:
    with database.read() as session:
        query = select(func.count()).select_from(CaseEvent).join(Case).where(Case.reference == reference)
        return session.scalar(query.where(CaseEvent.to_state == "in_progress")) or 0


@contextmanager
def _process(
    port: int, environment: dict[str, str], slack: StandInSlack
) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-m", "bot.slack"], cwd=PROJECT, env=environment)
    try:
        slack.wait_for(lambda: _lives(port), within=60, what="the Slack process")
        yield process
    finally:
        process.kill()
        process.wait()


def _lives(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=1, trust_env=False).is_success
    except httpx.HTTPError:
        return False
