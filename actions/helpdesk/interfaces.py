"""The helpdesk as Rightline sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class HelpdeskError(Exception):
    """The helpdesk could not do it now; the message says what to do and holds nothing personal."""


class HelpdeskUnusable(HelpdeskError):
    """It will not pass by itself: credentials, settings, or a version we do not know.

    The message tells an operator what to put right; the step waits for it.
    """


@dataclass(frozen=True)
class Ticket:
    """A ticket and its comments, which is every further message on it."""

    id: str
    subject: str
    requestor: str
    body: str
    state: str
    opened_at: datetime
    comments: tuple[str, ...] = ()


class Helpdesk(Protocol):
    """What Rightline needs of a helpdesk. Every change is idempotent: done twice, it has the effect of once.

    Every method raises `HelpdeskError` where the other side cannot do it now, and `HelpdeskUnusable` where an
    operator must do something first.
    """

    def create_ticket(self, subject: str, body: str, requestor: str | None, *, key: str) -> str:
        """Open a ticket and return its id; the same key again returns the one there is.

        Args:
            subject: one line.
            body: plain text.
            requestor: the address that answers go to; None for a ticket that is about nobody in particular.
            key: names the ticket for good.
        """
        ...

    def comment(self, ticket_id: str, text: str, *, key: str) -> None:
        """Add a comment; the same key again adds nothing."""
        ...

    def resolve(self, ticket_id: str) -> None:
        """Close a ticket; one that is closed, or gone, is left as it is."""
        ...

    def find_by_requestor(self, requestor: str) -> Sequence[Ticket]:
        """Every ticket of an address, however it is spelt, oldest first, with all that was written."""
        ...

    def export(self, requestor: str) -> Mapping[str, str]:
        """All that is held on a requestor beside the words of their tickets, as texts by file name."""
        ...

    def anonymise(self, requestor: str) -> int:
        """Remove a requestor and what they wrote from their tickets; returns how many it touched."""
        ...
