"""Runs programs with the engine's Python, whose packages the tests' own does not have."""

from __future__ import annotations

import subprocess

from tests.support.components import ENGINE, PROJECT, require


def answer_of(*arguments: str, timeout: float) -> str:
    """Return what a program prints.

    Args:
        arguments: Of the engine's Python: a script and its own arguments, or `-c` and a program.
        timeout: Seconds that it has.
    """
    done = subprocess.run(
        [str(require(ENGINE)), *arguments],
        capture_output=True,
        text=True,
        cwd=PROJECT,
        env={"PYTHONPATH": str(PROJECT), "PATH": "", "TF_CPP_MIN_LOG_LEVEL": "3"},
        timeout=timeout,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout
