"""Speaking with a Tryton server: JSON-RPC over HTTP, with a session that is renewed when it has expired.

Tryton reports what went wrong in its business as HTTP 200 with an `error`. Messages raised here name methods
and settings and never what Tryton said, which may quote a person.
"""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

import requests
import structlog
from requests.auth import AuthBase

from actions.crm.interfaces import CrmError, CrmUnusable
from actions.crm.tryton import wire

SECONDS_TO_CONNECT = 3.05
SECONDS_TO_READ = 6.0
"""A contact waits, and so does everybody who writes to our database meanwhile."""
SECONDS_TO_WRITE = 20.0
SECONDS_TO_ADD_MANY = 600.0
PAUSES = (0.2, 0.6)
"""Seconds before each further attempt at what is safe to repeat; a contact may be waiting."""
LONGEST_PAUSE = 2.0

ALL = {"language": "en", "active_test": False}
"""A context in which records that were made inactive are found too: they are held as much as others."""

MADE_FOR = (
    "This connector is made for Tryton 8 with the modules party, party_relationship, marketing and "
    "marketing_email."
)
NOT_HANDLED = frozenset({429, 503})
NOT_REACHED = (requests.exceptions.ConnectTimeout, requests.exceptions.SSLError)

log = structlog.get_logger(__name__)


class TrytonClient:
    """One account at one database of a Tryton server; safe to use from several threads."""

    def __init__(
        self,
        url: str,
        database: str,
        user: str,
        password: str,
        *,
        patience: float = SECONDS_TO_READ,
        patience_for_changes: float = SECONDS_TO_WRITE,
    ) -> None:
        """Nothing is sent yet.

        Args:
            url: of the server.
            database: its name there.
            user: the login of the account.
            password: its password.
            patience: seconds to wait for an answer to a question.
            patience_for_changes: seconds to wait for a change to be done.
        """
        self._address = f"{url.rstrip('/')}/{database}/rpc/"
        self._database = database
        self._user = user
        self._password = password
        self._patience = patience
        self._patience_for_changes = patience_for_changes
        self._local = threading.local()
        self._logging_in = threading.Lock()
        self._session: str | None = None

    # --- Reading: safe to repeat ---

    def search_read(
        self,
        model: str,
        domain: Sequence[Any],
        fields: Sequence[str],
        *,
        limit: int | None = None,
        order: Sequence[Sequence[str]] | None = None,
    ) -> list[dict[str, Any]]:
        """Records that fit a domain, inactive ones too.

        Args:
            model: such as `party.party`.
            domain: in Tryton's notation.
            fields: to read; a dot reads on through a relation, whose part comes as `name.`.
            limit: how many at the most.
            order: pairs of a field and `ASC` or `DESC`.

        Raises:
            CrmError: Tryton cannot be asked now, or does not answer as version 8 does.
        """
        found = self.read(f"model.{model}.search_read", domain, 0, limit, order, list(fields), ALL)
        if not isinstance(found, list) or not all(isinstance(row, dict) and "id" in row for row in found):
            raise unlike(f"model.{model}.search_read")
        return found

    def count(self, model: str, domain: Sequence[Any]) -> int:
        """How many records fit a domain."""
        found = self.read(f"model.{model}.search_count", domain, 0, None, ALL)
        if not isinstance(found, int):
            raise unlike(f"model.{model}.search_count")
        return found

    def read(self, method: str, *parameters: Any) -> Any:
        """Call a method that changes nothing; it is tried again where the trouble may be short.

        Raises:
            CrmError: it did not work; the message says what to do.
        """
        for pause in PAUSES:
            try:
                return self._called(method, parameters, self._patience)
            except _Passing as trouble:
                if trouble.slow:
                    raise
                time.sleep(min(trouble.wait or pause, LONGEST_PAUSE))
        return self._called(method, parameters, self._patience)

    # --- Writing: repeated only where it was surely not done ---

    def create(
        self, model: str, values: Sequence[Mapping[str, Any]], *, seconds: float | None = None
    ) -> list[int]:
        """Make records, all or none; returns their ids.

        Raises:
            CrmError: it did not work, or nobody knows whether it did.
        """
        made = self.write(f"model.{model}.create", list(values), ALL, seconds=seconds)
        if not isinstance(made, list) or len(made) != len(values):
            raise unlike(f"model.{model}.create")
        return made

    def change(self, model: str, ids: Sequence[int], values: Mapping[str, Any]) -> None:
        """Change records.

        Raises:
            CrmError: it did not work, or nobody knows whether it did.
        """
        if ids and self.write(f"model.{model}.write", list(ids), dict(values), ALL) is not None:
            raise unlike(f"model.{model}.write")

    def delete(self, model: str, ids: Sequence[int]) -> None:
        """Delete records.

        Raises:
            CrmError: it did not work, or nobody knows whether it did.
        """
        if ids and self.write(f"model.{model}.delete", list(ids), ALL) is not None:
            raise unlike(f"model.{model}.delete")

    def write(self, method: str, *parameters: Any, seconds: float | None = None) -> Any:
        """Call a method that changes something; only what the server surely did not do is tried again.

        Raises:
            CrmError: it did not work, or nobody knows whether it did: look before repeating it.
        """
        seconds = seconds or self._patience_for_changes
        for pause in PAUSES:
            try:
                return self._called(method, parameters, seconds)
            except _Passing as trouble:
                if not trouble.untouched:
                    raise
                time.sleep(min(trouble.wait or pause, LONGEST_PAUSE))
        return self._called(method, parameters, seconds)

    # --- Sessions ---

    def check(self) -> str:
        """Log in, and make sure that it is a Tryton this connector knows.

        Returns:
            The server's version.

        Raises:
            CrmError: what is wrong, and what to do.
        """
        root = self._address.rsplit("/", 3)[0] + "/rpc/"
        version = self._result("common.server.version", self._post(root, "common.server.version", (), None))
        self._session = None
        self._renew(None)
        return str(version)

    def _called(self, method: str, parameters: Sequence[Any], seconds: float) -> Any:
        session = self._session or self._renew(None)
        response = self._post(self._address, method, parameters, session, seconds)
        if response.status_code == 401:
            # The session has expired, so that nothing was done.
            session = self._renew(session)
            response = self._post(self._address, method, parameters, session, seconds)
            if response.status_code == 401:
                raise CrmError(f"Tryton refused a new session for {method}; look into Tryton's log")
        return self._result(method, response)

    def _renew(self, expired: str | None) -> str:
        with self._logging_in:
            if self._session is not None and self._session != expired:
                return self._session
            self._session = None
            method = "common.db.login"
            parameters = (self._user, {"password": self._password}, "en")
            # Checking a password is made slow on purpose.
            seconds = max(self._patience, SECONDS_TO_READ)
            response = self._post(self._address, method, parameters, None, seconds)
            if response.status_code == 401:
                raise CrmUnusable(
                    "Tryton refused the user name or the password; check RIGHTLINE_TRYTON_USER and "
                    "RIGHTLINE_TRYTON_PASSWORD, and try them in Tryton's own client"
                )
            if response.status_code == 404:
                raise CrmUnusable(
                    f"Tryton has no database '{self._database}'; check RIGHTLINE_TRYTON_DATABASE and "
                    "RIGHTLINE_TRYTON_URL"
                )
            found = self._result(method, response)
            if not isinstance(found, list) or len(found) < 2:
                raise unlike(method)
            token = f"{self._user}:{found[0]}:{found[1]}"
            self._session = base64.b64encode(token.encode()).decode()
            return self._session

    def _post(
        self,
        address: str,
        method: str,
        parameters: Sequence[Any],
        session: str | None,
        seconds: float | None = None,
    ) -> requests.Response:
        body = wire.dumps({"id": 0, "method": method, "params": list(parameters)})
        timeout = (SECONDS_TO_CONNECT, seconds or self._patience)
        try:
            return self._http.post(
                address, data=body, auth=_Signature(session), timeout=timeout, allow_redirects=False
            )
        except requests.RequestException as error:
            untouched = isinstance(error, NOT_REACHED) or _refused(error)
            log.warning("tryton_unreachable", method=method, error=type(error).__name__)
            raise _Passing(
                _silence(error), untouched=untouched, slow=isinstance(error, requests.Timeout)
            ) from None

    @property
    def _http(self) -> requests.Session:
        if not hasattr(self._local, "http"):
            self._local.http = requests.Session()
        http: requests.Session = self._local.http
        return http

    def _result(self, method: str, response: requests.Response) -> Any:
        status = response.status_code
        if status in NOT_HANDLED:
            wait = response.headers.get("Retry-After", "")
            raise _Passing(
                f"Tryton has too much to do ({status}); it is asked again later",
                untouched=True,
                wait=float(wait) if wait.isdecimal() else None,
            )
        if status >= 500:
            raise _Passing(f"Tryton failed inside ({status}) at {method}; its log has the details")
        if status == 403:
            raise CrmUnusable(
                f"Tryton does not let the connector's account use {method}; put the account into the groups "
                "'Party Administration' and 'Marketing', and check that the modules are activated"
            )
        if status != 200:
            raise CrmUnusable(f"Tryton answered {method} with HTTP {status}; check RIGHTLINE_TRYTON_URL")
        try:
            answer = wire.loads(response.content)
        except ValueError as error:
            raise unlike(method) from error
        if not isinstance(answer, dict) or not {"result", "error"} & answer.keys():
            raise unlike(method)
        if "error" in answer:
            raise _business_error(method, answer["error"])
        return answer["result"]


class _Signature(AuthBase):
    """Signs a request with a session; unlike a plain header, no `.netrc` of this machine can replace it."""

    def __init__(self, session: str | None) -> None:
        self._session = session

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Content-Type"] = "application/json"
        if self._session is not None:
            request.headers["Authorization"] = f"Session {self._session}"
        return request


class _Passing(CrmError):
    """Trouble that may be over soon.

    Attributes:
        untouched: the server surely did nothing.
        slow: it took long to find out.
        wait: seconds the server asks to be left alone for.
    """

    def __init__(
        self, message: str, *, untouched: bool = False, slow: bool = False, wait: float | None = None
    ) -> None:
        super().__init__(message)
        self.untouched = untouched
        self.slow = slow
        self.wait = wait


def unlike(method: str) -> CrmUnusable:
    """What to say when an answer has not the shape it should have."""
    return CrmUnusable(
        f"Tryton's answer to {method} is not as this connector knows it. {MADE_FOR} Check the address, the "
        "version and the modules"
    )


def _business_error(method: str, error: Any) -> CrmError:
    """An error inside an answer; its own words are left out, since they quote records."""
    kind = error[0] if isinstance(error, list) and error and isinstance(error[0], str) else ""
    log.warning("tryton_error", method=method, kind=kind if kind.isidentifier() else "other")
    match kind:
        case "UserError":
            return CrmUnusable(
                f"Tryton refused {method} by a rule of its own; do the same in Tryton's client to see which, "
                "and mend the record or the rule"
            )
        case "UserWarning":
            return CrmUnusable(
                f"Tryton wants a person to confirm a warning at {method}; do it in Tryton's client, or "
                "switch the warning off for the connector's account"
            )
        case "ConcurrencyException":
            message = f"somebody changed the same record in Tryton at {method}; it is tried again"
            return _Passing(message, untouched=True)
    return CrmError(
        f"Tryton failed at {method}: a field, model or module may be missing there; its log has the details. "
        f"{MADE_FOR}"
    )


def _refused(error: requests.RequestException) -> bool:
    """Whether no connection came about at all."""
    return "NewConnectionError" in repr(error) or "NameResolutionError" in repr(error)


def _silence(error: requests.RequestException) -> str:
    if isinstance(error, requests.Timeout):
        return (
            "Tryton did not answer in time; it is asked again later. "
            "If it goes on, look at its load and its log"
        )
    return (
        "Tryton cannot be reached; check that it runs and that RIGHTLINE_TRYTON_URL is its address. "
        "It is asked again later"
    )
