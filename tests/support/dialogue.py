"""A conversation without an engine: turns are given as the engine would understand them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from actions import clock
from actions.cases.models import Case
from actions.conversations import log
from actions.conversations.models import Conversation, Turn
from actions.conversations.offers import offered_choices, withdraw_offer
from actions.conversations.services import open_conversation
from actions.crm import services as crm_services
from actions.crm.demo import load_demo
from actions.crm.embedded import EmbeddedCrm
from actions.crm.interfaces import Crm
from actions.database import Database
from actions.fulfilment.models import Step
from actions.helpdesk import services as helpdesk_services
from actions.sdk import actions as sdk
from actions.tasks import answers, dialogue, queue
from actions.tasks.beside import INFORMED
from actions.tasks.flows import FLOWS
from actions.tasks.greeting import greeting
from actions.vault import services as vault

FORM = frozenset(FLOWS) | dialogue.ANSWERS | answers.ABOUT_REQUESTS
INFORM = INFORMED


class Chat:
    """One contact's conversation."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.write() as session:
            opened = open_conversation(session, greeting())
        self.id = opened.id

    def send(
        self,
        intent: str = "provide",
        *,
        choice: str | None = None,
        requests: list[dict[str, Any]] | None = None,
        sections: list[str] | None = None,
        situations: tuple[str, ...] = (),
        language: str | None = None,
        masked: list[str] | None = None,
        **fields: str,
    ) -> list[dict[str, Any]]:
        """One turn; fields are put into the vault first. Returns the assistant's messages that answer it."""
        with self.database.write() as session:
            conversation = log.lock(session, self.id)
            assert conversation is not None
            if choice is not None:
                assert choice in offered_choices(conversation), f"{choice} is not on offer"
            placeholders = {kind: vault.put(session, self.id, kind, value) for kind, value in fields.items()}
            message = log.append(session, conversation, "contact", {"text": "…"})
            withdraw_offer(conversation)
            conversation.open_turns += 1
            turn = Turn(
                id=secrets.token_hex(16),
                conversation_id=self.id,
                seq=message.seq,
                content_hash="",
                attempts=0,
                masked=masked,
            )
            session.add(turn)
            before, turn_id = message.seq, turn.id
        entities = [{"entity": kind, "value": value} for kind, value in placeholders.items()]
        if choice is not None:
            intent = "choose"
            entities.append({"entity": "choice", "value": choice})
        sdk.answer_turn(
            {
                "intent": {"name": intent},
                "entities": entities,
                "metadata": {"turn": turn_id},
                "situations": list(situations),
                "understanding": {
                    "intents": requests if requests is not None else [{"name": intent}],
                    "sections": [{"section": section} for section in sections or []],
                    "language": language,
                },
            },
            self._handler(intent),
        )
        return self.messages(before)

    def messages(self, after: int = 0) -> list[dict[str, Any]]:
        """What was said after a seq."""
        with self.database.read() as session:
            return [log.render(message) for message in log.after(session, self.id, after)]

    def code(self) -> str:
        """The code in the newest code letter."""
        with self.database.read() as session:
            step = session.scalars(select(Step).where(Step.kind == "mail").order_by(Step.id.desc())).first()
            assert step is not None
            text: str = step.payload["text"]
        return "".join(character for character in text.split("code is", 1)[1][:12] if character.isdigit())

    def prove(self, address: str) -> list[dict[str, Any]]:
        """Type an address and then its code."""
        self.send(email=address)
        return self.send(code=self.code())

    def cases(self) -> list[Case]:
        """The conversation's cases, oldest first."""
        with self.database.read() as session:
            return list(
                session.scalars(select(Case).where(Case.conversation_id == self.id).order_by(Case.id)).all()
            )

    def pass_time(self, by: timedelta) -> None:
        """Move the clock."""
        with self.database.write() as session:
            clock.advance(session, by)

    def conversation(self) -> Conversation:
        """The conversation's row."""
        with self.database.read() as session:
            return session.scalars(select(Conversation).where(Conversation.id == self.id)).one()

    def _handler(self, intent: str) -> sdk.Handler:
        if intent in FORM and (intent not in ("choose", "provide", "affirm", "deny") or self._busy()):
            return answers.serve
        if intent in INFORM:
            return answers.inform
        return answers.clarify if intent == "unclear" else answers.reply

    def _busy(self) -> bool:
        with self.database.read() as session:
            return queue.active(session, self.id) is not None


@pytest.fixture
def chat(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Chat]:
    """A conversation with the demo's contacts on file."""
    with connected(database, monkeypatch):
        yield Chat(database)


@contextmanager
def connected(database: Database, monkeypatch: pytest.MonkeyPatch, crm: Crm | None = None) -> Iterator[None]:
    """The demo's contacts in a database, and everything that looks for one finding this one.

    Args:
        database: of ours.
        monkeypatch: of the test.
        crm: another CRM than the embedded one, with the demo's contacts in it.
    """
    if crm is None:
        load_demo(database)
        crm = EmbeddedCrm(database)
    monkeypatch.setattr(sdk, "get_database", lambda: database)
    monkeypatch.setattr(sdk, "get_crm", lambda: crm)
    monkeypatch.setattr(crm_services, "get_crm", lambda: crm)
    monkeypatch.setattr(helpdesk_services, "get_database", lambda: database)
    helpdesk_services.get_helpdesk.cache_clear()
    yield
    helpdesk_services.get_helpdesk.cache_clear()
