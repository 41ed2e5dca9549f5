"""How values are written in a letter: dates and times as people say them, where the organisation is."""

from __future__ import annotations

from datetime import date, datetime

from actions.cases.deadlines import zone
from actions.cases.explain import long_date
from actions.mail.interfaces import TemplateError

FORMATS = ("", "date", "time", "moment")


def written(value: object, form: str = "") -> str:
    """A value as text.

    Args:
        value: text stays as it is; a number, a date or an instant is written out; None is empty.
        form: `date` (Wednesday 23 December 2026), `time` (10:54) or `moment` (10:54 on Wednesday 23 December
            2026), for dates and instants; by default a date is a `date` and an instant a `moment`.

    Raises:
        TemplateError: there is no such form, or no way to write such a value in it.
    """
    if form not in FORMATS:
        raise TemplateError(f"there is no format '{form}'; there are {', '.join(FORMATS[1:])}")
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return _instant(value, form or "moment")
    if isinstance(value, date) and form in ("", "date"):
        return long_date(value)
    if isinstance(value, int) and not isinstance(value, bool) and not form:
        return str(value)
    raise TemplateError(f"a {type(value).__name__} cannot be written" + (f" as a {form}" if form else ""))


def _instant(at: datetime, form: str) -> str:
    local = at.astimezone(zone())
    if form == "time":
        return f"{local:%H:%M}"
    return long_date(local) if form == "date" else f"{local:%H:%M} on {long_date(local)}"
