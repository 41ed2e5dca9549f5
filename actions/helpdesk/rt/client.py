"""Request Tracker's REST 2.0: tickets, what was written on them, users; one method a thing RT does."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from actions.connectors.web import Web

API = "/REST/2.0"
PAGE = 100
TIMES = 3
"""How often a change is begun anew when somebody else changed the ticket meanwhile."""


def quoted(value: str) -> str:
    """A value as TicketSQL wants it: in single quotes, in which a backslash protects itself and a quote."""
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


class RtClient:
    """Calls of one RT server; every answer is looked at, since RT says `200` to some things it did not do."""

    def __init__(self, web: Web) -> None:
        self.web = web

    def version(self) -> str:
        """Which RT it is."""
        what = "asking for its version"
        found = self.web.read(self.web.send("GET", f"{API}/rt", what=what), what)
        if not isinstance(found, dict) or not found.get("Version"):
            raise self.web.changed("did not tell its version")
        return str(found["Version"])

    def may_create_in(self, queue: str) -> bool:
        """Whether there is such a queue, and we may open tickets in it."""
        what = "looking at a queue"
        path = f"{API}/queue/{quote(queue, safe='')}"
        response = self.web.send("GET", path, what=what, takes=(403, 404))
        if response.status_code != 200:
            return False
        links = self.web.read(response, what).get("_hyperlinks") or []
        return any(link.get("ref") == "create" and link.get("type") == "ticket" for link in links)

    def search(self, query: str, *, fields: str = "") -> Iterator[dict[str, Any]]:
        """Tickets by TicketSQL, oldest first, page by page; deleted ones are never among them.

        The query is sent in the body: addresses do not belong into the access log of RT's web server.

        Args:
            query: TicketSQL; values in it are `quoted`.
            fields: what to fetch of each, with commas between.
        """
        page = 1
        while True:
            form = {
                "query": query,
                "fields": fields,
                "orderby": "id",
                "order": "ASC",
                "page": str(page),
                "per_page": str(PAGE),
            }
            found = self._post_form("/tickets", form, "searching tickets")
            yield from self._items(found, "searching tickets")
            if page >= int(found.get("pages") or 1):
                return
            page += 1

    def create(self, ticket: Mapping[str, object]) -> str:
        """Open a ticket; returns its number."""
        what = "opening a ticket"
        response = self.web.send("POST", f"{API}/ticket", what=what, json=ticket)
        created = self.web.read(response, what)
        if response.status_code != 201 or not isinstance(created, dict) or not created.get("id"):
            raise self.web.changed("did not say which ticket it opened")
        return str(created["id"])

    def ticket(self, number: str) -> tuple[dict[str, Any], str | None] | None:
        """A ticket and the mark of its version; None where there is none."""
        what = "reading a ticket"
        response = self.web.send("GET", f"{API}/ticket/{int(number)}", what=what, takes=(404,))
        if response.status_code == 404:
            return None
        found = self.web.read(response, what)
        if not isinstance(found, dict) or "Status" not in found:
            raise self.web.changed("described a ticket without its status")
        return found, response.headers.get("ETag")

    def set_status(self, number: str, status: str) -> bool:
        """Give a ticket a status, on the version that was read; begun anew when somebody else was faster.

        Returns:
            False where there is no such ticket, or it has that status already.

        Raises:
            HelpdeskUnusable: RT said 200, and why it did not do it; the ticket's lifecycle may not have it.
            HelpdeskError: it was changed by somebody else every time.
        """
        what = "changing a ticket's status"
        for _ in range(TIMES):
            found = self.ticket(number)
            if found is None or found[0]["Status"] in (status, "deleted"):
                return False
            mark = {"If-Match": found[1]} if found[1] else {}
            response = self.web.send(
                "PUT",
                f"{API}/ticket/{int(number)}",
                what=what,
                json={"Status": status},
                headers=mark,
                safe=True,
                takes=(412,),
            )
            if response.status_code == 412:
                continue
            after = self.ticket(number)
            if after is None or after[0]["Status"] == status:
                return True
            raise self.web.unusable(
                f"did not set the status '{status}': its queue's lifecycle must know it, and let us set it"
            )
        raise self.web.later("a ticket was changed by somebody else each time")

    def comment(self, number: str, subject: str, text: str) -> None:
        """Add a comment, which RT sends to nobody but watchers of comments."""
        content = {"Subject": subject, "Content": text, "ContentType": "text/plain"}
        what = "adding a comment"
        response = self.web.send("POST", f"{API}/ticket/{int(number)}/comment", what=what, json=content)
        if response.status_code != 201:
            raise self.web.changed("did not say that it added a comment")

    def delete(self, number: str) -> None:
        """Take a ticket away: its status becomes `deleted`, and no search finds it any more."""
        path = f"{API}/ticket/{int(number)}"
        response = self.web.send("DELETE", path, what="deleting a ticket", safe=True, takes=(404,))
        if response.status_code not in (204, 404):
            raise self.web.changed("did not say that it deleted a ticket")

    def history(self, number: str) -> list[dict[str, Any]]:
        """What happened to a ticket, oldest first, each with its `Type`."""
        return self._all(f"/ticket/{int(number)}/history", "Type,Created", "reading a ticket's history")

    def attachments(self, number: str, *, fields: str) -> list[dict[str, Any]]:
        """The parts of everything that was written on a ticket, oldest first."""
        return self._all(f"/ticket/{int(number)}/attachments", fields, "reading what was written on a ticket")

    def words(self, attachment: str) -> str:
        """The text of one part of what was written.

        RT's lists give it too, but some versions in base64 and some not; here it always is.
        """
        what = "reading what was written on a ticket"
        response = self.web.send("GET", f"{API}/attachment/{int(attachment)}", what=what, takes=(404,))
        if response.status_code == 404:
            return ""
        try:
            content = self.web.read(response, what).get("Content") or ""
            return base64.b64decode(content).decode("utf-8", errors="replace")
        except (AttributeError, ValueError) as error:
            raise self.web.changed("gave a text in a way that cannot be read") from error

    def user_of(self, address: str) -> dict[str, Any] | None:
        """The user with an email address, with `id` and `Privileged`; None where there is none."""
        what = "looking for a requestor"
        wanted = [{"field": "EmailAddress", "operator": "=", "value": address}]
        response = self.web.send(
            "POST",
            f"{API}/users",
            what=what,
            json=wanted,
            params={"fields": "EmailAddress", "find_disabled_rows": 1},
            safe=True,
        )
        # RT leaves out a condition that it does not know, and then answers with everybody.
        named = [
            str(user["id"])
            for user in self._items(self.web.read(response, what), what)
            if str(user.get("EmailAddress") or "").lower() == address
        ]
        if not named:
            return None
        path = f"{API}/user/{quote(named[0], safe='@')}"
        found = self.web.read(self.web.send("GET", path, what=what), what)
        if not isinstance(found, dict) or not str(found.get("id", "")).isdigit() or "Privileged" not in found:
            raise self.web.changed("described a user without a number and whether they work there")
        return found

    def _all(self, path: str, fields: str, what: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        page = 1
        while True:
            params: dict[str, str | int] = {"fields": fields, "page": page, "per_page": PAGE}
            response = self.web.send("GET", API + path, what=what, params=params, takes=(404,))
            if response.status_code == 404:
                return rows
            found = self.web.read(response, what)
            rows += self._items(found, what)
            if page >= int(found.get("pages") or 1):
                return sorted(rows, key=lambda row: int(row["id"]))
            page += 1

    def _post_form(self, path: str, form: Mapping[str, str], what: str) -> dict[str, Any]:
        response = self.web.send("POST", API + path, what=what, data=form, safe=True)
        found: dict[str, Any] = self.web.read(response, what)
        return found

    def _items(self, found: object, what: str) -> list[dict[str, Any]]:
        items = found.get("items") if isinstance(found, dict) else None
        if not isinstance(items, list) or not all(isinstance(item, dict) and "id" in item for item in items):
            raise self.web.changed(f"answered without a list when {what}")
        return items


def instant(text: str) -> datetime:
    """A moment as RT writes it: `2026-11-26T16:31:01Z`."""
    return datetime.fromisoformat(text)
