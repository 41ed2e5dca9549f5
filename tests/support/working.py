"""Carrying out the journal inside a test, with a post office that keeps what it is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from actions.cases import watching
from actions.database import Database
from actions.fulfilment import handlers as registered
from actions.fulfilment import journal
from actions.fulfilment.running import Claimed, carry_out
from actions.mail import handlers as mail
from actions.mail.interfaces import Letter

OWNER = "test"


@dataclass
class PostOffice:
    """Takes every letter; `refusing` addresses get an error of their own instead."""

    letters: list[Letter] = field(default_factory=list)
    refusing: dict[str, Exception] = field(default_factory=dict)

    def send(self, letter: Letter) -> None:
        """See `MailSender.send`."""
        if letter.to in self.refusing:
            raise self.refusing[letter.to]
        self.letters.append(letter)

    def to(self, address: str) -> list[Letter]:
        """The letters to an address, oldest first."""
        return [letter for letter in self.letters if letter.to == address]


@pytest.fixture
def post_office(monkeypatch: pytest.MonkeyPatch) -> PostOffice:
    """What every letter of this test goes to."""
    office = PostOffice()
    monkeypatch.setattr(mail, "sender", lambda: office)
    return office


def work(database: Database, *, until: Callable[[], bool] = lambda: False) -> list[str]:
    """Carry out all that is due, one step at a time; returns the kinds of the steps, in order."""
    assert registered.MODULES
    done = []
    while not until():
        with database.write() as session:
            claimed = [Claimed.of(database, step) for step in journal.claim(session, OWNER)]
        if not claimed:
            break
        for one in claimed:
            carry_out(one, OWNER)
            done.append(one.kind)
    return done


@pytest.fixture
def unwatched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cases whose moves nobody is told of, so that a journal has just the steps a test puts there."""
    monkeypatch.setattr(watching, "_watchers", lambda: ())
