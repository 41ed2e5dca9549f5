"""The figures as a page for somebody who has to decide, with its pictures beside it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.evaluation import goals
from bot.evaluation.interfaces import Category, Figures, Report
from bot.evaluation.metrics import rule_of_three
from bot.evaluation.pictures import draw_calibration, draw_confusion, draw_coverage
from bot.evaluation.scoring import started_unasked
from bot.evaluation.summary import epochs_of, percent

IN_WORDS: Mapping[str, str] = {
    "plain": "Plain messages",
    "typo": "With typing errors",
    "messy": "Capitals, emoji, dictated, pasted remains",
    "negation": "“Don’t delete it, only…”",
    "hypothetical": "Questions about a right: “what if I asked…”",
    "third_party": "About somebody else",
    "several": "Several requests at once",
    "letter": "Whole letters",
    "out_of_scope": "Not about personal data at all",
    "policy": "Questions about the privacy policy",
}
"""What a category is to somebody who does not label text."""


def write_page(report: Report, folder: Path) -> Path:
    """Write `index.html`, its pictures and `figures.json` into a folder.

    Args:
        report: what was measured.
        folder: made when missing.

    Returns:
        The page.
    """
    folder.mkdir(parents=True, exist_ok=True)
    draw_confusion(report.figures, folder / "confusion.png")
    draw_calibration(report.figures, folder / "calibration.svg")
    draw_coverage(report.figures, folder / "coverage.svg")
    (folder / "figures.json").write_text(
        json.dumps(figures_of(report), indent=1, ensure_ascii=False) + "\n", "utf-8"
    )
    page = folder / "index.html"
    page.write_text(_template(report).strip() + "\n", "utf-8")
    return page


def figures_of(report: Report) -> dict[str, Any]:
    """The report as plain data, for other programs; texts of lines are left out."""
    plain = _numbers(report.figures)
    compared = report.compared
    return {
        "circumstances": dataclasses.asdict(report.circumstances),
        "figures": plain,
        "reading": dataclasses.asdict(report.reading),
        "hiding": dataclasses.asdict(report.hiding),
        "fit": dataclasses.asdict(report.fit) if report.fit else None,
        "engine": dataclasses.asdict(report.engine) if report.engine else None,
        "compared": {
            "figures": _numbers(compared.figures),
            "fit": dataclasses.asdict(compared.fit),
            "reading": dataclasses.asdict(compared.reading),
            "epochs": compared.epochs,
        }
        if compared
        else None,
    }


def _numbers(figures: Figures) -> dict[str, Any]:
    return {
        "lines": figures.lines,
        "categories": [dataclasses.asdict(category) for category in figures.categories],
        "accuracy": figures.accuracy,
        "macro_f1": figures.macro_f1,
        "acted": figures.acted,
        "rights": figures.rights,
        "unsafe": [one.line.place for one in figures.unsafe],
        "retrieval": dataclasses.asdict(figures.retrieval),
        "auroc": figures.auroc,
        "calibration_error": figures.calibration_error,
    }


def _template(report: Report) -> str:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["percent"] = percent
    environment.filters["epochs"] = epochs_of
    theirs = (
        {category.name: category.accuracy for category in report.compared.figures.categories}
        if report.compared
        else {}
    )
    return environment.get_template("page.html.jinja").render(
        report=report,
        figures=report.figures,
        around=report.circumstances,
        rows=[_row(category, theirs) for category in report.figures.categories],
        understood=sum(one.lines for one in report.figures.categories if one.macro_f1 is not None),
        unsafe=[
            {"place": one.line.place, "started": ", ".join(started_unasked(one)), "text": one.line.text}
            for one in report.figures.unsafe
        ],
        bound=rule_of_three(report.figures.lines),
        goals=[
            *goals.goals_of_understanding(report.figures),
            *goals.goals_of_hiding(report),
            *goals.goals_of_comparison(report),
            *goals.goals_of_costs(report),
        ],
    )


def _row(category: Category, theirs: Mapping[str, float]) -> dict[str, Any]:
    return {
        "name": IN_WORDS.get(category.name, category.name),
        "lines": category.lines,
        "right": category.accuracy,
        "asked": (category.right - category.unasked) / category.lines,
        "macro_f1": category.macro_f1,
        "goal": goals.RIGHT_AT_LEAST.get(category.name),
        "theirs": theirs.get(category.name) if category.macro_f1 is not None else None,
    }
