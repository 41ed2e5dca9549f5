"""Two contacts talking at once, each in a conversation of their own; addresses and codes crossed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from sqlalchemy import select

from actions.conversations.models import Conversation
from actions.conversations.offers import offered_choices
from actions.crm.demo import state
from actions.crm.embedded import EmbeddedCrm
from actions.database import Database
from actions.fulfilment.models import Step
from actions.identity.models import VerificationCode
from actions.mail import handlers as mail
from tests.support.dialogue import Chat, connected
from tests.support.working import PostOffice, work

Who = Literal["first", "second"]
Address = Literal["own", "other", "shared", "unknown"]
Code = Literal["own", "crossed", "wrong"]
REFERENCE = re.compile(r"PR-[0-9A-Z]{4}-[0-9A-Z]{4}")


@dataclass(frozen=True)
class Contact:
    """A demo contact, and what nobody else may learn of them."""

    id: str
    address: str
    secrets: tuple[str, ...]


@dataclass(frozen=True)
class Act:
    """Something one of the two does: an intent, a typed field, a button, or nothing while a day goes by.

    `proves` is the whole way to the proof, for a request.
    """

    who: Who
    does: Literal["asks", "proves", "types_address", "types_code", "presses", "types_words", "waits"]
    intent: str = ""
    address: Address = "own"
    code: Code = "own"
    button: int = 0


@dataclass
class Told:
    """What one of the two was told, and what became of their record."""

    said: list[Any] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)
    record: Any = None


class Stage:
    """One database with both, or only one, of the two in it."""

    def __init__(self, database: Database, contacts: dict[Who, Contact], shared: str) -> None:
        self.database = database
        self.office = PostOffice()
        self._contacts = contacts
        self._shared = shared
        self._chats = {who: Chat(database) for who in contacts}
        self._codes: dict[Who, tuple[str, str]] = {}

    def play(self, acts: Sequence[Act], only: Who | None = None) -> dict[Who, Told]:
        """Let them act in turn; where only one acts, days go by all the same."""
        for act in acts:
            if act.does == "waits":
                self._chats["first"].pass_time(timedelta(hours=25))
                work(self.database)
            elif only in (None, act.who):
                self._do(act)
        work(self.database)
        with self.database.read() as session:
            records = state(session)
        return {
            who: Told(
                said=[_comparable(message) for message in chat.messages()],
                letters=[letter.text for letter in self.office.to(self._contacts[who].address)],
                record=records[self._contacts[who].id],
            )
            for who, chat in self._chats.items()
        }

    def _do(self, act: Act) -> None:
        chat = self._chats[act.who]
        if act.does == "asks":
            chat.send(act.intent)
        elif act.does == "types_address":
            chat.send(email=self._address(act))
        elif act.does == "proves":
            chat.send(act.intent, email=self._contacts[act.who].address)
            self._note_code(act.who)
            chat.send(code=self._code(act))
        elif act.does == "types_code":
            chat.send(code=self._code(act))
        elif act.does == "types_words":
            chat.send(value="something of mine is wrong")
        else:
            offered = sorted(self._offered(chat))
            if offered:
                chat.send(choice=offered[act.button % len(offered)])
        self._note_code(act.who)

    def _offered(self, chat: Chat) -> Sequence[str]:
        with self.database.read() as session:
            return list(offered_choices(session.get_one(Conversation, chat.id)))

    def _address(self, act: Act) -> str:
        other: Who = "second" if act.who == "first" else "first"
        return {
            "own": self._contacts[act.who].address,
            "other": self._contacts[other].address,
            "shared": self._shared,
            "unknown": "nobody@nowhere.example",
        }[act.address]

    def _code(self, act: Act) -> str:
        """The newest code in this contact's mailbox that their own, or the other's, conversation had sent."""
        other: Who = "second" if act.who == "first" else "first"
        asker = {"own": act.who, "crossed": other}.get(act.code)
        address, code = self._codes.get(asker, ("", "")) if asker else ("", "")
        return code if address == self._contacts[act.who].address else "no code"

    def _note_code(self, who: Who) -> None:
        """Remember the newest code that a conversation had sent, and to whom."""
        with self.database.read() as session:
            row = session.scalars(
                select(VerificationCode)
                .where(VerificationCode.conversation_id == self._chats[who].id)
                .order_by(VerificationCode.id.desc())
            ).first()
            step = row and session.scalars(select(Step).where(Step.key == f"code:{row.id}")).first()
            if row and step and step.payload:
                text = step.payload["text"].partition("code is")[2][:12]
                self._codes[who] = (row.address or "", "".join(filter(str.isdigit, text)))


def staged(
    template: Path,
    to: Path,
    contacts: dict[Who, Contact],
    shared: str,
    patch: pytest.MonkeyPatch,
    absent: str = "",
) -> Stage:
    """A stage on a fresh database.

    Args:
        template: an empty database with every table.
        to: where its copy goes.
        contacts: who the two are.
        shared: an address both know.
        patch: undone by the caller.
        absent: the id of a contact who is not on file, as if there had never been one.
    """
    to.write_bytes(template.read_bytes())
    database = Database(f"sqlite:///{to}")
    with connected(database, patch):
        if absent:
            EmbeddedCrm(database).erase(absent)
        stage = Stage(database, contacts, shared)
    patch.setattr(mail, "sender", lambda: stage.office)
    return stage


def _comparable(message: dict[str, Any]) -> Any:
    """A message without what differs by chance: the time, and the reference of a case."""
    told = {name: value for name, value in message.items() if name != "at"}
    return REFERENCE.sub("PR", repr(told))
