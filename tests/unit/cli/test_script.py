"""The script at the root, with a stand-in for uv that only writes down what it is asked."""

from __future__ import annotations

import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.paths import PROJECT

TOOLS = ("sh", "cat", "cmp", "date", "dirname", "flock", "grep", "ln", "mkdir", "mv", "rm", "sleep")
UV = """#!/bin/sh
[ "$1" = --version ] && { echo 'uv 0.13.9'; exit; }
echo "$@" >>"$FAKES/calls"
case "$1 $2" in
'python find') for version; do :; done; [ -x "$FAKES/python-$version" ] && echo "$FAKES/python-$version" ;;
'python install') exit 1 ;;
'venv --quiet') for directory; do :; done; mkdir -p "$directory/bin"; ln -s "$5" "$directory/bin/python" ;;
'pip sync') sleep "${SYNC_SECONDS:-0}"; exit "${SYNC_STATUS:-0}" ;;
esac
"""
PYTHON = """#!/bin/sh
[ "$1" = -c ] && { echo VERSION; exit; }
echo "$@"
"""


@dataclass(frozen=True)
class Clone:
    """A clone of the project in which nothing real gets installed."""

    root: Path
    fakes: Path

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [self.root / "rightline", *arguments],
            env={"PATH": str(self.fakes), "FAKES": str(self.fakes), "HOME": "/nonexistent", **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            cwd="/",
            text=True,
        )

    def run(self, *arguments: str, **environment: str) -> tuple[int, str, str]:
        process = self.start(*arguments, **environment)
        output, errors = process.communicate(timeout=60)
        return process.returncode, output, errors

    def calls(self, beginning: str = "") -> list[str]:
        """What uv was asked since the last time."""
        file = self.fakes / "calls"
        lines = file.read_text().splitlines() if file.exists() else []
        file.unlink(missing_ok=True)
        return [line for line in lines if line.startswith(beginning)]


def python(clone: Clone, version: str) -> Path:
    path = clone.fakes / f"python-{version}"
    path.write_text(PYTHON.replace("VERSION", version))
    path.chmod(0o755)
    return path


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    made = Clone(tmp_path / "a clone", tmp_path / "fakes")
    made.root.mkdir()
    made.fakes.mkdir()
    shutil.copy(PROJECT / "rightline", made.root)
    (made.root / "requirements").mkdir()
    for name in ("tools", "app", "dev", "engine", "encoder"):
        (made.root / "requirements" / f"{name}.txt").write_text(f"{name}==1.0\n")
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found, f"{tool} is needed for these tests"
        (made.fakes / tool).symlink_to(found)
    (made.fakes / "uv").write_text(UV)
    (made.fakes / "uv").chmod(0o755)
    python(made, "3.11")
    python(made, "3.10")
    return made


def test_both_environments_are_made_once_and_the_command_gets_its_arguments(clone: Clone) -> None:
    code, output, errors = clone.run("up", "--port", "8001")
    assert (code, output) == (0, "-P -m bot up --port 8001\n")
    assert "installing 1 packages into .venv…" in errors
    assert "installing 2 packages into .venv-engine…" in errors
    assert len(clone.calls("pip sync")) == 2
    assert clone.run("up") == (0, "-P -m bot up\n", "")
    assert clone.calls() == []


def test_only_commands_that_need_the_engine_install_it(clone: Clone) -> None:
    for arguments in (["--help"], ["up", "--help"], ["cases", "list"], []):
        assert clone.run(*arguments)[0] == 0
    assert not (clone.root / ".venv-engine").exists()


def test_what_the_tests_need_comes_with_the_tests_and_stays(clone: Clone) -> None:
    clone.run("cases")
    assert (clone.root / ".venv" / "installed.txt").read_text() == "app==1.0\n"
    clone.run("test")
    assert (clone.root / ".venv" / "installed.txt").read_text() == "app==1.0\ndev==1.0\n"
    clone.calls()
    clone.run("up")
    assert clone.calls() == []


def test_whoever_has_the_test_packages_keeps_them_when_something_changes(clone: Clone) -> None:
    (clone.root / "requirements" / "dev.txt").write_text("pytest==9.0\n")
    clone.run("test")
    (clone.root / "requirements" / "app.txt").write_text("app==1.1\n")
    assert clone.run("cases")[0] == 0
    assert (clone.root / ".venv" / "installed.txt").read_text() == "app==1.1\npytest==9.0\n"


def test_changed_requirements_are_installed_into_what_is_there(clone: Clone) -> None:
    clone.run("cases")
    clone.calls()
    (clone.root / "requirements" / "app.txt").write_text("app==1.1\n")
    assert clone.run("cases")[0] == 0
    assert [call.split()[:2] for call in clone.calls()] == [["pip", "sync"]]


def test_an_interrupted_installation_is_done_again_from_the_start(clone: Clone) -> None:
    code, output, errors = clone.run("cases", SYNC_STATUS="2")
    assert (code, output) == (1, "")
    assert "could not be installed" in errors
    assert not (clone.root / ".venv" / "installed.txt").exists()
    clone.calls()
    (clone.root / ".venv" / "half-copied").touch()
    assert clone.run("cases")[0] == 0
    assert not (clone.root / ".venv" / "half-copied").exists()


def test_an_environment_whose_python_has_gone_is_made_again(clone: Clone) -> None:
    clone.run("cases")
    (clone.fakes / "python-3.11").unlink()
    python(clone, "3.12")
    assert clone.run("cases")[:2] == (0, "-P -m bot cases\n")
    assert (clone.root / ".venv" / "bin" / "python").readlink().name == "python-3.12"


def test_pyenv_provides_what_is_not_on_the_path(clone: Clone) -> None:
    (clone.fakes / "pyenv" / "versions" / "3.10.13" / "bin").mkdir(parents=True)
    (clone.fakes / "python-3.10").rename(clone.fakes / "pyenv" / "versions" / "3.10.13" / "bin" / "python")
    assert clone.run("train", PYENV_ROOT=str(clone.fakes / "pyenv"))[0] == 0


def test_a_missing_python_is_a_sentence_and_exit_code_3(clone: Clone) -> None:
    (clone.fakes / "python-3.10").unlink()
    code, output, errors = clone.run("up")
    assert (code, output) == (3, "")
    assert "needs Python 3.10, which neither pyenv nor uv provides here" in errors.splitlines()[-1]
    assert "pyenv install 3.10" in errors
    assert clone.run("cases")[0] == 0  # what does without the engine still works


def test_two_at_once_install_once(clone: Clone) -> None:
    first = clone.start("test", SYNC_SECONDS="0.5")
    deadline = time.monotonic() + 10
    while not (clone.root / ".venv" / "wanted.txt").exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    second = clone.start("up")
    assert "waiting for it" in second.communicate(timeout=60)[1]
    first.communicate(timeout=60)
    assert (first.returncode, second.returncode) == (0, 0)
    assert len(clone.calls("pip sync")) == 2
    assert (clone.root / ".venv" / "installed.txt").read_text() == "app==1.0\ndev==1.0\n"
