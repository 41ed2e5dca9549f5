"""What RT does on its own pages only: telling all it holds on a person, and making them nobody."""

from __future__ import annotations

from collections.abc import Mapping

import requests

from actions.connectors.web import TOO_MANY, Web

LOGIN = "/NoAuth/Login.html"
MODIFY = "/Admin/Users/Modify.html"
RELATED = "/User/RelatedData.tsv"
EXPORTS: Mapping[str, str] = {
    "helpdesk-person.tsv": "User",
    "helpdesk-messages.tsv": "Transaction",
}
"""What an export is made of, and RT's name for it; messages are those the person wrote themselves."""


class RtPages:
    """RT's pages, as one logged-in user sees them; an auth token is no key to them."""

    def __init__(self, web: Web, user: str, password: str, *, seconds: float) -> None:
        """Prepare, without connecting.

        Args:
            web: for the address, and for errors.
            user: who logs in; must have the rights AdminUsers and ShowConfigTab.
            password: their password.
            seconds: how long to wait for a page.
        """
        self._web, self._user, self._password, self._seconds = web, user, password, seconds

    def look(self) -> None:
        """Log in and look at the page that anonymises, changing nothing.

        Raises:
            HelpdeskUnusable: it is not for us.
        """
        with self._logged_in() as session:
            if self._ask(session, "GET", MODIFY, params={"Create": "1"}).is_redirect:
                raise self._web.unusable("does not show us the page that anonymises: check our user's rights")

    def export(self, user_id: str) -> dict[str, str]:
        """The person's record and messages as RT itself exports them, by file name."""
        with self._logged_in() as session:
            return {
                name: self._get(session, RELATED, {"Type": kind, "id": user_id})
                for name, kind in EXPORTS.items()
            }

    def anonymise(self, user_id: str) -> None:
        """Take name, address, numbers and custom fields off a user's record, and its history too."""
        with self._logged_in() as session:
            form = {"id": user_id, "Anonymize": "1", "clear_customfields": "On"}
            self._ask(session, "POST", MODIFY, data=form)

    def _logged_in(self) -> requests.Session:
        if not self._user or not self._password.strip():
            raise self._web.unusable(
                "exports and anonymises people on its pages only: set RIGHTLINE_RT_USER and "
                "RIGHTLINE_RT_PASSWORD, of a user with the rights AdminUsers and ShowConfigTab"
            )
        session = requests.Session()
        session.headers["Referer"] = self._web.base + MODIFY
        # RT shows the same page to whoever is let in and whoever is not; the next one tells.
        self._ask(session, "POST", LOGIN, data={"user": self._user, "pass": self._password})
        return session

    def _get(self, session: requests.Session, path: str, params: Mapping[str, str]) -> str:
        answer = self._ask(session, "GET", path, params=params)
        if answer.is_redirect or "html" in answer.headers.get("Content-Type", "html"):
            raise self._web.unusable(
                "does not export people to us: our user there needs the right AdminUsers"
            )
        return answer.content.decode("utf-8", errors="replace")

    def _ask(
        self,
        session: requests.Session,
        method: str,
        path: str,
        *,
        data: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> requests.Response:
        try:
            answer = session.request(
                method,
                self._web.base + path,
                data=data,
                params=params,
                timeout=self._seconds,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise self._web.later("did not answer on its pages") from error
        if "/NoAuth/" in answer.headers.get("Location", ""):
            raise self._web.unusable("does not let us log in: check RIGHTLINE_RT_USER and its password")
        if answer.status_code >= 500 or answer.status_code == TOO_MANY:
            raise self._web.later(f"answered {answer.status_code} on its pages")
        if answer.status_code >= 400:
            raise self._web.unusable(
                f"answered {answer.status_code} on its pages: check our user's rights there"
            )
        return answer
