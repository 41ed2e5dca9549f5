"""The port over Request Tracker."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from typing import Any

from requests.auth import AuthBase, HTTPBasicAuth

from actions.connectors.interfaces import Errors
from actions.connectors.web import HeaderAuth, Web
from actions.health.interfaces import Finding
from actions.helpdesk.interfaces import HelpdeskError, HelpdeskUnusable, Ticket
from actions.helpdesk.rt.checking import examine
from actions.helpdesk.rt.client import RtClient, instant, quoted
from actions.helpdesk.rt.pages import RtPages
from actions.settings import Settings

ERRORS = Errors(HelpdeskError, HelpdeskUnusable)
RESOLVED = "resolved"
WRITTEN = frozenset({"Create", "Correspond", "Comment"})
"""The kinds of a ticket's history that people wrote; RT also keeps the mail it sent, which says the same."""
PARTS = "ContentType,Filename,TransactionId"


class RequestTracker:
    """Tickets in one queue of a Request Tracker.

    A ticket is recognised by a mark at the end of its subject, made of our key: RT searches subjects at once
    and everywhere, while a custom field would have to be made by an administrator first, and the text of
    messages is searched only where RT was given an index for it. Whoever edits the subject later does no
    harm: the mark counts only until the step that opened the ticket is written down as done. A comment's mark
    is its own subject.
    """

    def __init__(self, client: RtClient, pages: RtPages, *, queue: str, deletes: bool) -> None:
        """Put together; `of` does it from settings.

        Args:
            client: RT's REST interface.
            pages: what RT does on its pages only.
            queue: where our tickets go.
            deletes: whether the tickets of somebody who is anonymised are deleted.
        """
        self._client, self._pages, self._queue, self._deletes = client, pages, queue, deletes

    @classmethod
    def of(cls, settings: Settings) -> RequestTracker:
        """The one the settings name.

        Raises:
            ValueError: the address or the credentials are missing.
        """
        password = settings.rt_password.get_secret_value()
        token = settings.rt_token.get_secret_value()
        if not settings.rt_url or not (token or (settings.rt_user and password)):
            raise ValueError(
                "RIGHTLINE_HELPDESK is 'rt': set RIGHTLINE_RT_URL, and RIGHTLINE_RT_TOKEN or "
                "RIGHTLINE_RT_USER with RIGHTLINE_RT_PASSWORD."
            )
        auth: AuthBase = HeaderAuth(f"token {token}") if token else HTTPBasicAuth(settings.rt_user, password)
        web = Web(
            "Request Tracker",
            settings.rt_url,
            auth=auth,
            errors=ERRORS,
            settings="RIGHTLINE_RT_URL, RIGHTLINE_RT_TOKEN, RIGHTLINE_RT_USER and RIGHTLINE_RT_QUEUE",
            seconds=settings.connector_timeout,
        )
        pages = RtPages(web, settings.rt_user, password, seconds=settings.connector_timeout)
        return cls(RtClient(web), pages, queue=settings.rt_queue, deletes=settings.rt_erase == "delete")

    def check(self) -> Sequence[Finding]:
        """See `Checkable.check`."""
        return list(examine(self._client, self._pages, self._queue))

    def create_ticket(self, subject: str, body: str, requestor: str | None, *, key: str) -> str:
        """Open a ticket, unless one with the key's mark is there."""
        mark = _mark(key)
        for known in self._client.search(f"Subject LIKE {quoted(mark)}"):
            return str(known["id"])
        ticket: dict[str, object] = {
            "Queue": self._queue,
            "Subject": f"{_one_line(subject)} {mark}",
            "Content": body,
            "ContentType": "text/plain",
        }
        if requestor is not None:
            ticket["Requestor"] = requestor.strip().lower()
        return self._client.create(ticket)

    def comment(self, ticket_id: str, text: str, *, key: str) -> None:
        """Add a comment, unless one with the key's mark is there."""
        mark = _mark(key)
        there = self._client.attachments(ticket_id, fields="Subject")
        if not any(part.get("Subject") == mark for part in there):
            self._client.comment(ticket_id, mark, text)

    def resolve(self, ticket_id: str) -> None:
        """Close a ticket."""
        self._client.set_status(ticket_id, RESOLVED)

    def find_by_requestor(self, requestor: str) -> Sequence[Ticket]:
        """Every ticket of an address in any queue we may see, with all that was written on it."""
        rows = self._client.search(_of(requestor), fields="Subject,Status,Created")
        return [self._ticket(row, requestor) for row in rows]

    def export(self, requestor: str) -> Mapping[str, str]:
        """RT's own export of a person: their record there, and what they wrote themselves."""
        user = self._client.user_of(requestor.strip().lower())
        return {} if user is None else self._pages.export(str(user["id"]))

    def anonymise(self, requestor: str) -> int:
        """Make an address nobody's; their tickets are deleted first, unless the settings keep them.

        A ticket that is somebody else's too is not deleted: it loses this requestor's name.

        Raises:
            HelpdeskUnusable: the address is an agent's own, or RT did not do it.
        """
        user = self._client.user_of(requestor.strip().lower())
        if user is None:
            return 0
        if str(user["Privileged"]) != "0":
            raise HelpdeskUnusable(
                "Request Tracker knows the contact's address as one of its own agents: take it off "
                "that user there, or anonymise the user by hand"
            )
        rows = list(self._client.search(_of(requestor), fields="Requestor"))
        if self._deletes:
            for row in rows:
                if len(row.get("Requestor") or ()) <= 1:
                    self._client.delete(str(row["id"]))
        self._pages.anonymise(str(user["id"]))
        if self._client.user_of(requestor.strip().lower()) is not None:
            raise HelpdeskUnusable(
                "Request Tracker did not anonymise the requestor: our user there needs the rights "
                "AdminUsers and ShowConfigTab, and RIGHTLINE_RT_URL must be RT's own WebBaseURL"
            )
        return len(rows)

    def _ticket(self, row: Mapping[str, Any], requestor: str) -> Ticket:
        number = str(row["id"])
        types = {str(entry["id"]): entry.get("Type") for entry in self._client.history(number)}
        parts: dict[str, list[Mapping[str, Any]]] = {}
        for part in self._client.attachments(number, fields=PARTS):
            transaction = _number(part.get("TransactionId"))
            if types.get(transaction) in WRITTEN:
                parts.setdefault(transaction, []).append(part)
        messages = {transaction: self._words(some) for transaction, some in parts.items()}
        first = next((each for each in messages if types[each] == "Create"), None)
        return Ticket(
            id=number,
            subject=str(row.get("Subject") or ""),
            requestor=requestor.strip().lower(),
            body=messages.pop(first, "") if first is not None else "",
            state=str(row.get("Status") or ""),
            opened_at=instant(str(row["Created"])),
            comments=tuple(messages.values()),
        )

    def _words(self, parts: Sequence[Mapping[str, Any]]) -> str:
        """What a message says: its plain text, else its HTML without the marks; files by their names."""
        files = [f"[{part['Filename']}]" for part in parts if part.get("Filename")]
        written = [part for part in parts if not part.get("Filename")]
        plain = [part for part in written if part.get("ContentType") == "text/plain"]
        rich = [part for part in written if part.get("ContentType") == "text/html"]
        texts = [self._client.words(str(part["id"])) for part in plain or rich]
        return "\n".join([(text if plain else _unmarked(text)).strip() for text in texts] + files)


def _of(requestor: str) -> str:
    return f"Requestor.EmailAddress = {quoted(requestor.strip().lower())}"


def _mark(key: str) -> str:
    # Of hexadecimal digits, so that nothing in it means anything to LIKE.
    return f"[rl-{hashlib.sha256(key.encode()).hexdigest()[:20]}]"


def _one_line(subject: str) -> str:
    return " ".join(subject.split())[:160]


def _number(reference: object) -> str:
    """The number in what RT points with: a number, or `{"type": "transaction", "id": "7"}`."""
    if isinstance(reference, Mapping):
        reference = reference.get("id")
    return str(reference or "")


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)


def _unmarked(html: str) -> str:
    parser = _Text()
    parser.feed(html)
    return " ".join(" ".join(parser.pieces).split())
