"""What the stand-in answers when it does not do what it is asked."""

from __future__ import annotations


class ApiError(Exception):
    """A call that is refused.

    Attributes:
        code: Slack's name of the error, as `invalid_blocks`.
        reasons: what was wrong in detail; Slack shows such in `response_metadata.messages`.
    """

    def __init__(self, code: str, *reasons: str) -> None:
        super().__init__(f"{code}: {'; '.join(reasons)}" if reasons else code)
        self.code = code
        self.reasons = reasons
