"""A gateway over a real socket, with a fake engine behind another one and SQLite in a temporary folder."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from actions.conversations import intake
from actions.database import Database
from actions.database.tables import METADATA
from actions.settings import Settings
from bot.gateway.app import create_app
from bot.gateway.server import Server, listen
from tests.support.store import database
from tests.unit.gateway.fakes import FakeEngine, dialogue

__all__ = ["database"]


@dataclass
class Chat:
    """One conversation, as a browser holds it."""

    client: httpx.Client
    id: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def send(self, **content: Any) -> httpx.Response:
        return self.client.post(f"/api/conversations/{self.id}/messages", json=content, headers=self.headers)

    def read(self, after: int = 0) -> dict[str, Any]:
        answer = self.client.get(
            f"/api/conversations/{self.id}/messages", params={"after": after}, headers=self.headers
        )
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def settled(self, seconds: float = 20) -> list[dict[str, Any]]:
        """The whole log, once nothing is being worked on."""
        return wait_for(lambda: (log := self.read())["pending"] is False and log["messages"], seconds)


@dataclass
class Running:
    """A gateway that listens."""

    url: str
    client: httpx.Client
    server: Server
    engine: FakeEngine
    database: Database

    def open(self) -> Chat:
        answer = self.client.post("/api/conversations")
        assert answer.status_code == 201, answer.text
        return Chat(self.client, answer.json()["id"], answer.json()["token"])


def wait_for(look: Callable[[], Any], seconds: float = 20) -> Any:
    """What `look` returns, as soon as it is true."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if found := look():
            return found
        time.sleep(0.01)
    raise AssertionError("it did not happen in time")


@contextlib.contextmanager
def serve(tmp_path: Path, database: Database, engine: FakeEngine, **settings: Any) -> Iterator[Running]:
    """Run a gateway in a thread."""
    listener = listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    chosen = Settings(
        **{
            "home": tmp_path,
            "port": port,
            "engine_url": engine.url,
            "actions_port": engine.port,
            "limit_conversations": "10000/hour",
            "limit_messages": "10000/minute",
            **settings,
        }
    )
    server = Server(create_app(chosen, database, dialogue()))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    wait_for(lambda: server.started)
    url = f"http://127.0.0.1:{port}"
    with httpx.Client(base_url=url, timeout=15, trust_env=False) as client:
        try:
            yield Running(url, client, server, engine, database)
        finally:
            server.should_exit = True
            thread.join(10)
            assert not thread.is_alive()


@pytest.fixture(scope="session", autouse=True)
def pseudonymiser() -> None:
    intake.pseudonymiser()


def make_database(folder: Path) -> Database:
    """An empty database in a folder."""
    made = Database(f"sqlite:///{folder / 'test.db'}")
    METADATA.create_all(made.engine)
    return made


@pytest.fixture
def engine(database: Database) -> Iterator[FakeEngine]:
    fake = FakeEngine(database)
    yield fake
    fake.stop()


@pytest.fixture
def gateway(tmp_path: Path, database: Database, engine: FakeEngine) -> Iterator[Running]:
    with serve(tmp_path, database, engine) as running:
        yield running


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One gateway for all tests of a module that leave it as it was."""
    folder = tmp_path_factory.mktemp("shared")
    database = make_database(folder)
    engine = FakeEngine(database)
    with serve(folder, database, engine) as running:
        yield running
    engine.stop()
    database.dispose()
