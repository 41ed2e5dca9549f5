"""Why a case is due when it is, in words a contact understands and an agent can check."""

from __future__ import annotations

from datetime import date

from actions.cases.deadlines import Deadline, DeadlineStep, for_right, rules
from actions.cases.interfaces import Explanation
from actions.cases.models import Case
from actions.conversations.interfaces import CardRow


def explain(case: Case) -> Explanation:
    """The rule behind a case's due date, its source, and each pause and shift."""
    return explain_deadline(case.right, for_right(case.right, case.received_at, paused_days=case.paused_days))


def explain_deadline(right: str, deadline: Deadline) -> Explanation:
    """The same for any deadline of a right."""
    clock, wordings = rules().clock_of(right), rules().steps
    year = deadline.due.year if deadline.due.year == deadline.steps[0].on.year else None
    sentences = [_sentence(step, year) for step in deadline.steps]
    rows: list[CardRow] = [{"id": "rule", "label": clock.source, "value": clock.says}]
    for step, sentence in zip(deadline.steps, sentences, strict=True):
        rows.append({"id": step.kind, "label": _source(step) or long_date(step.on), "value": sentence})
    rows.append({"id": "due", "label": "Due", "value": long_date(deadline.due)})
    return Explanation(" ".join([clock.says, *sentences, wordings.end]), tuple(rows))


def long_date(day: date) -> str:
    """A date as people write it: `Wednesday 23 December 2026`."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def short_date(day: date, year: int | None = None) -> str:
    """`23 December`, with the year unless it is the one given."""
    return f"{day.day} {day:%B}" + ("" if day.year == year else f" {day.year}")


def _sentence(step: DeadlineStep, year: int | None) -> str:
    wordings, on = rules().steps, short_date(step.on, year)
    match step.kind:
        case "paused":
            wording = wordings.paused.one if step.because == "1" else wordings.paused.many
            return wording.format(on=on, count=step.because)
        case "weekend":
            return wordings.shifted.weekend.format(on=on, day=step.because)
        case "holiday":
            return wordings.shifted.holiday.format(on=on, holiday=step.because)
        case kind:
            wording = getattr(wordings, kind)
            return str(wording).format(on=on)


def _source(step: DeadlineStep) -> str:
    wordings = rules().steps
    if step.kind == "paused":
        return wordings.paused.source
    return wordings.shifted.source if step.kind in ("weekend", "holiday") else ""
