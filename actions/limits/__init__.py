"""Rate limits, counted in our database and by our clock, so that every process shares them."""

from actions.limits.interfaces import LimitExceeded
from actions.limits.services import hit

__all__ = ["LimitExceeded", "hit"]
