"""The helpdesk as Rightline sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class HelpdeskError(Exception):
    """The helpdesk could not do it now; the message says what to do and holds nothing personal."""


@dataclass(frozen=True)
class Ticket:
    """A ticket and its comments."""

    id: str
    subject: str
    requestor: str
    body: str
    state: str
    opened_at: datetime
    comments: tuple[str, ...] = ()


class Helpdesk(Protocol):
    """What Rightline needs of a helpdesk. Opening is idempotent by `key`."""

    def create_ticket(self, subject: str, body: str, requestor: str, *, key: str) -> str:
        """Open a ticket and return its id; the same key again returns the one there is."""
        ...

    def comment(self, ticket_id: str, text: str, *, key: str) -> None:
        """Add a comment; the same key again adds nothing."""
        ...

    def resolve(self, ticket_id: str) -> None:
        """Close a ticket."""
        ...

    def find_by_requestor(self, requestor: str) -> Sequence[Ticket]:
        """Every ticket of a requestor's address."""
        ...

    def anonymise(self, requestor: str) -> int:
        """Remove a requestor from their tickets; returns how many it touched."""
        ...
