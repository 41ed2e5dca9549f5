"""What a caller of a rate limit may meet."""

from __future__ import annotations


class LimitExceeded(Exception):
    """The limit is used up.

    Attributes:
        retry_after_seconds: how long until it may be tried again; at least 1.
    """

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__("too many requests")
        self.retry_after_seconds = retry_after_seconds
