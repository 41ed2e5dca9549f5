"""The pictures of a report, as SVG inside the page; each says one thing."""

from __future__ import annotations

import base64
import io
import os
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from actions.reporting.interfaces import OUTCOMES, Closed, Figures
from actions.settings import get_settings

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, SOFT, LINE = "#1c2125", "#58626c", "#d9d6cc"
TEAL, PALE, OCHRE, RED = "#0f5c55", "#9cc9c2", "#c98a1b", "#9b2c1f"
COLOURS = {"fulfilled": TEAL, "refused": RED, "withdrawn": OCHRE, "expired": "#a6afb8"}
SATURDAY = 5
ASIDE: dict[str, Any] = {"ha": "right", "va": "top", "fontsize": 9, "color": SOFT}
SPANS = (
    ("same day", 0, 0),
    ("1–2 days", 1, 2),
    ("3–7", 3, 7),
    ("8–14", 8, 14),
    ("15–21", 15, 21),
    ("22–31", 22, 31),
    ("over 31", 32, 10**6),
)
"""Days until an answer, in steps a reader can tell apart."""


def days(figures: Figures) -> str:
    """Requests received by day; weekends are pale."""
    figure, axes = _blank(2.6)
    shown = figures.by_day
    colours = [PALE if day.weekday() >= SATURDAY else TEAL for day in shown]
    axes.bar([day.day for day in shown], list(shown.values()), color=colours, width=0.82)
    axes.set_xticks([day.day for day in shown if day.day in (1, 5, 10, 15, 20, 25) or day == _last(shown)])
    _whole_numbers(axes)
    return _written(figure)


def trend(figures: Figures) -> str:
    """Requests received by month, this one last."""
    figure, axes = _blank(2.6)
    months, counts = list(figures.trend), list(figures.trend.values())
    bars = axes.bar(range(len(months)), counts, color=[PALE] * (len(months) - 1) + [TEAL], width=0.72)
    axes.set_xticks(range(len(months)), [f"{month.first:%b}" for month in months])
    axes.bar_label(bars, padding=3, fontsize=9, color=SOFT)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.margins(y=0.15)
    return _written(figure)


def rights(figures: Figures) -> str:
    """How requests ended, by right."""
    shown = [right for right in figures.rights if right.closed][::-1]
    figure, axes = _blank(0.9 + 0.42 * max(1, len(shown)))
    left = [0] * len(shown)
    for outcome, said in OUTCOMES.items():
        counts = [right.outcome(outcome) for right in shown]
        if not any(counts):
            continue
        axes.barh(
            [right.label for right in shown],
            counts,
            left=left,
            color=COLOURS[outcome],
            label=said,
            height=0.62,
        )
        left = [before + more for before, more in zip(left, counts, strict=True)]
    for position, total in enumerate(left):
        axes.text(total, position, f"  {total}", va="center", fontsize=9, color=SOFT)
    axes.margins(x=0.08)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    if shown:
        axes.legend(
            loc="lower left", bbox_to_anchor=(0, 1), ncols=4, frameon=False, fontsize=9, handlelength=1
        )
    return _written(figure)


def times(figures: Figures) -> str:
    """How long answers took, against the clock: late ones are red."""
    figure, axes = _blank(2.8)
    good = [_within(figures.answered, span, in_time=True) for span in SPANS]
    late = [_within(figures.answered, span, in_time=False) for span in SPANS]
    places = range(len(SPANS))
    axes.bar(places, good, color=TEAL, width=0.72, label="in time")
    if any(late):
        axes.bar(places, late, bottom=good, color=RED, width=0.72, label="late")
        axes.legend(loc="upper right", frameon=False, fontsize=9, handlelength=1)
    for place, total in zip(places, map(sum, zip(good, late, strict=True)), strict=True):
        axes.text(place, total, str(total), ha="center", va="bottom", fontsize=9, color=SOFT)
    axes.axvline(len(SPANS) - 1.5, color=SOFT, linewidth=1, linestyle=(0, (4, 3)))
    axes.text(len(SPANS) - 1.53, 0.97, "one month", transform=axes.get_xaxis_transform(), **ASIDE)
    axes.set_xticks(places, [label for label, _first, _last in SPANS])
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.margins(y=0.15)
    return _written(figure)


def refusals(figures: Figures) -> str:
    """What refusals rested on."""
    counts: dict[str, int] = {}
    for one in figures.refused:
        counts[one.ground or "no ground named"] = counts.get(one.ground or "no ground named", 0) + 1
    shown = sorted(counts.items(), key=lambda pair: pair[1])
    figure, axes = _blank(0.6 + 0.42 * max(1, len(shown)))
    bars = axes.barh(
        [name for name, _count in shown], [count for _name, count in shown], color=RED, height=0.6
    )
    axes.bar_label(bars, padding=4, fontsize=9, color=SOFT)
    axes.margins(x=0.1)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    return _written(figure)


def _within(closed: Sequence[Closed], span: tuple[str, int, int], *, in_time: bool) -> int:
    _label, first, last = span
    return sum(first <= one.days <= last and one.in_time == in_time for one in closed)


def _last(shown: dict[date, int]) -> date:
    return max(shown)


def _blank(height: float) -> tuple[Figure, Axes]:
    # Matplotlib keeps its list of fonts where HOME is; ours is a folder that exists.
    os.environ.setdefault("MPLCONFIGDIR", str(get_settings().home / "matplotlib"))
    import matplotlib
    from matplotlib.figure import Figure

    matplotlib.rcParams["svg.hashsalt"] = "rightline"
    figure = Figure(figsize=(8.4, height), layout="constrained")
    axes = figure.subplots()
    axes.set_facecolor("none")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(LINE)
    axes.tick_params(colors=SOFT, labelsize=9.5, length=0)
    for label in axes.get_yticklabels():
        label.set_color(INK)
    return figure, axes


def _whole_numbers(axes: Axes) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=4))
    axes.grid(axis="y", color=LINE, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines["left"].set_visible(False)


def _written(figure: Figure) -> str:
    """The picture as an address that holds the picture itself."""
    out = io.BytesIO()
    figure.savefig(out, format="svg", transparent=True, metadata={"Date": None})
    return f"data:image/svg+xml;base64,{base64.b64encode(out.getvalue()).decode()}"
