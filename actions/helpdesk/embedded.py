"""The embedded helpdesk: the port over our own database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.clock import now
from actions.database import Database
from actions.helpdesk.interfaces import Ticket
from actions.helpdesk.models import HelpdeskComment, HelpdeskTicket
from actions.vault.cipher import keyed_hash


class EmbeddedHelpdesk:
    """Tickets in our own tables, found by the keyed hash of the requestor's address."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create_ticket(self, subject: str, body: str, requestor: str | None, *, key: str) -> str:
        """Open a ticket, once for a key."""
        with self._database.write() as session:
            known = session.scalar(select(HelpdeskTicket).where(HelpdeskTicket.key == key))
            if known is None:
                known = HelpdeskTicket(
                    key=key,
                    subject=" ".join(subject.split())[:200],
                    requestor=requestor.strip().lower() if requestor else None,
                    requestor_hash=_hash(requestor) if requestor else None,
                    body=body,
                    state="open",
                    opened_at=now(session),
                )
                session.add(known)
                session.flush()
            return str(known.id)

    def comment(self, ticket_id: str, text: str, *, key: str) -> None:
        """Add a comment, once for a key."""
        with self._database.write() as session:
            if session.scalar(select(HelpdeskComment.id).where(HelpdeskComment.key == key)) is None:
                session.add(HelpdeskComment(key=key, ticket_id=int(ticket_id), text=text, at=now(session)))

    def resolve(self, ticket_id: str) -> None:
        """Close a ticket."""
        with self._database.write() as session:
            ticket = session.get(HelpdeskTicket, int(ticket_id))
            if ticket is not None:
                ticket.state = "resolved"

    def find_by_requestor(self, requestor: str) -> Sequence[Ticket]:
        """Every ticket of an address, oldest first."""
        with self._database.read() as session:
            return [_ticket(session, row) for row in _of(session, requestor)]

    def export(self, requestor: str) -> Mapping[str, str]:
        """Nothing: tickets are all there is."""
        return {}

    def anonymise(self, requestor: str) -> int:
        """Remove a requestor and what they wrote from their tickets; the tickets' history stays countable."""
        with self._database.write() as session:
            rows = _of(session, requestor)
            for row in rows:
                for comment in session.scalars(
                    select(HelpdeskComment).where(HelpdeskComment.ticket_id == row.id)
                ):
                    comment.text = None
                row.requestor, row.requestor_hash, row.body = None, None, None
            return len(rows)


def _of(session: Session, requestor: str) -> Sequence[HelpdeskTicket]:
    return session.scalars(
        select(HelpdeskTicket)
        .where(HelpdeskTicket.requestor_hash == _hash(requestor))
        .order_by(HelpdeskTicket.id)
    ).all()


def _ticket(session: Session, row: HelpdeskTicket) -> Ticket:
    comments = session.scalars(
        select(HelpdeskComment).where(HelpdeskComment.ticket_id == row.id).order_by(HelpdeskComment.id)
    )
    return Ticket(
        str(row.id),
        row.subject,
        row.requestor or "",
        row.body or "",
        row.state,
        row.opened_at,
        tuple(comment.text or "" for comment in comments),
    )


def _hash(requestor: str) -> str:
    return keyed_hash("address", requestor.strip().lower())
