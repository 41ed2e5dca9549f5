"""From a case to its due date: what the count hangs on, and keeping the date on record right."""

from __future__ import annotations

from datetime import date

from actions.cases.deadlines import Deadline, Facts, Pause, counted, local_date, paused_days
from actions.cases.models import Case
from actions.cases.rules import rules


def facts_of(case: Case) -> Facts:
    """What a case's due date hangs on."""
    return Facts(
        right=case.right,
        received=case.received_at,
        starts=case.starts_at,
        extended=case.extended_at is not None,
        pauses=tuple(_pause(pair) for pair in case.pauses or ()),
        jurisdiction=case.jurisdiction or "uk",
    )


def deadline_of(case: Case, *, today: date | None = None) -> Deadline:
    """When a case is due, counted anew.

    Args:
        case: the case.
        today: until when a pause that still runs is counted; by default its first day only.
    """
    return counted(facts_of(case), today=today)


def clock_stands_still(case: Case) -> bool:
    """Whether a clarification is awaited that stops the case's clock."""
    waits = case.is_open and any(pair[1] is None for pair in case.pauses or ())
    return waits and rules().may_pause(case.right, case.jurisdiction or "uk")


def met_on(case: Case) -> date | None:
    """The day on which the case did what its clock asks for: was acknowledged, or answered and closed."""
    until = rules().clock_of(case.right).until
    at = case.acknowledged_at if until == "acknowledged" else None
    at = at or case.closed_at
    return local_date(at) if at else None


def in_time(case: Case, today: date) -> bool | None:
    """Whether a case did in time what its clock asks for; None while there is time for it."""
    met = met_on(case)
    if met is not None:
        return met <= case.due_on
    return None if today <= case.due_on or clock_stands_still(case) else False


def begin_pause(case: Case, on: date) -> None:
    """Stop the case's clock from a day on, that day included."""
    case.pauses = [*(case.pauses or ()), [on.isoformat(), None]]
    recount(case)


def end_pause(case: Case, on: date) -> bool:
    """Let the case's clock run again after a day; says whether it stood still.

    A pause never ends before it began: an answer dated earlier is dated by the question.
    """
    if all(answered for _asked, answered in case.pauses or ()):
        return False
    ended = on.isoformat()
    case.pauses = [[asked, answered or max(ended, asked or ended)] for asked, answered in case.pauses]
    recount(case)
    return True


def recount(case: Case) -> None:
    """Write the due date anew, after something it hangs on has changed."""
    case.due_on = deadline_of(case).due
    case.paused_days = paused_days(facts_of(case))


def _pause(pair: list[str | None]) -> Pause:
    asked, answered = pair
    if asked is None:
        raise ValueError("a pause begins on the day of asking")
    return Pause(date.fromisoformat(asked), date.fromisoformat(answered) if answered else None)
