"""The commands of docs/operations.md, run as they stand, take a fresh clone to an erasure in both systems."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from bot.paths import PROJECT
from tests.support.components import GIT, require

DOCUMENT = PROJECT / "docs" / "operations.md"
TITLE = "## From a fresh clone to an erasure in Tryton and Request Tracker"
SECONDS = 3000
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def recipe() -> list[str]:
    """The blocks of commands, in order."""
    section = DOCUMENT.read_text(encoding="utf-8").split(TITLE)[1].split("\n## ")[0]
    return BLOCK.findall(section)


def test_the_recipe_is_there_and_its_programs_are() -> None:
    blocks = recipe()
    assert len(blocks) == 4
    named = re.findall(r"(?:sh (tests/\S+)|-m (tests\.\S+)|converse .*?(tests/\S+\.yml))", "".join(blocks))
    for script, module, conversation in named:
        path = f"{module.replace('.', '/')}.py" if module else script or conversation
        assert (PROJECT / path).is_file(), path
    assert len(named) == 4
    subprocess.run(["bash", "-n"], input="".join(blocks), text=True, check=True, timeout=10)


@pytest.mark.full
@pytest.mark.engine
@pytest.mark.timeout(SECONDS + 60)
def test_a_fresh_clone_comes_to_an_erasure_in_both_systems(tmp_path: Path) -> None:
    git = require(GIT)
    clone = tmp_path / "clone"
    subprocess.run(
        [str(git), "clone", "-q", "--no-hardlinks", str(PROJECT), str(clone)], check=True, timeout=120
    )
    script = "set -euxo pipefail\ntrap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n" + "".join(recipe())
    environment = {
        name: value
        for name, value in os.environ.items()
        # Models are shared with the other tests: to train one would only take longer.
        if name == "RIGHTLINE_MODELS" or not name.startswith(("RIGHTLINE_", "PYTHON", "VIRTUAL_ENV"))
    }
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=clone,
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    logs = "".join(
        f"\n--- {path.name}\n{path.read_text(errors='replace')[-2000:]}"
        for path in (clone / ".rightline").glob("*.log")
    )
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}{logs}"
    assert "1 of 1 scripts went as written" in done.stderr
    shown = json.loads(done.stdout[done.stdout.index('{\n "parties"') :])
    names = [party["name"] or "" for party in shown["parties"]]
    assert names, "Tryton holds nobody, not even those who were not deleted"
    assert not any("Tom" in name for name in names)
    assert any(ticket["status"] == "resolved" for ticket in shown["tickets"])
