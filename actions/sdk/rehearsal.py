"""A rehearsal before the first contact comes: what is loaded at the first turn is loaded by then.

Otherwise the first turn would take most of a second, and hold the database for as long.
"""

from __future__ import annotations

import secrets
import tempfile
from pathlib import Path

import structlog

from actions.conversations import log, turns
from actions.conversations.models import Conversation, Turn
from actions.conversations.services import open_conversation
from actions.crm.embedded import EmbeddedCrm
from actions.database import Base, Database
from actions.logs import where
from actions.tasks import answers, queue
from actions.tasks.context import Context
from actions.tasks.interfaces import Given, Request
from actions.vault import services as vault

ADDRESS = "rehearsal@rightline.example"
FIRST_TURNS = ("opt_out", "access", "erase")

logger = structlog.get_logger(__name__)


def rehearse() -> None:
    """Answer a few made-up turns; where that fails, the first contacts wait a little, and that is all."""
    try:
        play()
    except Exception as error:
        logger.error("rehearsal_failed", kind=type(error).__name__, at=where(error))


def play() -> None:
    """Answer the turns in a database of their own, which is thrown away."""
    with tempfile.TemporaryDirectory(prefix="rightline-rehearsal-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'rehearsal.db'}")
        try:
            Base.metadata.create_all(database.engine)
            for intent in FIRST_TURNS:
                _play(database, intent)
        finally:
            database.dispose()


def _play(database: Database, intent: str) -> None:
    with database.write() as session:
        conversation = open_conversation(session, []).id
        placeholder = vault.put(session, conversation, "email", ADDRESS)
    _turn(database, conversation, Given(intent, requests=(Request(intent),)))
    _turn(database, conversation, Given("provide", fields={"email": placeholder}))


def _turn(database: Database, conversation_id: str, given: Given) -> None:
    with database.write() as session:
        conversation = session.get_one(Conversation, conversation_id)
        message = log.append(session, conversation, "contact", {"text": given.intent})
        turn = Turn(
            id=secrets.token_hex(16),
            conversation_id=conversation_id,
            seq=message.seq,
            content_hash="",
            attempts=0,
        )
        session.add(turn)
        session.flush()
        task = queue.active(session, conversation_id)
        answers.serve(Context(session, conversation, turn, EmbeddedCrm(database), task), given)
        turns.answer(session, conversation, turn, [])
