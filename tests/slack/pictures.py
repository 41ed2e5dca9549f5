"""Draws the pictures of docs/slack.md: a made-up story, told by the real app to the stand-in.

.venv/bin/python -m tests.slack.pictures docs/pictures
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import select

from actions.conversations import intake, log
from actions.conversations.interfaces import TurnInput
from actions.database import Base, Database, tables
from actions.handover import services as handovers
from actions.situations.overhearing import heard
from actions.slack.models import SlackConversation
from actions.worker import models as worker
from bot.slack.threads.rendering import HAND_BACK, TAKE
from bot.slack_standin import StandInSlack
from bot.slack_standin.people import User
from bot.slack_standin.workspace import Posted
from tests.browser.conftest import ARGUMENTS
from tests.slack.drawing import pages
from tests.support.components import CHROMIUM, require
from tests.support.desk import open_the_desk
from tests.support.dialogue import Chat, connected
from tests.support.erasing import ask_for_erasure
from tests.support.slack_app import DESK, arrived, running
from tests.support.slack_engine import Engine
from tests.support.store import conversation

NEEDED = (tables, worker)
SECONDS = 30.0


class Story:
    """A workspace with a desk, and contacts who want something."""

    def __init__(self, slack: StandInSlack, database: Database) -> None:
        self.slack = slack
        self.database = database
        self.dana = slack.user("U0DANA", "dana", email="dana@flexiva.example")
        self.sam = slack.user("U0SAM", "sam", email="sam@flexiva.example")
        self.priya = slack.user("U0PRIYA", "Priya", email="priya@hartwell.example")
        slack.channel(DESK, "privacy-desk", members=["U0DANA", "U0SAM", "U0AGENT", "U0DPO"])

    def settled(self) -> None:
        """Wait until all that was said is in Slack."""
        deadline = time.monotonic() + SECONDS
        while not arrived(self.database):
            if time.monotonic() > deadline:
                raise TimeoutError("not all of it came to Slack")
            time.sleep(0.05)

    def newest(self) -> Engine:
        """The engine of the conversation that was begun last."""

        def found() -> str | None:
            with self.database.read() as session:
                newest = select(SlackConversation.conversation_id).order_by(SlackConversation.id.desc())
                return session.scalar(newest.limit(1))

        return Engine(self.database, self.slack.wait_for(found))

    def answers_privately(self, user: User, value: str, talk: Engine) -> None:
        """Answer in the modal."""
        self.settled()
        user.press("assistant.answer")
        self.slack.wait_for(lambda: user.modal)
        user.submit("assistant.answer", {"value": value})
        talk.answers()
        self.settled()


def draw_all(folder: Path) -> None:
    """Draw all of them into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with _story() as story, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=require(CHROMIUM), args=ARGUMENTS)
        _assistant(story, browser, folder)
        _desk(story, browser, folder)
        _handover(story, browser, folder)
        browser.close()


def _assistant(story: Story, browser: Browser, folder: Path) -> None:
    """A contact asks for erasure in direct messages, as far as the choice; and the modal for the code."""
    slack, priya = story.slack, story.priya
    priya.opens_home("messages")
    slack.wait_for(lambda: priya.direct_messages)
    priya.says("hi can u get rid of every record u have of me pls")
    talk = story.newest()
    talk.answers("erase")
    story.answers_privately(priya, "priya@hartwell.example", talk)
    priya.press("assistant.answer")
    modal = slack.wait_for(lambda: priya.modal)
    pages.draw(browser, pages.modal(slack, modal), folder / "slack-private.png", width=560)
    priya.submit("assistant.answer", {"value": talk.code()})
    talk.answers()
    story.settled()
    page = pages.thread(slack, priya.direct_messages[1:], title="Rightline")
    pages.draw(browser, page, folder / "slack-assistant.png")


def _desk(story: Story, browser: Browser, folder: Path) -> None:
    """Cases that wait: in the channel, in Home, one of them opened, and its refusal with the letter."""
    slack, dana = story.slack, story.dana
    for address in ("priya@hartwell.example", "tom@northgate.example"):
        reference = ask_for_erasure(Chat(story.database), address)
    objecting = Chat(story.database)
    objecting.send("object")
    objecting.prove("omar@pennant.example")
    asking = Chat(story.database)
    asking.send("access")
    asking.prove("grace@hartwell.example")
    slack.wait_for(lambda: reference and slack.channel(DESK).messages)
    story.settled()
    page = pages.thread(slack, slack.channel(DESK).messages[:1], title="#privacy-desk")
    pages.draw(browser, page, folder / "slack-case.png")
    dana.opens_home()
    home = slack.wait_for(lambda: dana.home)
    pages.draw(browser, pages.home(slack, home), folder / "slack-home.png")
    case = slack.channel(DESK).messages[0]
    dana.press("case_open", message=case)
    slack.wait_for(lambda: dana.modal)
    dana.press("case_plan")
    time.sleep(1)
    opened = slack.wait_for(lambda: dana.modal)
    pages.draw(browser, pages.modal(slack, opened), folder / "slack-plan.png", width=640)
    dana.closes()
    dana.press("refuse", message=case)
    form = slack.wait_for(lambda: dana.modal)
    pages.draw(browser, pages.modal(slack, form), folder / "slack-refuse.png", width=640)


def _handover(story: Story, browser: Browser, folder: Path) -> None:
    """Somebody on the website is answered from the desk's channel."""
    slack, sam = story.slack, story.sam
    open_the_desk(story.database)
    visitor = Engine(story.database, conversation(story.database))
    for given, intent in (
        (TurnInput(text="what do you keep about me?"), "access"),
        (TurnInput(fields={"email": "grace@hartwell.example"}), ""),
    ):
        _gives(story, visitor, given)
        visitor.answers(intent)
    _gives(story, visitor, TurnInput(fields={"code": visitor.code()}))
    visitor.answers()
    _asks_for_a_person(story, visitor, "I'd rather talk to someone about the agreement")
    root = slack.wait_for(lambda: _roots(slack), within=SECONDS)[-1]
    slack.wait_for(lambda: TAKE in str(root.blocks))
    sam.press(TAKE, message=root)
    slack.wait_for(lambda: HAND_BACK in str(root.blocks))
    _gives(story, visitor, TurnInput(text="so what exactly do you keep?"))
    slack.wait_for(lambda: "exactly" in str(slack.channel(DESK).thread(root.ts)))
    sam.message(DESK, "Only your name and work email on the agreement itself.", thread_ts=root.ts)
    sam.message(DESK, "// dana, can you look at the invoices?", thread_ts=root.ts)
    slack.wait_for(lambda: "invoices" in str(slack.channel(DESK).thread(root.ts)))
    time.sleep(1)
    story.settled()
    page = pages.thread(slack, slack.channel(DESK).thread(root.ts), title="Thread in #privacy-desk")
    pages.draw(browser, page, folder / "slack-handover.png")


def _gives(story: Story, visitor: Engine, given: TurnInput) -> None:
    with story.database.write() as session:
        intake.accept(session, visitor.id, given, to_person=heard)


def _asks_for_a_person(story: Story, visitor: Engine, text: str) -> None:
    with story.database.write() as session:
        seq = intake.accept(session, visitor.id, TurnInput(text=text))
        locked = log.lock(session, visitor.id)
        if locked is None:
            raise LookupError("the conversation is gone")
        handovers.request(session, locked, seq=seq)


def _roots(slack: StandInSlack) -> list[Posted]:
    return [one for one in slack.channel(DESK).messages if one.by_app and TAKE in str(one.blocks)]


@contextmanager
def _story() -> Iterator[Story]:
    with (
        tempfile.TemporaryDirectory(prefix="rightline-pictures-") as home,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("RIGHTLINE_HOME", home)
        database = Database(f"sqlite:///{Path(home) / 'rightline.db'}")
        Base.metadata.create_all(database.engine)
        with StandInSlack() as slack, connected(database, patch), running(slack, database):
            slack.workspace.monotonic = time.process_time
            slack.deliveries.patience = SECONDS
            yield Story(slack, database)
        database.dispose()


if __name__ == "__main__":
    draw_all(Path(sys.argv[1]))
