"""What goes wrong around an installation while contacts talk: nothing is lost, doubled or done otherwise."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from actions.cases.models import AgentTask
from actions.database import Database
from actions.fulfilment.models import Step
from bot.paths import PROJECT
from bot.supervisor.instance import find_running
from bot.supervisor.servers import LocalPostgresql
from tests.faults.installation import Installation, installation, key_of
from tests.load.checker import Checker, seed_contacts, wait_until_quiet
from tests.load.contact import DemoLetters, Held, Letters, address_of
from tests.load.kills import KINDS, Fault, Killer, scaled_demo, talk
from tests.support.components import ENGINE, lacking, require
from tests.support.running import READY_SECONDS
from tests.unit.mail.servers import Mailbox, smtp_server

pytestmark = [pytest.mark.full, pytest.mark.engine, pytest.mark.timeout(READY_SECONDS + 900)]
CONTACTS = 18
GONE_SECONDS = 30.0
FULL_SECONDS = 10.0
REFUSED_SECONDS = 10.0
# Room for the converted encoder, which lies in the state folder too.
TMPFS_MEGABYTES = 512


@pytest.fixture(autouse=True)
def _with_an_engine() -> None:
    require(ENGINE)


def disturbed(home: Path, address: str, url: str, fault: Fault, letters: Letters | None = None) -> list[str]:
    """What is wrong after contacts have talked while something happened.

    Args:
        home: the installation's state folder.
        address: where they talk.
        url: its database.
        fault: what happens meanwhile.
        letters: where their letters arrive; the demo's mailbox by default.
    """
    first = list(range(len(KINDS)))
    others = list(range(len(KINDS), len(KINDS) + CONTACTS))
    with key_of(home), DemoLetters.of(url) as mailbox:
        inbox = letters or mailbox
        seed_contacts(url, len(KINDS) + CONTACTS)
        models = asyncio.run(talk(address, inbox, None, first))
        assert wait_until_quiet(url) == []
        held = asyncio.run(talk(address, inbox, fault, others))
        return [*wait_until_quiet(url), *Checker(url, inbox).check(models, held)]


@contextmanager
def postgresql(server: LocalPostgresql) -> Iterator[subprocess.Popen[bytes]]:
    """A server that a test may stop and start."""
    part = server.prepare()
    process = subprocess.Popen(part.command, env=dict(part.environment), stderr=subprocess.DEVNULL)
    try:
        until(server.accepts)
        yield process
    finally:
        process.send_signal(signal.SIGQUIT)
        process.wait(timeout=20)


def until(condition: Any, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@dataclass
class DatabaseGone:
    """The server stops in the middle, and comes back half a minute later."""

    server: LocalPostgresql
    process: subprocess.Popen[bytes]
    address: str
    refused: list[int] = field(default_factory=list)

    async def work(self) -> None:
        """Stop it, see what contacts are told meanwhile, start it again."""
        await asyncio.sleep(1.5)
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(timeout=20)
        async with httpx.AsyncClient(base_url=self.address, timeout=20, trust_env=False) as client:
            ends = time.monotonic() + GONE_SECONDS
            while time.monotonic() < ends:
                answer = await client.post("/api/conversations")
                self.refused.append(answer.status_code)
                await asyncio.sleep(2)
        part = self.server.prepare()
        self.process = subprocess.Popen(part.command, env=dict(part.environment), stderr=subprocess.DEVNULL)
        await asyncio.sleep(3600)


def test_the_database_is_gone_for_half_a_minute(tmp_path: Path) -> None:
    server = LocalPostgresql(tmp_path / "pg")
    with postgresql(server) as process:
        server.create("rightline")
        url = server.url("rightline")
        home = tmp_path / "home"
        with installation(home, {"RIGHTLINE_DATABASE_URL": url}) as place:
            address = place.running.address
            fault = DatabaseGone(server, process, address)
            try:
                assert disturbed(home, address, url, fault) == []
                place.wait_ready()
            finally:
                fault.process.send_signal(signal.SIGQUIT)
                fault.process.wait(timeout=20)
    assert len(fault.refused) >= 5
    assert set(fault.refused) == {503}


@dataclass
class DiskFull:
    """Somebody fills the disk that the state folder is on, and makes room again later."""

    folder: Path
    seen: set[int] = field(default_factory=set)
    address: str = ""

    async def work(self) -> None:
        """Fill it, see that nothing can be stored, make room."""
        await asyncio.sleep(1.5)
        filler = self.folder / "filler"
        with filler.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"\0" * 65_536)
            except OSError:
                pass
        async with httpx.AsyncClient(base_url=self.address, timeout=30, trust_env=False) as client:
            ends = time.monotonic() + FULL_SECONDS
            while time.monotonic() < ends:
                self.seen.add((await client.post("/api/conversations")).status_code)
                await asyncio.sleep(0.2)
        filler.unlink()
        await asyncio.sleep(3600)


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A folder on a disk of its own with room for little."""
    folder.mkdir()
    if os.geteuid() != 0:
        lacking("a disk of one's own is missing: only root may make one")
    size = f"size={TMPFS_MEGABYTES}m"
    subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)], check=True, timeout=20)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True, timeout=20)


def test_the_disk_is_full_for_a_while(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk, installation(disk / "home") as place:
        fault = DiskFull(disk, address=place.running.address)
        assert disturbed(place.home, place.running.address, place.url, fault) == []
        place.wait_ready()
    assert 503 in fault.seen
    assert fault.seen <= {201, 503}


def test_the_engine_is_killed_under_load(tmp_path: Path) -> None:
    with installation(tmp_path) as place:
        fault = Killer(tmp_path, 1.0, random.Random(7), weights={"engine": 1})
        assert disturbed(tmp_path, place.running.address, place.url, fault) == []
    assert fault.killed["engine"] >= 1


@dataclass
class RedisGone:
    """Redis is away for longer than a message may fail by itself."""

    home: Path

    async def work(self) -> None:
        """Let it take connections and answer nothing, as a machine does that hangs."""
        await asyncio.sleep(1.5)
        running = find_running(self.home)
        assert running is not None
        process = running.parts["redis"]
        os.kill(process, signal.SIGSTOP)
        await asyncio.sleep(GONE_SECONDS / 2)
        os.kill(process, signal.SIGCONT)
        await asyncio.sleep(3600)


def test_redis_hangs_for_a_while(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with scaled_demo(home, 2) as running:
        url = running.settings["RIGHTLINE_DATABASE_URL"]
        assert disturbed(home, running.address, url, RedisGone(home)) == []


class SmtpLetters(Letters):
    """The letters that a mail server of the test's own took."""

    def __init__(self, mailbox: Mailbox) -> None:
        super().__init__()
        self._mailbox = mailbox
        self._last = 0

    def read(self) -> None:
        """Take over what is new."""
        while self._last < len(self._mailbox.letters):
            letter = self._mailbox.letters[self._last]
            body = letter.get_body(("plain",))
            content = {"subject": str(letter["Subject"]), "text": body.get_content() if body else ""}
            self.by_address[str(letter["To"])].append(content)
            self._last += 1


@dataclass
class MailRefused:
    """The mail server takes nothing for a while."""

    mailbox: Mailbox

    async def work(self) -> None:
        """Refuse, and take again."""
        self.mailbox.recipient = "451 Try again later"
        await asyncio.sleep(REFUSED_SECONDS)
        self.mailbox.recipient = ""
        await asyncio.sleep(3600)


def test_the_mail_server_refuses_for_a_while(tmp_path: Path) -> None:
    with smtp_server() as mailbox:
        settings = {"RIGHTLINE_SMTP_HOST": "127.0.0.1", "RIGHTLINE_SMTP_PORT": str(mailbox.port)}
        with installation(tmp_path, settings) as place:
            letters = SmtpLetters(mailbox)
            fault = MailRefused(mailbox)
            assert disturbed(tmp_path, place.running.address, place.url, fault, letters) == []


def test_an_address_that_is_refused_for_good_becomes_a_task(tmp_path: Path) -> None:
    with smtp_server() as mailbox:
        settings = {"RIGHTLINE_SMTP_HOST": "127.0.0.1", "RIGHTLINE_SMTP_PORT": str(mailbox.port)}
        with installation(tmp_path, settings) as place, key_of(tmp_path):
            seed_contacts(place.url, 2)
            mailbox.recipient = "550 No such mailbox"
            letters = SmtpLetters(mailbox)
            held: list[Held] = asyncio.run(talk(place.running.address, letters, None, [1]))
            assert held[0].kind == "opt_out"
            assert held[0].failure == ""
            database = Database(place.url)

            def stuck() -> list[str]:
                with database.read() as session:
                    return list(session.scalars(select(Step.kind).where(Step.state == "failed")))

            until(stuck)
            with database.read() as session:
                tasks = session.scalars(select(AgentTask).where(AgentTask.kind == "stuck_step")).all()
                assert len(tasks) == len(stuck())
                assert all(address_of(1) not in task.text for task in tasks)
            database.dispose()


def test_the_installation_says_what_is_wrong_with_it(tmp_path: Path) -> None:
    """`./rightline doctor` while a part hangs."""
    with installation(tmp_path) as place:
        assert _doctor(place)["ok"]
        os.kill(place.running.parts["actions"], signal.SIGSTOP)
        told = _doctor(place)
        os.kill(place.running.parts["actions"], signal.SIGCONT)
    assert [one["part"] for one in told["checks"] if one["state"] == "failed"] == ["actions"]


def _doctor(place: Installation) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "doctor", "--json"],
        cwd=PROJECT,
        env={**os.environ, "RIGHTLINE_HOME": str(place.home)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return json.loads(done.stdout)
