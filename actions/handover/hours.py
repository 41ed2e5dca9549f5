"""Opening hours, honestly: in the organisation's time, and as instants for whoever is in another zone."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from actions.wording import organisation, phrase

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def is_open(at: datetime) -> bool:
    """Whether the desk is staffed at an instant, by the opening hours."""
    local = at.astimezone(ZoneInfo(organisation().timezone))
    hours = organisation().opening_hours.get(DAYS[local.weekday()])
    return hours is not None and hours[0] <= local.strftime("%H:%M") < hours[1]


def opens_on(day: date) -> bool:
    """Whether the desk is staffed at all on a day, where the organisation is."""
    return DAYS[day.weekday()] in organisation().opening_hours


def closes_at(at: datetime) -> datetime | None:
    """When today's opening ends, or None while it is closed."""
    if not is_open(at):
        return None
    local = at.astimezone(ZoneInfo(organisation().timezone))
    return _instant(local, organisation().opening_hours[DAYS[local.weekday()]][1])


def opens_at(at: datetime) -> datetime | None:
    """When the next opening begins; None while it is open, or where there are no hours at all."""
    if is_open(at):
        return None
    local = at.astimezone(ZoneInfo(organisation().timezone))
    for ahead in range(8):
        day = local + timedelta(days=ahead)
        hours = organisation().opening_hours.get(DAYS[day.weekday()])
        if hours and (ahead > 0 or local.strftime("%H:%M") < hours[0]):
            return _instant(day, hours[0])
    return None


def opening(at: datetime, time_zone: str | None = None) -> str:
    """When somebody is there, as a sentence: today until an hour, or from the next opening.

    Args:
        at: now.
        time_zone: IANA name of the reader's zone; where their clock differs, their own time is told.
    """
    own = ZoneInfo(organisation().timezone)
    zone = _zone(time_zone) or own
    closes, opens = closes_at(at), opens_at(at)
    moment = closes or opens
    if moment is None:
        return phrase("hours.never")
    local = moment.astimezone(zone)
    theirs = local.utcoffset() != moment.astimezone(own).utcoffset()
    clock = f"{local:%H:%M}" + (f" {phrase('hours.your_time')}" if theirs else "")
    if closes is not None:
        return phrase("hours.open", until=clock)
    ahead = (local.date() - at.astimezone(zone).date()).days
    when = {0: "today", 1: "tomorrow"}.get(ahead, f"on {DAYS[local.weekday()].capitalize()}")
    return phrase("hours.closed", when=when, at=clock)


def _zone(name: str | None) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ValueError, ZoneInfoNotFoundError):
        return None


def _instant(day: datetime, clock: str) -> datetime:
    return datetime.combine(day.date(), time.fromisoformat(clock), tzinfo=day.tzinfo)
