"""What `up` refuses, before it starts anything."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bot.paths import PROJECT
from bot.supervisor.instance import Claim, Running
from tests.support.components import ENGINE, require


def up(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    require(ENGINE)
    return subprocess.run(
        [sys.executable, "-m", "bot", "up", *arguments],
        cwd=PROJECT,
        env={**os.environ, "RIGHTLINE_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_port_in_use_is_a_sentence_and_exit_code_2(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        result = up(tmp_path, "--port", str(server.getsockname()[1]))
    assert result.returncode == 2
    assert result.stdout == ""
    assert "is in use. Choose another with --port" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_state_folder_in_use_is_a_sentence_and_exit_code_2(tmp_path: Path) -> None:
    with Claim(tmp_path) as claim:
        claim.write(Running(os.getpid(), "http://127.0.0.1:8123", True, {}))
        result = up(tmp_path, "--port", "0")
    assert result.returncode == 2
    assert "runs already at http://127.0.0.1:8123" in result.stderr


@pytest.mark.parametrize("port", ["-1", "65536", "http"])
def test_a_port_that_is_none_is_a_usage_error(tmp_path: Path, port: str) -> None:
    result = up(tmp_path, "--port", port)
    assert result.returncode == 2
    assert "--port" in result.stderr


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("masking.yml", "  bank:", "  banks:"),
        ("policy/05_where_data_is.yml", 'section: "5"', 'section: "five"'),
        ("policy/05_where_data_is.yml", "    next: [", "    next: ["[:-1]),
    ],
)
def test_a_malformed_file_of_the_data_is_named_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, old: str, new: str
) -> None:
    data = tmp_path / "data"
    shutil.copytree(PROJECT / "data", data)
    path = data / file
    path.write_text(path.read_text().replace(old, new))
    monkeypatch.setenv("RIGHTLINE_DATA", str(data))
    done = up(tmp_path / "home", "--port", "0")
    assert done.returncode == 1
    assert re.search(rf"{path.name}:\d+: ", done.stderr)
    assert "Traceback" not in done.stderr


def test_a_key_that_is_none_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RIGHTLINE_KEY", "c2hvcnQ=")
    result = up(tmp_path, "--port", "0")
    assert result.returncode == 1
    assert "RIGHTLINE_KEY is not the base64 of 32 bytes" in result.stderr
    assert "Traceback" not in result.stderr
