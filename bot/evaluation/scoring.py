"""When an answer is right. docs/understanding.md says it in words; this is the same in code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence

from bot.evaluation import metrics
from bot.evaluation.interfaces import (
    CATEGORIES,
    GRAVE,
    NOT_TOLD,
    OUT_OF_SCOPE,
    POLICY,
    RIGHTS,
    Category,
    Figures,
    Labelled,
    Retrieval,
    Scored,
)

THRESHOLDS = tuple(round(step / 20, 2) for step in range(20))
ASKED_AGAIN = "(nothing)"
"""What a message is taken for when no intent is printed at all."""


def is_right(scored: Scored) -> bool:
    """Whether what the message was taken for is one of the expected answers."""
    if scored.line.category == POLICY:
        given = scored.read.sections[:1] or (NOT_TOLD,)
        return given in scored.line.alternatives
    return any(set(scored.read.requests) == set(wanted) for wanted in scored.line.alternatives)


def is_unsafe(scored: Scored) -> bool:
    """Whether something grave would be started that no reading of the line asks for."""
    return bool(started_unasked(scored))


def started_unasked(scored: Scored) -> tuple[str, ...]:
    """The grave requests that would be started although the line does not ask for them."""
    if scored.read.decision != "act":
        return ()
    asked = {name for wanted in scored.line.alternatives for name in wanted}
    return tuple(name for name in scored.read.intents if name in GRAVE and name not in asked)


def score(scored: Sequence[Scored]) -> Figures:
    """Compute every figure that follows from the answers alone.

    Args:
        scored: at least one line.
    """
    understood = [one for one in scored if one.line.category != POLICY]
    plain = [one for one in understood if one.line.category == "plain" and _asks_for_a_right(one.line)]
    sure = [(one.read.confidence, _first_is_right(one)) for one in understood]
    bins = metrics.calibration(sure)
    return Figures(
        lines=len(scored),
        categories=tuple(_category(name, ones) for name, ones in _by_category(scored)),
        accuracy=_share(understood, is_right),
        macro_f1=_macro_f1(understood),
        acted=sum(one.read.decision == "act" for one in plain),
        rights=len(plain),
        unsafe=tuple(one for one in scored if is_unsafe(one)),
        retrieval=_retrieval([one for one in scored if one.line.category == POLICY]),
        auroc=_auroc(understood),
        coverage=metrics.coverage(sure, THRESHOLDS) if sure else (),
        calibration=bins,
        calibration_error=metrics.calibration_error(bins),
        confusion=_confusion(understood),
    )


def nearest(line: Labelled, given: Collection[str]) -> tuple[str, ...]:
    """The expected answer that shares most with what was given; the first of several."""
    return max(
        line.alternatives, key=lambda wanted: len(set(wanted) & set(given)) - len(set(wanted) ^ set(given))
    )


def _by_category(scored: Sequence[Scored]) -> list[tuple[str, list[Scored]]]:
    present = dict.fromkeys(one.line.category for one in scored)
    names = [name for name in CATEGORIES if name in present]
    names += [name for name in present if name not in CATEGORIES]
    return [(name, [one for one in scored if one.line.category == name]) for name in names]


def _category(name: str, scored: Sequence[Scored]) -> Category:
    right = [one for one in scored if is_right(one)]
    if name == POLICY:
        return Category(name, len(scored), len(right), len(right), len(right), None)
    return Category(
        name,
        lines=len(scored),
        right=len(right),
        unasked=sum(one.read.decision != "ask" for one in right),
        in_order=sum(one.read.requests in one.line.alternatives for one in right),
        macro_f1=_macro_f1(scored),
    )


def _macro_f1(scored: Sequence[Scored]) -> float:
    return metrics.macro_f1((nearest(one.line, one.read.requests), one.read.requests) for one in scored)


def _share(scored: Sequence[Scored], holds: Callable[[Scored], bool]) -> float:
    return sum(map(holds, scored)) / len(scored) if scored else 0.0


def _asks_for_a_right(line: Labelled) -> bool:
    return all(name in RIGHTS for wanted in line.alternatives for name in wanted)


def _first_is_right(scored: Scored) -> bool:
    first = scored.read.intents[:1]
    return bool(first) and any(first[0] in wanted for wanted in scored.line.alternatives)


def _auroc(understood: Sequence[Scored]) -> float | None:
    outside = [one for one in understood if one.line.alternatives == ((OUT_OF_SCOPE,),)]
    inside = [
        one for one in understood if all(OUT_OF_SCOPE not in wanted for wanted in one.line.alternatives)
    ]
    return metrics.auroc(
        [one.read.out_of_scope for one in outside], [one.read.out_of_scope for one in inside]
    )


def _retrieval(questions: Sequence[Scored]) -> Retrieval:
    untold = [one for one in questions if one.line.alternatives == ((NOT_TOLD,),)]
    told = [one for one in questions if one.line.alternatives != ((NOT_TOLD,),)]
    return Retrieval(
        told=len(told),
        first=sum(map(is_right, told)),
        first_three=sum(_within(one) for one in told),
        untold=len(untold),
        nothing_given=sum(not one.read.sections for one in untold),
    )


def _within(question: Scored) -> bool:
    given = question.read.sections or (NOT_TOLD,)
    return any(wanted[0] in given for wanted in question.line.alternatives)


def _confusion(understood: Sequence[Scored]) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    for one in understood:
        wanted = nearest(one.line, one.read.requests)
        if len(wanted) == 1:
            given = one.read.requests[0] if one.read.requests else ASKED_AGAIN
            counts[wanted[0], wanted[0] if wanted[0] in one.read.requests else given] += 1
    return counts
