"""A program of the engine's environment that reads texts and answers line by line."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from bot.paths import PROJECT


class EngineReader:
    """A program of the engine's environment that answers JSON line by line; a context manager."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        """Start it.

        Args:
            command: the program and its arguments.
            environment: all of its environment.
            log: where what it says on standard error goes.
        """
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("w") as errors:
            self._process = subprocess.Popen(
                command,
                env=environment,
                cwd=PROJECT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
            )

    def __enter__(self) -> EngineReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate(timeout=10)

    @property
    def process(self) -> int:
        """The id of the program's process."""
        return self._process.pid

    def ask(self, text: str) -> dict[str, Any] | None:
        """Give it one text and wait for what it understood; None when it has ended."""
        question, answers = self._process.stdin, self._process.stdout
        if question is None or answers is None:
            return None
        try:
            question.write(json.dumps({"text": text}).encode() + b"\n")
            question.flush()
        except BrokenPipeError:
            return None
        answer = answers.readline()
        return json.loads(answer) if answer else None
