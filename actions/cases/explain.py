"""Why a case is due when it is, in words a contact understands and an agent can check."""

from __future__ import annotations

from datetime import date

from actions.cases.counting import deadline_of
from actions.cases.deadlines import Deadline, DeadlineStep, zone
from actions.cases.interfaces import Explanation
from actions.cases.models import Case
from actions.cases.rules import rules
from actions.conversations.interfaces import CardRow


def explain(case: Case, *, today: date | None = None) -> Explanation:
    """The rule behind a case's due date, its source, and each pause and shift.

    The arguments are those of `counting.deadline_of`.
    """
    return explain_deadline(case.right, deadline_of(case, today=today))


def explain_deadline(right: str, deadline: Deadline) -> Explanation:
    """The same for any deadline of a right."""
    clock, wordings = rules().clock_of(right), rules().steps
    year = deadline.due.year if deadline.due.year == deadline.steps[0].on.year else None
    sentences = [_sentence(step, deadline, year) for step in deadline.steps]
    rows: list[CardRow] = [{"id": "rule", "label": clock.source, "value": clock.says}]
    for step, sentence in zip(deadline.steps, sentences, strict=True):
        rows.append({"id": step.kind, "label": _source(step) or long_date(step.on), "value": sentence})
    at = f"{deadline.at.astimezone(zone()):%H:%M} on " if deadline.at else ""
    rows.append({"id": "due", "label": "Due", "value": f"{at}{long_date(deadline.due)}"})
    return Explanation(" ".join([clock.says, *sentences, wordings.end]), tuple(rows))


def long_date(day: date) -> str:
    """A date as people write it: `Wednesday 23 December 2026`."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def short_date(day: date, year: int | None = None) -> str:
    """`23 December`, with the year unless it is the one given."""
    return f"{day.day} {day:%B}" + ("" if day.year == year else f" {day.year}")


def _sentence(step: DeadlineStep, deadline: Deadline, year: int | None) -> str:
    wordings, on = rules().steps, short_date(step.on, year)
    match step.kind:
        case "proof":
            return wordings.proof.format(on=on, otherwise=short_date(date.fromisoformat(step.because), year))
        case "months":
            wording = wordings.months.one if step.because == "1" else wordings.months.many
            return wording.format(on=on, count=step.because)
        case "extended":
            return wordings.extended.format(on=on, count=step.because)
        case "hours":
            time = f"{deadline.at.astimezone(zone()):%H:%M}" if deadline.at else ""
            return wordings.hours.format(on=on, count=step.because, time=time)
        case "paused":
            return _paused(step, on, year)
        case "weekend":
            return wordings.shifted.weekend.format(on=on, day=step.because)
        case "holiday":
            return wordings.shifted.holiday.format(on=on, holiday=step.because)
        case kind:
            wording = getattr(wordings, kind)
            return str(wording).format(on=on)


def _paused(step: DeadlineStep, on: str, year: int | None) -> str:
    wordings, first = rules().steps.paused, short_date(step.first or step.on, year)
    if step.last is None:
        return wordings.still.format(on=on, first=first)
    wording = wordings.one if step.because == "1" else wordings.many
    return wording.format(on=on, count=step.because, first=first, last=short_date(step.last, year))


def _source(step: DeadlineStep) -> str:
    match step.kind:
        case "paused":
            return rules().pause.source
        case "extended":
            return rules().extension.source
        case "proof":
            return rules().later_start.source
        case "weekend" | "holiday":
            return rules().steps.shifted.source
        case _:
            return ""
