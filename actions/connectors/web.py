"""HTTP to another system: time limits, retries of what is safe to repeat, and errors that say what to do."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Mapping
from typing import Any, Literal

import requests
from requests.auth import AuthBase

from actions.connectors.interfaces import Errors

CONNECT_SECONDS = 5.0
TRIES = 3
FIRST_WAIT_SECONDS = 0.3
LONGEST_WAIT_SECONDS = 3.0
"""Longer waits are left to the journal, which does not keep a thread busy meanwhile."""
TOO_MANY = 429
Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


class HeaderAuth(AuthBase):
    """Puts a secret into a header; unlike a plain header, no `.netrc` can replace it."""

    def __init__(self, value: str, header: str = "Authorization") -> None:
        self._header, self._value = header, value

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Sign a request."""
        request.headers[self._header] = self._value
        return request


class Web:
    """One system behind one address. No message of its errors holds an address's query or anybody's data."""

    def __init__(
        self,
        system: str,
        base: str,
        *,
        auth: AuthBase | None,
        errors: Errors,
        settings: str,
        seconds: float,
        explain: Callable[[requests.Response], str] | None = None,
    ) -> None:
        """Prepare, without connecting.

        Args:
            system: what people call it, for messages.
            base: its address, without a slash at the end.
            auth: signs every request.
            errors: what to raise.
            settings: which settings its address and credentials are in, for messages.
            seconds: how long to wait for an answer.
            explain: what an answer that is an error says, without personal data; its status by default.
        """
        self._explain = explain or (lambda response: str(response.status_code))
        self.system, self.base = system, base.rstrip("/")
        self._auth, self._errors, self._settings = auth, errors, settings
        self._timeout = (min(CONNECT_SECONDS, seconds), seconds)
        # A requests session is not made for several threads at once, and the worker has some.
        self._local = threading.local()

    def send(
        self,
        method: Method,
        path: str,
        *,
        what: str,
        json: object = None,
        data: Mapping[str, str] | None = None,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
        safe: bool | None = None,
        takes: Collection[int] = (),
    ) -> requests.Response:
        """Ask for something, and answer with a response that is a success or one of `takes`.

        Args:
            method: the HTTP method.
            path: begins with a slash.
            what: what is being done, for messages: `searching tickets`. Nothing personal.
            json: the body.
            data: the body, as a form.
            params: the query.
            headers: further headers.
            safe: whether it may be repeated when it is unknown what became of it; by default, reading is.
            takes: statuses other than a success that the caller knows what to do with.

        Raises:
            Exception: one of the errors given: it may pass, or an operator must do something.
        """
        repeatable = method == "GET" if safe is None else safe
        for attempt in range(1, TRIES + 1):
            trouble, wait = "", FIRST_WAIT_SECONDS * 2.0 ** (attempt - 1)
            may_repeat = repeatable
            try:
                response = self._session().request(
                    method,
                    self.base + path,
                    json=json,
                    data=data,
                    params=params,
                    headers=headers,
                    timeout=self._timeout,
                    allow_redirects=False,
                )
            except requests.RequestException as error:
                trouble = self._unreachable(error, what)
                # Whoever asks has waited long enough; the journal has more patience.
                may_repeat = repeatable and not isinstance(error, requests.Timeout)
            else:
                if 200 <= response.status_code < 300 or response.status_code in takes:
                    return response
                self._require_no_mistake(response, what)
                trouble = f"{self.system} answered {self._explain(response)} when {what}"
                if response.status_code == TOO_MANY:
                    # It was turned away at the door: nothing happened, so repeating it is safe.
                    may_repeat, wait = True, retry_after(response) or wait
            if not may_repeat or attempt == TRIES or wait > LONGEST_WAIT_SECONDS:
                break
            time.sleep(wait)
        raise self._errors.later(f"{trouble}; it is tried again")

    def read(self, response: requests.Response, what: str) -> Any:
        """The JSON of an answer.

        Raises:
            Exception: it is none: something else answers there.
        """
        try:
            return response.json()
        except ValueError as error:
            raise self.changed(f"answered something that is not JSON when {what}") from error

    def changed(self, how: str) -> Exception:
        """The error for an answer that is not what the system's documentation says."""
        return self._errors.unusable(f"{self.system} {how}: check {self._settings} and its version")

    def later(self, why: str) -> Exception:
        """The error for what may pass by itself."""
        return self._errors.later(f"{self.system} {why}; it is tried again")

    def unusable(self, why: str) -> Exception:
        """The error for what an operator must put right."""
        return self._errors.unusable(f"{self.system} {why}")

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = requests.Session()
            session.auth = self._auth
            session.headers["Accept"] = "application/json"
        return session

    def _unreachable(self, error: requests.RequestException, what: str) -> str:
        if isinstance(error, requests.exceptions.SSLError):
            raise self._errors.unusable(
                f"{self.system} has no certificate that is trusted here: check {self._settings}"
            ) from error
        if isinstance(
            error,
            requests.exceptions.InvalidURL
            | requests.exceptions.MissingSchema
            | requests.exceptions.InvalidSchema,
        ):
            raise self._errors.unusable(
                f"{self.system} has no usable address: set {self._settings}"
            ) from error
        if isinstance(error, requests.Timeout):
            return f"{self.system} did not answer within {self._timeout[1]:.0f} s when {what}"
        return f"{self.system} cannot be reached, or broke off, when {what}: is it running?"

    def _require_no_mistake(self, response: requests.Response, what: str) -> None:
        status = response.status_code
        if status in (401, 403):
            why = "refuses our credentials" if status == 401 else "does not allow us"
            raise self._errors.unusable(
                f"{self.system} {why} when {what} ({status}): put {self._settings} or our rights there right"
            )
        if status < 500 and status not in (408, TOO_MANY):
            raise self.changed(f"answered {self._explain(response)} when {what}")


def retry_after(response: requests.Response) -> float | None:
    """The seconds after which the other side wants to be asked again, where it says so in seconds."""
    try:
        return max(0.0, float(response.headers["Retry-After"]))
    except (KeyError, ValueError):
        return None
