"""The one clock every process reads, which tests and demos can move."""

from actions.clock.services import advance, now, reset

__all__ = ["advance", "now", "reset"]
