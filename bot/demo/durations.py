"""ISO 8601 durations, as far as a clock can be moved by them."""

from __future__ import annotations

import re
from datetime import timedelta

_NUMBER = r"(\d{1,9}(?:[.,]\d{1,6})?)"
_DURATION = re.compile(
    rf"P(?=.)(?:{_NUMBER}W)?(?:{_NUMBER}D)?(?:T(?=.)(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?\Z",
    re.ASCII,
)
LONGEST = timedelta(days=3660)


def parse(text: str) -> timedelta:
    """A duration of weeks, days, hours, minutes and seconds, such as `PT11M` or `P1DT2H`.

    Raises:
        ValueError: it is none, holds years or months (which have no fixed length), or is above ten years.
    """
    found = _DURATION.match(text)
    if found is None:
        raise ValueError("not a duration of weeks, days, hours, minutes and seconds, such as PT11M")
    weeks, days, hours, minutes, seconds = (float((part or "0").replace(",", ".")) for part in found.groups())
    if weeks * 7 + days + hours / 24 > LONGEST.days:
        raise ValueError("longer than ten years")
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
