"""A visitor who wants a person, and the app over a little Slack: what the tests of threads begin with."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

import pytest
from slack_bolt import App, BoltRequest
from slack_sdk import WebClient
from sqlalchemy import select

from actions import clock
from actions.cases import services as cases
from actions.cases.models import Case
from actions.cases.tasks import raise_task
from actions.conversations import intake, log
from actions.conversations.interfaces import TurnInput
from actions.conversations.models import Message
from actions.database import Database
from actions.erasures import forgetters
from actions.handover import services as handovers
from actions.handover.models import Handover
from actions.rights import sources
from actions.vault import services as vault
from bot.slack.app import create_app, services_of
from bot.slack.interfaces import SlackServices
from bot.slack.sender import Sender
from bot.slack.threads import mirror, rendering
from tests.support.desk import open_the_desk
from tests.support.store import conversation
from tests.unit.slack.conftest import AGENT, DESK, TEAM, slack_settings
from tests.unit.slack.little_slack import LittleSlack

CANARY = "zelda.quark@canary.example"
SPOKEN = "I am zelda.quark@canary.example & <hurt>"


@pytest.fixture(scope="session", autouse=True)
def pseudonymiser() -> None:
    intake.pseudonymiser()


@dataclass
class Desk:
    """A visitor in line, the app over a little Slack, and everything that happens between them."""

    database: Database
    slack: LittleSlack
    services: SlackServices
    app: App
    sender: Sender
    chat: str
    handover: int
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    def settle(self) -> None:
        """Let everything that is to be said in Slack be said."""
        mirror.tick(self.database, DESK)
        self.sender.drain()

    def says(self, text: str) -> int:
        """The visitor writes."""
        with self.database.write() as session:
            return intake.accept(session, self.chat, TurnInput(text=text), to_person=handovers.heard)

    @property
    def root(self) -> str:
        return str(self.slack.messages[DESK][0]["ts"])

    def thread(self) -> list[str]:
        """What stands in the thread, its first message left out."""
        return [str(each["text"]) for each in self.slack.messages[DESK][1:]]

    def seen_by_visitor(self) -> list[tuple[str, str | None]]:
        """What colleagues and the system have said to the visitor."""
        with self.database.read() as session:
            rows = session.scalars(
                select(Message).where(
                    Message.conversation_id == self.chat, Message.sender.in_(("agent", "system"))
                )
            )
            return [(row.sender, row.body.get("text")) for row in rows]

    def deliver(self, event: dict[str, Any], *, event_id: str = "") -> int:
        """Slack delivers an event; returns the answer's status."""
        body = {
            "type": "event_callback",
            "event_id": event_id or f"Ev{next(self._numbers)}",
            "team_id": TEAM,
            "event": event,
        }
        return self.app.dispatch(BoltRequest(mode="socket_mode", body=body)).status

    def write(self, user: str, text: str, **more: Any) -> dict[str, Any]:
        """A colleague writes in the thread, and the app hears of it."""
        event = self.slack.write(DESK, user, text, self.root, **more)
        assert self.deliver(event) == 200
        self.settle()
        return event

    def press(self, user: str, action_id: str, value: str | None = None, *, stamp: str = "") -> None:
        """A colleague presses a button."""
        body = self.pressed(user, action_id, value, stamp=stamp)
        assert self.app.dispatch(BoltRequest(mode="socket_mode", body=body)).status == 200
        self.settle()

    def pressed(
        self, user: str, action_id: str, value: str | None = None, *, stamp: str = ""
    ) -> dict[str, Any]:
        """What Slack delivers of a press."""
        return {
            "type": "block_actions",
            "team": {"id": TEAM},
            "user": {"id": user, "team_id": TEAM},
            "channel": {"id": DESK},
            "container": {"message_ts": self.root},
            "message": {"ts": self.root},
            "trigger_id": "1.2.3",
            "actions": [
                {
                    "type": "button",
                    "action_id": action_id,
                    "block_id": "b",
                    "value": value or str(self.handover),
                    "action_ts": stamp or str(next(self._numbers)),
                }
            ],
        }

    def buttons(self) -> list[str]:
        """What can be pressed in the first message."""
        blocks = self.slack.messages[DESK][0]["blocks"]
        return [
            one["action_id"] for block in blocks if block["type"] == "actions" for one in block["elements"]
        ]

    def whispers(self) -> list[tuple[str, str]]:
        """Who was told what privately."""
        return [(one["user"], one["text"]) for one in self.slack.whispers]

    def reactions(self, ts: str) -> list[str]:
        message = next(one for one in self.slack.messages[DESK] if one["ts"] == ts)
        return list(message.get("reactions", []))

    def handover_row(self) -> Handover:
        with self.database.read() as session:
            found = session.get(Handover, self.handover)
        assert found is not None
        return found


@pytest.fixture
def desk(database: Database, client: WebClient, little_slack: LittleSlack) -> Desk:
    """A visitor who gave an address privately and in words, asked for a person, and is in line."""
    open_the_desk(database)
    chat = conversation(database)
    with database.write() as session:
        vault.put(session, chat, "email", CANARY)
        opened = log.lock(session, chat)
        assert opened is not None
        card = {"title": "What we hold", "rows": [{"id": "email", "label": "Email", "value": CANARY}]}
        log.append(session, opened, "assistant", {"text": f"We wrote to {CANARY}.", "card": card})
        log.append(session, opened, "contact", {"fields": ["email"]})
    with database.write() as session:
        asked = intake.accept(session, chat, TurnInput(text=SPOKEN))
        opened = log.lock(session, chat)
        assert opened is not None
        handover = handovers.request(session, opened, seq=asked).id
    services = services_of(database, slack_settings(), client)
    made = Desk(
        database, little_slack, services, create_app(services), Sender(database, client), chat, handover
    )
    made.settle()
    return made


@pytest.fixture
def taken(desk: Desk) -> Desk:
    """The same, taken by an agent."""
    desk.press(AGENT, rendering.TAKE)
    return desk


def ask_for_access(desk: Desk) -> Case:
    """The visitor asks what we hold, and somebody has to look through the team's threads."""
    with desk.database.write() as session:
        case = cases.open_case(
            session,
            right="access",
            conversation_id=desk.chat,
            received_at=clock.now(session),
            contact_id="1",
            state="in_progress",
        )
        raise_task(
            session, key=sources.task_key(case, "team_threads"), kind=sources.MANUAL, text="Look.", case=case
        )
        return case


def forget(desk: Desk) -> None:
    with desk.database.write() as session:
        whom = forgetters.Forgotten("1", (), (), (desk.chat,))
        for forgetter in (forgetters.FORGETTERS["messages"], forgetters.FORGETTERS["slack"]):
            forgetter(session, whom)
