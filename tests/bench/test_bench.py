"""`./rightline bench` in full: its goals, on a machine of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.bench.page import lines_of, write_page
from bot.bench.services import Plan, run
from tests.engine.running import MODELS, trained_model


@pytest.mark.full
@pytest.mark.engine
@pytest.mark.timeout(4 * 3600)
def test_the_goals_of_growth_are_reached(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = run(Plan(growing=False), trained_model(), MODELS, lambda _line: None)
    write_page(report, tmp_path)
    with capsys.disabled():
        print("", *lines_of(report), sep="\n")
    assert report.missed() == []
    assert report.baseline is not None
    assert report.ours.per_second > report.baseline.per_second
