"""The figures as a page with pictures, and as data."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bot.bench.interfaces import CLIENTS, LEAST_PER_SECOND, MOST_ALONE, EngineFigures, Growth, Report
from bot.bench.pictures import draw_engines, draw_growth, draw_length

PAGE = "README.md"
ROWS: dict[str, Callable[[EngineFigures], str]] = {
    "alone, median": lambda one: _ms(one.alone.median),
    "alone, 95 %": lambda one: _ms(one.alone.percentile(95)),
    "alone, typed": lambda one: _ms(one.typed.median),
    "alone, structured": lambda one: _ms(one.structured.median),
    f"{CLIENTS} clients, messages a second": lambda one: f"{one.per_second:.1f}",
    f"{CLIENTS} clients, median": lambda one: _ms(one.crowd.median),
    f"{CLIENTS} clients, 95 %": lambda one: _ms(one.crowd.percentile(95)),
    f"{CLIENTS} clients, 99 %": lambda one: _ms(one.crowd.percentile(99)),
    "memory afterwards": lambda one: f"{one.memory:.0f} MB",
    "ready after": lambda one: f"{one.ready:.1f} s",
}


def lines_of(report: Report) -> Iterator[str]:
    """The figures for a terminal."""
    yield from report.machine
    columns = ("alone", 15), ("typed", 10), ("structured", 12), (f"{CLIENTS} clients", 14), ("95 %", 10)
    titles = "".join(f"{title:>{width}}" for title, width in (*columns, ("memory", 10), ("ready", 9)))
    yield f"{'':24}{titles}"
    for figures in _engines(report):
        yield (
            f"{figures.name:24}{1000 * figures.alone.median:12.1f} ms{1000 * figures.typed.median:7.1f} ms"
            f"{1000 * figures.structured.median:9.1f} ms{figures.per_second:12.1f}/s"
            f"{1000 * figures.crowd.percentile(95):7.0f} ms{figures.memory:7.0f} MB{figures.ready:7.1f} s"
        )
    for growth in report.growth:
        points = ", ".join(f"{size:,}: {_value(growth, value)}" for size, value in growth.points.items())
        yield f"{growth.what}: {points}"
    missed = report.missed()
    yield from (f"goal missed: {sentence}" for sentence in missed)
    if not missed:
        yield f"goals reached: {LEAST_PER_SECOND:g} messages a second, {1000 * MOST_ALONE:g} ms alone"


def write_page(report: Report, folder: Path) -> Path:
    """Write the page, its pictures and `figures.json`.

    Args:
        report: what was measured.
        folder: made when missing.

    Returns:
        The page.
    """
    folder.mkdir(parents=True, exist_ok=True)
    draw_engines(_engines(report), folder / "engines.png")
    if report.ours.length:
        draw_length(_engines(report), folder / "length.png")
    for number, growth in enumerate(report.growth, 1):
        draw_growth(growth, folder / f"growth-{number}.png")
    (folder / "figures.json").write_text(json.dumps(_plain(report), indent=1) + "\n", encoding="utf-8")
    page = folder / PAGE
    page.write_text("\n".join(_page(report)).rstrip() + "\n", encoding="utf-8")
    return page


def _page(report: Report) -> Iterator[str]:
    yield "# What a message costs\n"
    yield "Written by `./rightline bench`, from one run. The figures as data: [figures.json](figures.json).\n"
    yield from (f"- {line}" for line in report.machine)
    yield "\n## One engine, at its REST channel\n"
    yield (
        "Both have the same examples, domain, rules and an action server that answers at once. "
        "Alone: one turn of a form after the other, half typed, half structured input. "
        f"Together: {CLIENTS} clients, each sending its next message when the last is answered.\n"
    )
    yield _row("", *(figures.name for figures in _engines(report)))
    yield _row("---", *("---" for _ in _engines(report)))
    for title, value in ROWS.items():
        yield _row(title, *(value(figures) for figures in _engines(report)))
    goals = f"at least {LEAST_PER_SECOND:g} messages a second, at most {1000 * MOST_ALONE:g} ms alone"
    yield f"\nGoals: {goals}."
    missed = report.missed()
    yield ("Missed: " + "; ".join(missed) + "." if missed else "Both are reached.") + "\n"
    yield "![Alone and together](engines.png)\n"
    if report.ours.length:
        yield "## A session that never ends\n"
        yield (
            "Rasa reads the whole tracker at each message. Rightline begins a new session with each task, so "
            "what its contacts notice is the picture below this one.\n"
        )
        yield "![By the length of the session](length.png)\n"
    if report.growth:
        yield "## What grows\n"
    for number, growth in enumerate(report.growth, 1):
        cells = ", ".join(
            f"{size:,} {growth.grows}: {_value(growth, value)}" for size, value in growth.points.items()
        )
        yield f"{growth.what}: {cells}; factor {growth.factor:.2f}.\n"
        yield f"![{growth.what}](growth-{number}.png)\n"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _plain(report: Report) -> dict[str, Any]:
    return {
        "machine": list(report.machine),
        "engines": [
            {
                "name": figures.name,
                "ready_s": round(figures.ready, 1),
                "memory_mb": round(figures.memory),
                "alone_ms": figures.alone.summary(),
                "typed_ms": figures.typed.summary(),
                "structured_ms": figures.structured.summary(),
                "crowd_ms": figures.crowd.summary(),
                "messages_a_second": round(figures.per_second, 1),
                "session_ms": {str(size): round(1000 * value, 1) for size, value in figures.length.items()},
            }
            for figures in _engines(report)
        ],
        "growth": [
            {
                "what": growth.what,
                "grows": growth.grows,
                "unit": growth.unit,
                "points": {
                    str(size): round(_scaled(growth, value), 1) for size, value in growth.points.items()
                },
            }
            for growth in report.growth
        ],
        "missed": report.missed(),
    }


def _engines(report: Report) -> list[EngineFigures]:
    return [report.ours, *([report.baseline] if report.baseline else [])]


def _value(growth: Growth, value: float) -> str:
    return f"{_scaled(growth, value):.1f} {growth.unit}"


def _scaled(growth: Growth, value: float) -> float:
    return 1000 * value if growth.unit == "ms" else value


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.1f} ms"
