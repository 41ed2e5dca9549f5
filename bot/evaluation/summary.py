"""The figures as text, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.evaluation.baseline import EPOCHS
from bot.evaluation.interfaces import Category, Compared, Engine, Figures, Fit, Hiding, Report, Scored, Speed
from bot.evaluation.metrics import rule_of_three
from bot.evaluation.scoring import is_right, started_unasked

_SHOWN = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


def percent(share: float) -> str:
    """A share with one decimal, as `97.2 %`."""
    return f"{100 * share:.1f} %"


def of(part: int, whole: int) -> str:
    """A share with its counts, as `34/40 = 85.0 %`."""
    return f"{part}/{whole} = {percent(part / whole)}" if whole else "no such line"


def text_of(report: Report) -> Iterator[str]:
    """A whole report, line by line."""
    around = report.circumstances
    yield f"{around.date}, {around.machine}, load {around.load}"
    yield ", ".join(f"{name} {version}" for name, version in around.versions.items())
    yield (
        f"{around.source}: {report.figures.lines} lines, {around.seen} of them word for word among the "
        f"training examples; model {around.model}, data {around.data}"
    )
    yield ""
    yield from _figures(report.figures)
    yield ""
    yield from _costs(report)
    if report.compared:
        yield ""
        yield from _comparison(report, report.compared)


def milliseconds(speed: Speed) -> str:
    """A speed as `median 8.1 ms, 95th percentile 12.4 ms`."""
    return f"median {speed.median:.1f} ms, 95th percentile {speed.p95:.1f} ms over {speed.messages} messages"


def _figures(figures: Figures) -> Iterator[str]:
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


def _costs(report: Report) -> Iterator[str]:
    yield from _hiding(report.hiding, report.figures)
    yield f"hiding one message: {milliseconds(report.hiding.speed)}"
    yield f"parsing one message, in a process without HTTP: {milliseconds(report.reading)}"
    yield from _engine(report.engine)
    yield f"training: {_fit(report.fit)}"


def _hiding(hiding: Hiding, figures: Figures) -> Iterator[str]:
    points = 100 * (figures.accuracy - hiding.accuracy_without)
    yield (
        f"hiding personal data: altered {hiding.altered} lines; understood without it "
        f"{percent(hiding.accuracy_without)}, with it {percent(figures.accuracy)} ({points:+.1f} points; "
        f"{hiding.lost} lost, {hiding.gained} gained)"
    )


def _engine(engine: Engine | None) -> Iterator[str]:
    if engine is None:
        yield "engine: not measured"
        return
    memory = "memory unknown here" if engine.memory_mb is None else f"{engine.memory_mb:.0f} MB of memory"
    yield f"engine: ready after {engine.ready_seconds:.1f} s, {memory}"
    yield f"parsing one message over HTTP: {milliseconds(engine.parsing)}"


def _fit(fit: Fit | None) -> str:
    if fit is None:
        return "not recorded for this model; ./rightline train --again measures it"
    return (
        f"{fit.seconds:.0f} s ({fit.processor_seconds:.0f} s of processor time) for {fit.examples} examples, "
        f"at load {fit.load:.1f}"
    )


def epochs_of(compared: Compared) -> str:
    """How long the default pipeline was fitted, in words."""
    if compared.epochs == EPOCHS:
        return f"all of its {EPOCHS} epochs"
    return f"stopped after {compared.epochs} of its {EPOCHS} epochs"


def _comparison(report: Report, compared: Compared) -> Iterator[str]:
    yield f"beside Rasa's default pipeline, from the same examples ({epochs_of(compared)}):"
    yield f"{'category':16}{'ours':>9}{'default':>10}{'points':>9}"
    theirs = {category.name: category.accuracy for category in compared.figures.categories}
    rows = [
        (category.name, category.accuracy, theirs[category.name])
        for category in report.figures.categories
        if category.macro_f1 is not None
    ]
    for name, ours, default in [*rows, ("all of these", report.figures.accuracy, compared.figures.accuracy)]:
        yield f"{name:16}{percent(ours):>9}{percent(default):>10}{100 * (ours - default):>+9.1f}"
    if report.figures.auroc is not None and compared.figures.auroc is not None:
        yield f"out of scope, AUROC: {report.figures.auroc:.4f} and {compared.figures.auroc:.4f}"
    yield f"unsafe starts: {len(report.figures.unsafe)} and {len(compared.figures.unsafe)}"
    yield f"parsing one message: {milliseconds(report.reading)}; theirs {milliseconds(compared.reading)}"
    yield f"their training: {_fit(compared.fit)}"
    if report.fit:
        processor = compared.fit.processor_seconds / report.fit.processor_seconds
        wall = compared.fit.seconds / report.fit.seconds
        yield f"ours is {processor:.1f} times faster to fit by processor time, {wall:.1f} times by the clock"
