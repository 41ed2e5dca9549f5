"""Every script here is a test in every surrounding, and over Slack; in each, one demo plays them all.

Those with `smoke: true` are played by every run, the others by `./rightline test --full`. Over Slack every
run plays a few: what differs there is the way, not what is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.converse.reading import ScriptError
from bot.converse.report import Failed
from tests.support.running import (
    IN_FULL_RUNS_ONLY,
    READY_SECONDS,
    SURROUNDINGS,
    is_smoke,
    shared_instance,
)

SCRIPT_SECONDS = 120.0
SMOKE_OVER_SLACK = ("access", "erasure_agreement_approved")


def pytest_collect_file(parent: pytest.Collector, file_path: Path) -> pytest.Collector | None:
    """Take scripts for tests."""
    return ScriptFile.from_parent(parent, path=file_path) if file_path.suffix == ".yml" else None


class ScriptFile(pytest.File):
    """A script's file."""

    def collect(self) -> Iterator[pytest.Item]:
        """A test in each surrounding, and one over Slack."""
        for surrounding in SURROUNDINGS:
            name = self.path.stem if surrounding == "sqlite" else f"{self.path.stem}[{surrounding}]"
            yield ScriptTest.from_parent(self, name=name, surrounding=surrounding)
        yield SlackScriptTest.from_parent(self, name=f"{self.path.stem}[slack]", surrounding="sqlite")


class ScriptTest(pytest.Item):
    """A script, played as it says."""

    channel: str | None = None

    def __init__(self, *, surrounding: str, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._surrounding = surrounding
        self.add_marker(pytest.mark.engine)
        if not self.is_smoke():
            self.add_marker(pytest.mark.full)
        # The first one waits for the demo.
        self.add_marker(pytest.mark.timeout(READY_SECONDS + SCRIPT_SECONDS))

    def is_smoke(self) -> bool:
        """Whether every run plays it."""
        return self._surrounding not in IN_FULL_RUNS_ONLY and is_smoke(self.path)

    def runtest(self) -> None:
        """Play it."""
        shared_instance(self.config, self._surrounding).play(self.path, self.channel)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The difference and what is wrong with the script, without Python's own story."""
        if isinstance(excinfo.value, Failed | ScriptError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where it is."""
        return self.path, 0, f"script: {self.name}"


class SlackScriptTest(ScriptTest):
    """A script, played over Slack whatever it says."""

    channel = "slack"

    def is_smoke(self) -> bool:
        """Whether every run plays it over Slack."""
        return self.path.stem in SMOKE_OVER_SLACK
