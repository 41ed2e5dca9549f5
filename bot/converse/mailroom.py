"""The mail that a script caused: waited for, read, and searched for codes."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from typing import Any

from bot.converse import matching
from bot.converse.demo import Demo, DemoError

MAIL_SECONDS = 10.0
NEW_CODE_SECONDS = 3.0
LOOK_SECONDS = 0.1
CODE = re.compile(r"\bcode\b\D{0,40}?(\d{3})[ \u00a0]?(\d{3})(?!\d)", re.IGNORECASE)

Mail = dict[str, Any]


class NoMail(DemoError):
    """A mail that was waited for did not come."""


class Mailroom:
    """What has arrived since the script began."""

    def __init__(self, demo: Demo, *, patience: float = MAIL_SECONDS) -> None:
        """Begin to count from here.

        Args:
            demo: whose mailbox it is.
            patience: seconds to wait for a mail.
        """
        self._demo = demo
        self._patience = patience
        self._first = len(demo.mailbox())
        self._codes_before = 0
        self._code_is_coming = False

    def arrived(self) -> list[Mail]:
        """All mail of this script, oldest first."""
        return self._demo.mailbox()[self._first :]

    def to(self, address: str) -> list[Mail]:
        """The mail of one address, oldest first."""
        return [mail for mail in self.arrived() if not matching.of_mail({"to": address}, mail)]

    def new_code_may_come(self) -> None:
        """Told before each message that may lead to a new code: `{mail.code}` then waits for a newer one."""
        self._codes_before = len(self._code_mails())

    def code_is_coming(self) -> None:
        """Told after an answer that promised a code."""
        self._code_is_coming = True

    def await_code(self) -> None:
        """Wait for a code that was promised, as a contact does who opens the mailbox before going on."""
        if self._code_is_coming:
            self._wait(lambda: self._code_mails()[self._codes_before :])
        self._code_is_coming = False

    def newest_code(self, address: str) -> str:
        """The newest code mailed to an address.

        Raises:
            NoMail: none came.
        """
        return self._codes(address)[-1]

    def previous_code(self, address: str) -> str:
        """The code before the newest one.

        Raises:
            NoMail: there were not two.
        """
        codes = self._codes(address)
        if len(codes) < 2:
            raise NoMail(f"only one code went to {address}")
        return codes[-2]

    def find(self, expected: Mapping[str, Any]) -> Mail:
        """Wait for a mail as described by `schema.json`.

        Raises:
            NoMail: none came; says what was different about the nearest.
        """
        found: list[Mail] = self._wait(lambda: self._matching(expected))
        if found:
            return found[-1]
        attempts = [matching.of_mail(expected, mail) for mail in self.arrived()]
        why = "; ".join(matching.nearest(attempts, "no mail came at all"))
        raise NoMail(f"no such mail came within {self._patience:g} s. The nearest: {why}")

    def _matching(self, expected: Mapping[str, Any]) -> list[Mail]:
        return [mail for mail in self.arrived() if not matching.of_mail(expected, mail)]

    def _codes(self, address: str) -> list[str]:
        def newer() -> list[str]:
            return self._codes_to(address) if len(self._code_mails()) > self._codes_before else []

        patience = NEW_CODE_SECONDS if self._codes_to(address) else self._patience
        codes = self._wait(newer, patience) or self._codes_to(address)
        if not codes:
            raise NoMail(f"no code came for {address} within {self._patience:g} s")
        return codes

    def _code_mails(self) -> list[Mail]:
        return [mail for mail in self.arrived() if code_in(mail)]

    def _codes_to(self, address: str) -> list[str]:
        return [code for mail in self.to(address) if (code := code_in(mail))]

    def _wait(self, look: Callable[[], list[Any]], patience: float | None = None) -> list[Any]:
        deadline = time.monotonic() + (self._patience if patience is None else patience)
        while not (found := look()) and time.monotonic() < deadline:
            time.sleep(LOOK_SECONDS)
        return found


def code_in(mail: Mapping[str, Any]) -> str | None:
    """The six-digit code that a mail brings, if it brings one."""
    match = CODE.search(mail["text"])
    return match[1] + match[2] if match else None


def another(code: str) -> str:
    """A code that is certainly wrong."""
    return f"{(int(code) + 1) % 1_000_000:06d}"
