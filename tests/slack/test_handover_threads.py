"""A visitor and the desk through the real app: over both transports, Slack away, the app killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import update

from actions.clock.services import machine_now
from actions.conversations import intake, log
from actions.conversations.interfaces import TurnInput
from actions.conversations.models import Message
from actions.database import Database
from actions.handover import services as handovers
from actions.settings import get_settings
from actions.slack import outbox
from actions.slack.models import SlackCall
from actions.vault import services as vault
from bot.paths import PROJECT
from bot.slack.threads import catching_up, rendering
from bot.slack_standin import StandInSlack
from bot.slack_standin.looking import words
from bot.slack_standin.people import User
from bot.slack_standin.workspace import Posted
from tests.support import slack_app
from tests.support.desk import open_the_desk
from tests.support.store import conversation, database

__all__ = ["database"]
DESK, SAM, DANA, OLIVE = slack_app.DESK, "U0SAM", "U0DANA", "U0OLIVE"
CANARY = "zelda.quark@canary.example"
BEGINS = "Somebody on the website wants a person."
PHONE = "+44 20 7946 0999"
LONG = 900
"""Seconds: what waits a minute for Slack, or starts a dozen processes, takes longer on a busy machine."""


@pytest.fixture(scope="session", autouse=True)
def pseudonymiser() -> None:
    intake.pseudonymiser()


@dataclass
class Scene:
    """A visitor who waits, colleagues at their Slack windows, and the app between them."""

    slack: StandInSlack
    database: Database
    chat: str
    sam: User
    dana: User
    olive: User

    def says(self, text: str) -> None:
        """The visitor writes."""
        with self.database.write() as session:
            intake.accept(session, self.chat, TurnInput(text=text), to_person=handovers.heard)

    @property
    def root(self) -> Posted:
        return self.slack.wait_for(
            lambda: next((one for one in self.posted() if one.text == BEGINS), None), what="a thread"
        )

    def posted(self) -> list[Posted]:
        """What the app has put into the channel."""
        return [one for one in self.slack.channel(DESK).messages if one.user == self.slack.workspace.bot_user]

    def lines(self) -> list[str]:
        """The visitor's words as they stand in the thread."""
        start = "*visitor:* "
        return [one.text.removeprefix(start) for one in self.posted() if one.text.startswith(start)]

    def answers(self) -> list[str]:
        """What colleagues have said to the visitor and not taken back."""
        with self.database.read() as session:
            rows = session.query(Message).filter_by(conversation_id=self.chat, sender="agent", erased=False)
            return [row.body["text"] for row in rows.order_by(Message.seq)]

    def take(self, who: User) -> None:
        """Somebody takes it, and the thread says so."""
        self.until(lambda: rendering.TAKE in str(self.root.blocks))
        who.press(rendering.TAKE, message=self.root)
        self.until(lambda: rendering.HAND_BACK in str(self.root.blocks))

    def reply(self, who: User, text: str) -> Posted:
        return who.message(DESK, text, thread_ts=self.root.ts)

    def outlast_leases(self) -> None:
        """As if the time had passed in which nobody else takes up what a killed process had in hand."""
        past = machine_now() - timedelta(seconds=1)
        with self.database.write() as session:
            session.execute(update(SlackCall).where(SlackCall.state == "sending").values(lease_until=past))

    def until(self, reached: Callable[[], object], *, within: float = 60.0) -> None:
        self.slack.wait_for(reached, within=within)


@pytest.fixture
def scene(slack: StandInSlack, database: Database) -> Scene:
    open_the_desk(database)
    slack.channel(DESK, "privacy-desk", members=[SAM, DANA, OLIVE])
    chat = conversation(database)
    with database.write() as session:
        vault.put(session, chat, "email", CANARY)
        opened = log.lock(session, chat)
        assert opened is not None
        card = {"title": "What we hold", "rows": [{"id": "email", "label": "Email", "value": CANARY}]}
        log.append(session, opened, "assistant", {"text": f"We wrote to {CANARY} & more.", "card": card})
    with database.write() as session:
        asked = intake.accept(session, chat, TurnInput(text=f"I'm {CANARY}, <call> me on {PHONE}"))
        opened = log.lock(session, chat)
        assert opened is not None
        handovers.request(session, opened, seq=asked)
    return Scene(slack, database, chat, slack.user(SAM, "sam"), slack.user(DANA, "dana"), slack.user(OLIVE))


ROLES = {"agent": [SAM], "approver": [DANA], "observer": [OLIVE]}


@contextmanager
def running(scene: Scene, *, http: bool = False) -> Iterator[None]:
    """The app of `bot.slack` with everything that runs in its process."""
    with slack_app.running(scene.slack, scene.database, http=http, slack_roles=ROLES):
        yield


@pytest.mark.parametrize("transport", ["socket", "http"])
def test_a_talk_from_the_wish_for_a_person_to_its_end(scene: Scene, transport: str) -> None:
    with running(scene, http=transport == "http"):
        assert "I'm EMAIL_1, <call> me on PHONE_1" in words(scene.root)
        scene.take(scene.sam)
        scene.says("so what exactly do you keep?")
        scene.until(lambda: scene.lines() == ["so what exactly do you keep?"])
        first = scene.reply(scene.sam, "Only your name & work email on the <agreement> itself.")
        scene.until(lambda: len(scene.answers()) == 1)
        assert scene.answers() == ["Only your name & work email on the <agreement> itself."]
        scene.until(lambda: "white_check_mark" in str(first.reactions))
        scene.sam.edits(first, "Your name only.")
        scene.until(lambda: scene.answers() == ["Corrected: Your name only."])
        second = scene.reply(scene.sam, "wrong window")
        scene.until(lambda: "white_check_mark" in str(second.reactions))
        scene.sam.deletes(second)
        scene.until(lambda: scene.answers() == ["Corrected: Your name only."])
        scene.reply(scene.dana, "I'll answer that")
        scene.until(lambda: any("is talking to this visitor" in words(one) for one in scene.dana.private))
        assert scene.answers() == ["Corrected: Your name only."]
        scene.sam.press(rendering.UNCOVER, message=scene.root)
        assert scene.sam.modal is not None
        scene.sam.submit("reveal_value", {"placeholder": "EMAIL_1"})
        assert CANARY in words(scene.sam.modal)
        scene.sam.closes()
        scene.sam.press(rendering.CLOSE, message=scene.root)
        scene.until(lambda: "closed the talk" in words(scene.root))
    posted = str([call.arguments for call in scene.slack.calls])
    for secret in (CANARY, PHONE, "7946 0999"):
        assert secret not in posted


@pytest.mark.timeout(LONG)
@pytest.mark.parametrize("seconds", [3, pytest.param(60, marks=pytest.mark.full)])
def test_slack_dead_for_a_while_gets_everything_afterwards_in_order(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, seconds: int
) -> None:
    if seconds < 60:
        monkeypatch.setattr(outbox, "FIRST_WAIT_SECONDS", 0.1)
        monkeypatch.setattr(outbox, "LONGEST_WAIT_SECONDS", 0.5)
    monkeypatch.setattr(catching_up, "LOOK_SECONDS", 0.3)
    with running(scene):
        scene.take(scene.sam)
        scene.slack.faults.lose_answer("chat.postMessage", times=2)
        scene.slack.faults.rate_limit("chat.postMessage", retry_after=1)
        scene.says("line 0")
        scene.slack.faults.dead_for(seconds)
        for number in range(1, 6):
            scene.says(f"line {number}")
        scene.until(lambda: len(scene.lines()) >= 6, within=seconds + 120)
        scene.reply(scene.sam, "I am still here")
        scene.until(lambda: scene.answers() == ["I am still here"])
    assert scene.lines() == [f"line {number}" for number in range(6)]


def test_what_is_written_while_the_app_is_down_is_said_once_it_is_back(scene: Scene) -> None:
    with running(scene):
        scene.take(scene.sam)
        gone = scene.reply(scene.sam, "to be deleted")
        scene.until(lambda: "white_check_mark" in str(gone.reactions))
    scene.slack.deliveries.pauses = ()
    for text in ("one", "two", "// three is for us"):
        scene.sam.message(DESK, text, thread_ts=scene.root.ts, wait=False)
    scene.sam.deletes(gone, wait=False)
    scene.says("are you there?")
    with running(scene):
        scene.until(lambda: scene.answers() == ["one", "two"])
        scene.until(lambda: scene.lines() == ["are you there?"])


@pytest.mark.timeout(LONG)
@pytest.mark.parametrize(
    "kills", [1, pytest.param(12, marks=pytest.mark.full)], ids=["one kill", "many kills"]
)
def test_killed_at_any_point_everything_has_one_effect(
    scene: Scene, kills: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process of its own, ended by SIGKILL between two calls of Slack, wherever that is."""
    environment = _environment(scene)
    said = 0
    for kill in range(kills):
        process = subprocess.Popen(
            [sys.executable, "-m", "bot.slack"],
            cwd=PROJECT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            scene.slack.faults.lose_answer("chat.postMessage", times=kill % 2)
            before = len(scene.slack.calls_of("chat.postMessage"))
            for _line in range(3):
                scene.says(f"line {said}")
                said += 1
            scene.until(
                lambda b=before, k=kill: len(scene.slack.calls_of("chat.postMessage")) > b + k % 4, within=120
            )
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
            scene.outlast_leases()
    with running(scene):
        # What the killed one was in the middle of is looked up in Slack first.
        scene.until(lambda: len(scene.lines()) >= said, within=120)
        scene.take(scene.sam)
        scene.reply(scene.sam, "All read.")
        scene.until(lambda: scene.answers() == ["All read."])
    assert scene.lines() == [f"line {number}" for number in range(said)]
    assert sum(one.text == BEGINS for one in scene.posted()) == 1


def _environment(scene: Scene) -> dict[str, str]:
    settings = slack_app.settings_for(scene.slack, slack_roles=ROLES)
    given = {
        "RIGHTLINE_HOME": str(get_settings().home),
        "RIGHTLINE_DATABASE_URL": scene.database.url.render_as_string(hide_password=False),
        "RIGHTLINE_DEMO": "1",
        "RIGHTLINE_SLACK_BOT_TOKEN": scene.slack.bot_token,
        "RIGHTLINE_SLACK_APP_TOKEN": scene.slack.app_token,
        "RIGHTLINE_SLACK_SIGNING_SECRET": scene.slack.signing_secret,
        "RIGHTLINE_SLACK_API_URL": scene.slack.api_url,
        "RIGHTLINE_SLACK_POSTS_A_SECOND": "0",
        "RIGHTLINE_SLACK_SUPPORT_CHANNEL": DESK,
        "RIGHTLINE_SLACK_ROLES": settings.model_dump_json(include={"slack_roles"})[15:-1],
    }
    return {**os.environ, **given}
