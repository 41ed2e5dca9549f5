"""The list of commands, and that asking for help costs no import."""

from __future__ import annotations

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from bot.cli.main import COMMANDS, app
from bot.cli.test import side_by_side
from bot.paths import PROJECT


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def offered() -> list[str]:
    return [name for name in COMMANDS if (PROJECT / "bot" / "cli" / f"{name.replace('-', '_')}.py").exists()]


def test_help_lists_every_command_that_exists_with_a_summary() -> None:
    result = CliRunner().invoke(app, ["--help"])
    assert result.exit_code == 0
    for name in offered():
        assert f"  {name} " in result.output
        assert COMMANDS[name][:40] in result.output


def test_help_imports_no_command() -> None:
    code = (
        "import sys\nfrom bot.cli.main import main\n"
        "try:\n    main(['--help'])\nfinally:\n"
        "    print([name for name in sys.modules if name.startswith(('bot.cli.', 'actions', 'fastapi'))])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, timeout=120, check=True
    )
    assert result.stdout.splitlines()[-1] == "['bot.cli.main']"


@pytest.mark.parametrize("command", offered())
def test_every_command_has_help_of_its_own(command: str) -> None:
    result = CliRunner().invoke(app, [command, "--help"])
    assert result.exit_code == 0, result.output
    assert f" {command} [OPTIONS]" in result.output


def test_an_unknown_command_is_a_usage_error() -> None:
    result = run("erase")
    assert result.returncode == 2
    assert "No such command 'erase'" in result.stderr
    assert result.stdout == ""


def test_pytest_gets_its_arguments_as_they_are() -> None:
    result = run("test", "--collect-only", "-q", "-k", "test_pytest_gets", "tests/unit/cli")
    assert result.returncode == 0, result.stderr
    assert "test_pytest_gets_its_arguments_as_they_are" in result.stdout
    assert run("test", "--collect-only", "-k", "no_such_test_at_all", "tests/unit/cli").returncode == 5


def test_a_whole_run_uses_two_processes_where_there_are_processors_for_them() -> None:
    assert side_by_side(1) == []
    assert side_by_side(2)[:2] == ["--numprocesses", "2"]
    assert side_by_side(64)[:2] == ["--numprocesses", "2"]
