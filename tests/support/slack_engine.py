"""A conversation in Slack without an engine: what waits is answered as if it had been understood."""

from __future__ import annotations

import json
import re
from typing import Any

from sqlalchemy import select

from actions.conversations.models import Turn
from actions.database import Database
from actions.sdk import actions as sdk
from tests.support.dialogue import Chat

COMMAND = re.compile(r"/(\w+)(\{.*\})?\Z")


class Engine(Chat):
    """Answers what waits in one conversation of Slack's."""

    def __init__(self, database: Database, conversation_id: str) -> None:
        self.database = database
        self.id = conversation_id

    def answers(self, intent: str = "provide") -> None:
        """Answer the turn that waits, understood as an intent unless it says itself what it is."""
        with self.database.read() as session:
            open_turns = select(Turn).where(Turn.conversation_id == self.id, Turn.answered_at.is_(None))
            turn = session.scalars(open_turns).one()
        entities: list[dict[str, Any]] = []
        if command := COMMAND.match(turn.engine_text):
            intent = command[1]
            given = json.loads(command[2] or "{}")
            entities = [{"entity": name, "value": value} for name, value in given.items()]
        sdk.answer_turn(
            {
                "intent": {"name": intent},
                "entities": entities,
                "metadata": {"turn": turn.id},
                "situations": [],
                "understanding": {"intents": [{"name": intent}], "sections": [], "language": None},
            },
            self._handler(intent),
        )
