"""How fast messages go to one channel: Slack takes about one a second, and short bursts of a few.

Faster ones would be refused with 429, and the whole method would have to pause, for every channel.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

BURST = 5
"""Messages that may go to a channel at once after a silence; nobody waits for the first."""
MOST_REMEMBERED = 1000


class Pace:
    """Gives each message its moment; in one channel they come in the order in which they were asked for."""

    def __init__(self, a_second: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin.

        Args:
            a_second: messages a second to one channel in the long run; 0 for as fast as they come.
            clock: seconds that never go back.
        """
        self._interval = 1 / a_second if a_second > 0 else 0.0
        self._clock = clock
        self._lock = threading.Lock()
        # When a channel would be through with what it got, at one message an interval.
        self._through_at: dict[str, float] = {}
        self._moments: dict[int, float] = {}

    def wait(self, channel: str, call_id: int) -> float:
        """Seconds until a message may go; 0 for now. Ask again after that time: its moment is kept for it.

        Args:
            channel: where it goes.
            call_id: which message.
        """
        if not self._interval:
            return 0.0
        with self._lock:
            at = self._clock()
            if (moment := self._moments.get(call_id)) is None:
                self._forget_what_is_past(at)
                through_at = max(self._through_at.get(channel, at), at)
                self._through_at[channel] = through_at + self._interval
                moment = through_at - (BURST - 1) * self._interval
                self._moments[call_id] = moment
            if moment > at:
                return moment - at
            del self._moments[call_id]
            return 0.0

    def _forget_what_is_past(self, at: float) -> None:
        if len(self._through_at) > MOST_REMEMBERED:
            self._through_at = {key: moment for key, moment in self._through_at.items() if moment > at}
        if len(self._moments) > MOST_REMEMBERED:
            # What was taken back meanwhile never comes for its moment.
            self._moments = {key: moment for key, moment in self._moments.items() if moment > at}
