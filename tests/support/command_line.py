"""Running a command in this process, on a demo's database in a state folder of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

import actions.database.tables  # noqa: F401 # so that every table is made
from actions.crm.demo import load_demo
from actions.database import Base, Database, get_database
from actions.settings import get_settings


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A demo's database, which the command finds by RIGHTLINE_HOME."""
    monkeypatch.setenv("RIGHTLINE_HOME", str(tmp_path))
    monkeypatch.setenv("RIGHTLINE_DEMO", "1")
    get_settings.cache_clear()
    get_database.cache_clear()
    monkeypatch.setattr("actions.database.migrate", lambda: Base.metadata.create_all(get_database().engine))
    found = get_database()
    Base.metadata.create_all(found.engine)
    load_demo(found)
    yield found
    found.dispose()
    get_settings.cache_clear()
    get_database.cache_clear()


def runner(app: typer.Typer) -> Callable[..., str]:
    """A function that runs a command and returns what it printed, on one line.

    It takes the arguments, and the exit code that is expected, `code`.
    """

    def run(*arguments: str, code: int = 0) -> str:
        answer = CliRunner().invoke(app, list(arguments))
        assert answer.exit_code == code, answer.output
        return " ".join(answer.output.split())

    return run
