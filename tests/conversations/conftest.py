"""Every script here is a test in every surrounding, and over Slack; in each, one demo plays them all.

The demos play side by side, since most of what they do is to wait: when the first script's turn comes, all
demos begin with theirs, and each test then says how its own went.

Those with `smoke: true` are played by every run, the others by `./rightline test --full`. Over Slack every
run plays a few: what differs there is the way, not what is said.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from bot.converse.reading import ScriptError
from bot.converse.report import Failed
from tests.support.closing import at_the_end
from tests.support.components import ENGINE, require
from tests.support.running import (
    IN_FULL_RUNS_ONLY,
    READY_SECONDS,
    SURROUNDINGS,
    begin,
    end,
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
        """Say how it went."""
        _performance(self.session).of(self)

    def perform(self) -> None:
        """Play it."""
        shared_instance(self.config, self._surrounding).play(self.path, self.channel)

    @property
    def surrounding(self) -> str:
        """Where it is played."""
        return self._surrounding

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


class Performance:
    """Plays the chosen scripts, in each surrounding one after the other, in all surroundings side by side."""

    def __init__(self, session: pytest.Session) -> None:
        scripts = [item for item in session.items if isinstance(item, ScriptTest)]
        surroundings = {script.surrounding: None for script in scripts}
        self._config = session.config
        self._outcomes: dict[ScriptTest, Future[None]] = {script: Future() for script in scripts}
        self._enough = threading.Event()
        begin(session.config, surroundings)
        self._stages = [
            threading.Thread(
                target=self._play, args=(name, [one for one in scripts if one.surrounding == name])
            )
            for name in surroundings
        ]
        for stage in self._stages:
            stage.start()

    def of(self, script: ScriptTest) -> None:
        """Wait until a script has been played, and raise what was not as expected."""
        self._outcomes[script].result()

    def end(self) -> None:
        """Play nothing more."""
        self._enough.set()
        for stage in self._stages:
            stage.join()

    def _play(self, surrounding: str, scripts: list[ScriptTest]) -> None:
        for script in scripts:
            if self._enough.is_set():
                return
            try:
                script.perform()
            except BaseException as reason:
                self._outcomes[script].set_exception(reason)
            else:
                self._outcomes[script].set_result(None)
        if surrounding != "sqlite":
            # Other tests use that one too; the others would only idle beside them.
            end(self._config, surrounding)


_PERFORMANCE = pytest.StashKey[Performance]()


def _performance(session: pytest.Session) -> Performance:
    require(ENGINE)
    if _PERFORMANCE not in session.stash:
        session.stash[_PERFORMANCE] = Performance(session)
        at_the_end(session.config, session.stash[_PERFORMANCE].end)
    return session.stash[_PERFORMANCE]
