"""The figures as pictures."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bot.bench.interfaces import CLIENTS, LEAST_PER_SECOND, MOST_ALONE, EngineFigures, Growth
from bot.evaluation.pictures import INK, OURS, PNG_DOTS, STYLE, THEIRS

COLOURS = (OURS, THEIRS)
TITLE_CHARACTERS = 72


def draw_engines(engines: Sequence[EngineFigures], path: Path) -> None:
    """Each engine alone and with several clients, beside the goals."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(9, 3.2), layout="constrained")
        alone, together, memory = figure.subplots(1, 3)
        _bars(alone, engines, [1000 * one.alone.median for one in engines], "A turn of a form, alone (ms)")
        alone.axhline(1000 * MOST_ALONE, color=INK, linestyle=":", linewidth=1)
        _bars(together, engines, [one.per_second for one in engines], f"Messages a second, {CLIENTS} clients")
        together.axhline(LEAST_PER_SECOND, color=INK, linestyle=":", linewidth=1)
        _bars(memory, engines, [one.memory for one in engines], "Memory (MB)")
        figure.savefig(path, dpi=PNG_DOTS)


def draw_length(engines: Sequence[EngineFigures], path: Path) -> None:
    """A turn by the length of a session that never ends."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(6.4, 3.2), layout="constrained")
        axes = figure.subplots()
        for one, colour in zip(engines, COLOURS, strict=False):
            values = [1000 * value for value in one.length.values()]
            axes.plot(list(one.length), values, marker="o", color=colour, label=one.name)
        axes.set_title("A turn, by the length of its session (ms)", fontsize=10, loc="left")
        axes.set_xlabel("messages so far")
        axes.set_ylim(bottom=0)
        axes.legend(frameon=False)
        figure.savefig(path, dpi=PNG_DOTS)


def draw_growth(growth: Growth, path: Path) -> None:
    """What something costs while something else grows; sizes stand side by side, as they are far apart."""
    scale = 1000 if growth.unit == "ms" else 1
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(6.4, 2.8), layout="constrained")
        axes = figure.subplots()
        names = [f"{size:,}" for size in growth.points]
        bars = axes.bar(names, [scale * value for value in growth.points.values()], color=OURS, width=0.5)
        axes.set_axisbelow(True)
        axes.grid(visible=False, axis="x")
        axes.bar_label(bars, fmt="%.1f", padding=2)
        title = textwrap.fill(f"{growth.what} ({growth.unit})", TITLE_CHARACTERS)
        axes.set_title(title, fontsize=10, loc="left")
        axes.set_xlabel(growth.grows)
        axes.margins(y=0.15)
        figure.savefig(path, dpi=PNG_DOTS)


def _bars(axes: Axes, engines: Sequence[EngineFigures], values: Sequence[float], title: str) -> None:
    names = [one.name.replace(" default", "\ndefault") for one in engines]
    bars = axes.bar(names, values, color=COLOURS[: len(engines)], width=0.5)
    axes.set_axisbelow(True)
    axes.grid(visible=False, axis="x")
    axes.bar_label(bars, fmt="%.1f" if max(values, default=0) < 200 else "%.0f", padding=2)
    axes.set_title(title, fontsize=10, loc="left")
    axes.margins(y=0.15)
