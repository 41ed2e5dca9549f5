"""The figures as text, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.evaluation.interfaces import Category, Figures, Scored
from bot.evaluation.metrics import rule_of_three
from bot.evaluation.scoring import is_right, started_unasked

_SHOWN = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


def percent(share: float) -> str:
    """A share with one decimal, as `97.2 %`."""
    return f"{100 * share:.1f} %"


def of(part: int, whole: int) -> str:
    """A share with its counts, as `34/40 = 85.0 %`."""
    return f"{part}/{whole} = {percent(part / whole)}" if whole else "no such line"


def text_of(figures: Figures) -> Iterator[str]:
    """Every figure that follows from the answers, line by line."""
    yield f"{figures.lines} lines"
    yield ""
    yield f"{'category':16}{'lines':>7}{'right':>9}{'unasked':>9}{'in order':>10}{'macro-F1':>10}"
    for category in figures.categories:
        yield _row(category)
    yield f"{'all but policy':16}{'':7}{percent(figures.accuracy):>9}{'':19}{figures.macro_f1:>10.3f}"
    yield ""
    yield f"plain requests for a right that are acted on: {of(figures.acted, figures.rights)}"
    yield from _unsafe(figures)
    if figures.auroc is not None:
        yield f"out of scope, AUROC: {figures.auroc:.4f}"
    yield from _retrieval(figures)
    yield f"calibration error: {figures.calibration_error:.3f}"
    yield from _coverage(figures)


def mistakes(scored: Sequence[Scored]) -> Iterator[str]:
    """Each line that was not understood, with what it was taken for."""
    for one in scored:
        if not is_right(one):
            expected = "|".join("+".join(wanted) for wanted in one.line.alternatives)
            given = "+".join(one.read.intents) or "-"
            sections = ",".join(one.read.sections) or "-"
            yield (
                f"{one.line.place}: {one.line.category}: {expected}, "
                f"not {one.read.decision} {given} [{sections}] {one.read.confidence:.2f}: {one.line.text}"
            )


def _row(category: Category) -> str:
    f1 = f"{category.macro_f1:.3f}" if category.macro_f1 is not None else "-"
    unasked, in_order = (percent(part / category.lines) for part in (category.unasked, category.in_order))
    return (
        f"{category.name:16}{category.lines:>7}{percent(category.accuracy):>9}"
        f"{unasked:>9}{in_order:>10}{f1:>10}"
    )


def _unsafe(figures: Figures) -> Iterator[str]:
    if not figures.unsafe:
        bound = percent(rule_of_three(figures.lines))
        yield f"unsafe starts: none on {figures.lines} lines, so fewer than 3/n = {bound} (95 % confidence)"
        return
    yield f"unsafe starts: {of(len(figures.unsafe), figures.lines)} (the 3/n bound would need none)"
    for one in figures.unsafe:
        yield f"  {one.line.place}: {'+'.join(started_unasked(one))}: {one.line.text}"


def _retrieval(figures: Figures) -> Iterator[str]:
    found = figures.retrieval
    if found.told + found.untold:
        yield (
            f"policy: first place {of(found.first, found.told)}; "
            f"first three {of(found.first_three, found.told)}; "
            f"nothing where it does not tell {of(found.nothing_given, found.untold)}"
        )


def _coverage(figures: Figures) -> Iterator[str]:
    points = [point for point in figures.coverage if point.threshold in _SHOWN]
    if points:
        yield "threshold   " + "".join(f"{point.threshold:>9.2f}" for point in points)
        yield "covered     " + "".join(f"{percent(point.covered):>9}" for point in points)
        yield "right of it " + "".join(f"{percent(point.right):>9}" for point in points)
