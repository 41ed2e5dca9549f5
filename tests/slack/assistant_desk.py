"""A person, the app and the engine's stand-in, for the tests of the assistant in Slack."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import func, select

from actions.conversations import intake
from actions.conversations.models import Message, Turn
from actions.database import Database
from actions.slack.models import SlackConversation
from bot.slack.interfaces import SlackServices
from bot.slack_standin import StandInSlack
from bot.slack_standin.people import User
from bot.slack_standin.workspace import Posted
from tests.support.dialogue import connected
from tests.support.slack_app import DESK, arrived, running
from tests.support.slack_engine import Engine
from tests.support.store import database

__all__ = ["database"]


@pytest.fixture(autouse=True, scope="module")
def _ready() -> None:
    """The pseudonymiser is loaded once, as the app does when it starts."""
    intake.pseudonymiser()


@pytest.fixture
def app(slack: StandInSlack, database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[SlackServices]:
    """The app, with the demo's contacts on file and a channel that is not the desk's."""
    slack.channel(DESK, "privacy-desk", members=["U0AGENT"])
    slack.channel("C1", "general", members=["U1", "U2"])
    with connected(database, monkeypatch), running(slack, database) as services:
        yield services


@pytest.fixture
def priya(slack: StandInSlack) -> User:
    """A contact who has another address in Slack than on file."""
    return slack.user("U1", "priya", email="priya@work.example")


@pytest.fixture
def engine(database: Database, slack: StandInSlack) -> Callable[[], Engine]:
    """The engine for the newest conversation."""

    def newest() -> Engine:
        def found() -> str | None:
            with database.read() as session:
                return session.scalar(
                    select(SlackConversation.conversation_id).order_by(SlackConversation.id.desc())
                )

        return Engine(database, slack.wait_for(found, within=90))

    return newest


def asked(slack: StandInSlack, user: User, engine: Engine, action: str = "assistant.answer") -> Posted:
    """The newest message this person sees with a button, once all that is said has arrived."""

    def find() -> Posted | None:
        return next((one for one in reversed(user.sees) if action in json.dumps(one.blocks)), None)

    slack.wait_for(lambda: arrived(engine.database), what="not all of what was said")
    return slack.wait_for(find, what=f"no message with {action}")


def answer(slack: StandInSlack, user: User, value: str, engine: Engine) -> None:
    """Answer privately in the modal, and have that answered."""
    user.press("assistant.answer", message=asked(slack, user, engine))
    slack.wait_for(lambda: user.modal)
    done = user.submit("assistant.answer", {"value": value})
    assert not done.errors
    engine.answers()


def turns(database: Database) -> int:
    """How many messages of contacts were taken in."""
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(Turn)) or 0


def engine_texts(database: Database) -> list[str]:
    """What the engine is given of each message, oldest first."""
    with database.read() as session:
        return list(session.scalars(select(Turn.engine_text).order_by(Turn.conversation_id, Turn.seq)))


def kept(database: Database) -> str:
    """What our own log still says that contacts wrote."""
    with database.read() as session:
        rows = session.scalars(select(Message).where(Message.sender == "contact").order_by(Message.id))
        return "\n".join(str(row.body.get("text")) for row in rows if not row.erased)
