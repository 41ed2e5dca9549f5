"""How verification counts tries and time, in words."""

from __future__ import annotations

from datetime import timedelta

from actions.wording.services import identity_rules


def tries(left: int) -> str:
    """How many tries are left, in words."""
    words = {1: "One try", 2: "Two tries", 3: "Three tries", 4: "Four tries"}
    return words.get(left, f"{left} tries")


def duration(wait: timedelta) -> str:
    """A waiting time in words, rounded up."""
    minutes = max(1, -int(-wait.total_seconds() // 60))
    if minutes >= 120:
        return f"{-(-minutes // 60)} hours"
    return "a minute" if minutes == 1 else "an hour" if minutes == 60 else f"{minutes} minutes"


def closed_for() -> str:
    """How long nobody gets a new code after too many wrong ones."""
    return duration(timedelta(minutes=identity_rules().code.closed_minutes))
