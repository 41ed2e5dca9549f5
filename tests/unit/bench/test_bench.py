"""What the bench makes of its figures: percentiles, goals, a page with pictures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import func, select

from actions.cases.models import Case
from actions.crm.models import Contact
from actions.database import Database
from bot.bench import growth
from bot.bench.interfaces import EngineFigures, Growth, Latencies, Report
from bot.bench.page import lines_of, write_page
from bot.bench.processes import BASELINE, epochs


def figures(name: str, alone: float, per_second: float) -> EngineFigures:
    return EngineFigures(
        name,
        ready=4.5,
        memory=800.0,
        typed=Latencies([alone * 1.2] * 3),
        structured=Latencies([alone] * 4),
        crowd=Latencies([alone * 8] * 20),
        per_second=per_second,
        length={5: alone, 200: 20 * alone},
    )


def report(alone: float = 0.012, per_second: float = 45.0) -> Report:
    growth = Growth("A message, by the length of its conversation", "messages so far", {5: 0.1, 200: 0.11})
    through = Growth("Messages through everything", "of each part", {1: 9.0, 2: 8.0}, "messages a second")
    return Report(
        ["a machine"], figures("Rightline", alone, per_second), figures("Rasa", 0.09, 12.0), [growth, through]
    )


def test_percentiles_are_those_of_all_messages() -> None:
    found = Latencies([number / 1000 for number in range(1, 102)])
    assert found.median == pytest.approx(0.051)
    assert found.percentile(95) == pytest.approx(0.096)
    assert found.summary()["p99"] == pytest.approx(100.0)
    assert Latencies([0.2]).percentile(99) == 0.2
    assert Latencies().median == 0.0


@pytest.mark.parametrize(
    ("alone", "per_second", "missed"), [(0.012, 45.0, 0), (0.046, 45.0, 1), (0.012, 27.9, 1), (0.1, 1.0, 2)]
)
def test_the_goals_are_those_of_the_issue(alone: float, per_second: float, missed: int) -> None:
    assert len(report(alone, per_second).missed()) == missed


def test_the_page_has_its_pictures_and_the_same_figures_as_data(tmp_path: Path) -> None:
    page = write_page(report(), tmp_path)
    text = page.read_text(encoding="utf-8")
    pictures = {path.name for path in tmp_path.glob("*.png")}
    assert pictures == {"engines.png", "length.png", "growth-1.png", "growth-2.png"}
    assert all(f"({name})" in text for name in pictures)
    assert "| 8 clients, messages a second | 45.0 | 12.0 |" in text
    data = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))
    assert data["engines"][0]["messages_a_second"] == 45.0
    assert data["growth"][0]["points"] == {"5": 100.0, "200": 110.0}
    assert data["growth"][1]["points"] == {"1": 9.0, "2": 8.0}
    assert data["missed"] == []


def test_the_lines_say_what_was_missed() -> None:
    said = "\n".join(lines_of(report(alone=0.2)))
    assert "goal missed: a turn of a form takes" in said
    assert "goals reached" not in said


def test_the_baseline_is_trained_for_few_epochs_and_says_so() -> None:
    assert 1 <= epochs() <= 5
    assert "DIETClassifier" in BASELINE.read_text(encoding="utf-8")


def test_what_grows_can_be_added(database: Database) -> None:
    """On either database: what is measured afterwards goes over HTTP, in full runs."""
    growth._add_contacts(database, 0, 3)
    growth._add_contacts(database, 3, 5)
    growth._add_cases(database, 0, 4)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Contact)) == 5
        assert session.scalar(select(func.count()).select_from(Case)) == 4
