"""Opening hours, honestly: in the organisation's time, and as instants for whoever is in another zone."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from actions.wording import organisation, phrase

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def is_open(at: datetime) -> bool:
    """Whether the desk is staffed at an instant, by the opening hours."""
    local = at.astimezone(ZoneInfo(organisation().timezone))
    hours = organisation().opening_hours.get(DAYS[local.weekday()])
    return hours is not None and hours[0] <= local.strftime("%H:%M") < hours[1]


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


def opening(at: datetime) -> str:
    """When somebody is there, as a sentence: today until an hour, or from the next opening."""
    closes = closes_at(at)
    zone = ZoneInfo(organisation().timezone)
    if closes is not None:
        return phrase("hours.open", until=closes.astimezone(zone).strftime("%H:%M"))
    opens = opens_at(at)
    if opens is None:
        return phrase("hours.never")
    local = opens.astimezone(zone)
    ahead = (local.date() - at.astimezone(zone).date()).days
    when = {0: "today", 1: "tomorrow"}.get(ahead, f"on {DAYS[local.weekday()].capitalize()}")
    return phrase("hours.closed", when=when, at=local.strftime("%H:%M"))


def _instant(day: datetime, clock: str) -> datetime:
    return datetime.combine(day.date(), time.fromisoformat(clock), tzinfo=day.tzinfo)
