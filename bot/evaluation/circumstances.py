"""What the figures hold for: the day, the machine, the versions, the data."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from actions.clock.services import machine_now
from bot.evaluation.baseline import data_hash
from bot.evaluation.interfaces import Circumstances, Labelled
from bot.paths import ENGINE_PYTHON, PROJECT

ENGINE_PACKAGES = ("rasa", "tensorflow", "onnxruntime", "scikit-learn")
VERSION_SECONDS = 60

_NOT_A_WORD = re.compile(r"[\W_]+")


def circumstances(lines: Sequence[Labelled], source: Path, model: Path) -> Circumstances:
    """Write down what a run's figures hold for.

    Args:
        lines: the labelled lines.
        source: the file or folder they come from.
        model: the archive that is measured.
    """
    name = source.relative_to(PROJECT) if source.is_relative_to(PROJECT) else Path(source.name)
    return Circumstances(
        date=f"{machine_now():%-d %B %Y}",
        machine=machine(),
        load=f"{os.getloadavg()[0]:.1f}",
        versions={"Python": platform.python_version(), **_engine_versions()},
        model=model.name.removesuffix(".tar.gz"),
        data=data_hash(),
        source=name.as_posix(),
        seen=seen(lines),
    )


def machine() -> str:
    """The machine as a person describes it."""
    model = platform.machine()
    try:
        found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
        model = found.group(1) if found else model
    except OSError:
        pass
    return f"{model}, {os.cpu_count()} processors, {platform.system()}"


def seen(lines: Sequence[Labelled]) -> int:
    """How many lines stand among the training examples, but for case and punctuation.

    Nobody may copy them there, but people do write the same "thank you".
    """
    known = {_words(text) for text in _taught()}
    return sum(_words(line.text) in known for line in lines)


def _taught() -> Iterator[str]:
    for path in sorted((PROJECT / "data" / "nlu").rglob("*.yml")):
        for intent in _yaml(path)["nlu"]:
            yield from (line.removeprefix("- ") for line in intent["examples"].splitlines())
    for path in sorted((PROJECT / "data" / "policy").rglob("*.yml")):
        content = _yaml(path)
        yield from map(str, content.get("questions", ()))
        for answer in content.get("answers", ()):
            yield from map(str, answer["questions"])


def _yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _words(text: str) -> str:
    return _NOT_A_WORD.sub(" ", text.casefold()).strip()


def _engine_versions() -> dict[str, str]:
    code = (
        "import importlib.metadata as m, json, platform, sys;"
        "print(json.dumps({'Python of the engine': platform.python_version(), "
        "**{name: m.version(name) for name in sys.argv[1:]}}))"
    )
    done = subprocess.run(
        [str(ENGINE_PYTHON), "-c", code, *ENGINE_PACKAGES],
        capture_output=True,
        text=True,
        timeout=VERSION_SECONDS,
        check=True,
    )
    versions: dict[str, str] = json.loads(done.stdout)
    return versions
