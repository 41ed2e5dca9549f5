"""The figures as pictures."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.colors import LinearSegmentedColormap, PowerNorm
from matplotlib.figure import Figure

from bot.evaluation.interfaces import Figures

INK, SOFT, LINE = "#1c2125", "#58626c", "#e0ddd4"
OURS, THEIRS = "#0f5c55", "#b5651d"
STYLE: dict[Any, Any] = {
    "font.size": 10,
    "text.color": INK,
    "axes.edgecolor": LINE,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": LINE,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "svg.fonttype": "none",
    "svg.hashsalt": "rightline",
    "font.family": ["sans-serif"],
}
PNG_DOTS = 110


def draw_confusion(figures: Figures, path: Path) -> None:
    """What messages with one request were meant as, against what they were taken for; a PNG."""
    names = sorted({name for pair in figures.confusion for name in pair})
    place = {name: position for position, name in enumerate(names)}
    counts = [[0] * len(names) for _ in names]
    for (wanted, given), count in figures.confusion.items():
        counts[place[wanted]][place[given]] = count
    with mpl.rc_context({**STYLE, "axes.grid": False}):
        side = max(3.0, 0.31 * len(names) + 1.8)
        figure = Figure(figsize=(side, side), layout="constrained")
        axes = figure.add_subplot()
        colours = LinearSegmentedColormap.from_list("paper to green", ["#ffffff", "#7cc0b5", OURS])
        shares = [[count / max(1, sum(row)) for count in row] for row in counts]
        axes.imshow(shares, cmap=colours, norm=PowerNorm(0.5, 0, 1))
        axes.set_xticks(range(len(names)), names, rotation=90, fontsize=8)
        axes.set_yticks(range(len(names)), names, fontsize=8)
        axes.set_xlabel("taken for")
        axes.set_ylabel("meant")
        axes.spines[:].set_visible(False)
        for row, numbers in enumerate(counts):
            for column, count in enumerate(numbers):
                if count:
                    colour = "#ffffff" if shares[row][column] > 0.5 else INK
                    axes.text(column, row, str(count), ha="center", va="center", fontsize=7, color=colour)
        _png(figure, path)


def draw_calibration(figures: Figures, path: Path) -> None:
    """How often readings of a confidence are right, against that confidence; an SVG."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(5.2, 4.2), layout="constrained")
        axes = figure.add_subplot()
        axes.plot([0, 1], [0, 1], color=SOFT, linestyle=":", label="as sure as it is right")
        bins = figures.calibration
        axes.plot([one.confidence for one in bins], [one.right for one in bins], color=OURS, linewidth=1)
        areas = [12 + 300 * one.lines / max(1, sum(other.lines for other in bins)) for one in bins]
        axes.scatter(
            [one.confidence for one in bins],
            [one.right for one in bins],
            s=areas,
            color=OURS,
            label="Rightline; larger where there are more messages",
        )
        axes.set(xlim=(0, 1.02), ylim=(0, 1.04), xlabel="how sure it is", ylabel="how often it is right")
        axes.legend(frameon=False, loc="lower right")
        _svg(figure, path)


def draw_coverage(figures: Figures, path: Path) -> None:
    """How many messages are at least so sure, and how many of those are right; an SVG."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(5.2, 4.2), layout="constrained")
        axes = figure.add_subplot()
        thresholds = [point.threshold for point in figures.coverage]
        axes.plot(
            thresholds,
            [100 * point.right for point in figures.coverage],
            color=OURS,
            label="right, of those that are at least so sure",
        )
        axes.plot(
            thresholds,
            [100 * point.covered for point in figures.coverage],
            color=THEIRS,
            linestyle="--",
            label="messages that are at least so sure",
        )
        axes.set(xlim=(0, 1), ylim=(0, 102), xlabel="how sure it must be", ylabel="per cent")
        axes.legend(frameon=False, loc="lower left")
        _svg(figure, path)


def _png(figure: Figure, path: Path) -> None:
    figure.savefig(
        path, format="png", dpi=PNG_DOTS, metadata={"Software": None}, pil_kwargs={"optimize": True}
    )


def _svg(figure: Figure, path: Path) -> None:
    drawn = io.StringIO()
    figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None})
    # Matplotlib leaves blanks at the ends of lines, which a repository's checks do not like.
    path.write_text("\n".join(line.rstrip() for line in drawn.getvalue().splitlines()) + "\n", "utf-8")
