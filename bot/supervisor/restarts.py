"""When a part that died starts again, and when it is given up."""

from __future__ import annotations

from collections import deque


class Restarts:
    """Exponential backoff over the recent deaths of one part."""

    def __init__(
        self, *, first: float = 0.2, ceiling: float = 10.0, deaths: int = 8, within: float = 60.0
    ) -> None:
        """Set the pace.

        Args:
            first: seconds to wait after the first death; each further one doubles it.
            ceiling: the longest wait, in seconds.
            deaths: so many of them `within` that many seconds, and the part is given up.
            within: seconds after which a death is forgotten.
        """
        self.deaths = deaths
        self.within = within
        self._first = first
        self._ceiling = ceiling
        self._recent: deque[float] = deque()

    def died(self, now: float) -> float | None:
        """Count a death.

        Args:
            now: seconds of a monotonic clock.

        Returns:
            Seconds to wait before the next start, or None when the part has died too often.
        """
        while self._recent and now - self._recent[0] > self.within:
            self._recent.popleft()
        self._recent.append(now)
        if len(self._recent) >= self.deaths:
            return None
        return min(self._ceiling, self._first * 2.0 ** (len(self._recent) - 1))
