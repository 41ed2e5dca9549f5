"""A contact of a script in Slack: the real app, against a stand-in of Slack's own on loopback.

What a script looks at is read from what stands in Slack: posts, cards, buttons, by the names of blocks.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select

from actions.clock import now
from actions.conversations.log import rfc3339
from actions.conversations.models import Conversation, Turn
from actions.database import Database
from actions.settings import Settings
from actions.slack.models import SlackCall, SlackConversation
from bot.converse.demo import ANSWER_SECONDS, LOOK_SECONDS, DemoError, Message, Refusal, Unanswered
from bot.converse.script import Person
from bot.converse.slack_reading import as_message, continues
from bot.paths import PROJECT
from bot.slack.assistant.posts import ANSWER, CHOOSE
from bot.slack.wording import plain
from bot.slack_standin import StandInSlack
from bot.slack_standin.looking import words
from bot.slack_standin.people import User
from bot.slack_standin.workspace import Posted

START_SECONDS = 60.0
STOP_SECONDS = 10.0
PATIENCE = 5
DESK = "C0DESK"
REFUSALS = {
    "assistant.stale": (409, "stale_choice"),
    "assistant.over": (404, "unknown_conversation"),
    "assistant.unreadable": (422, "malformed"),
    "assistant.no_words": (422, "malformed"),
}


class Workspace:
    """A Slack of our own, and the app of a demo serving it."""

    def __init__(self, home: Path, settings: Mapping[str, str]) -> None:
        """Start both.

        Args:
            home: the demo's state folder.
            settings: environment variables it runs with beside those of this process.

        Raises:
            DemoError: the app does not start.
        """
        self.slack = StandInSlack()
        # How fast the app is on this machine is nothing that a script is about.
        self.slack.deliveries.patience *= PATIENCE
        self.slack.deliveries.waits_for_repetitions = True
        self.slack.workspace.monotonic = lambda: time.monotonic() / PATIENCE
        self.slack.channel(DESK, "privacy-desk", members=["U0AGENT"])
        url = settings.get("RIGHTLINE_DATABASE_URL", "") or Settings(home=home).effective_database_url
        self._database = Database(url)
        self._people = 0
        log = home / "logs" / "slack-scripts.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot.slack"],
                cwd=PROJECT,
                env={**os.environ, **settings, **_settings(home, self.slack)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        try:
            self.slack.wait_connected(START_SECONDS)
        except AssertionError:
            self.close()
            raise DemoError(f"the Slack app does not start; see {log}") from None

    def open(self, person: Person) -> SlackTalk:
        """Somebody new in the workspace, with whoever's address, who opens their messages with the app."""
        self._people += 1
        user = self.slack.user(f"U{self._people:04d}", person.name, email=person.facts["email"])
        return SlackTalk(self, user)

    def at_rest(self) -> bool:
        """Whether every message is answered, and every answer in Slack."""
        with self._database.read() as session:
            behind = (
                select(SlackConversation.id)
                .join(Conversation, Conversation.id == SlackConversation.conversation_id)
                .where(Conversation.last_seq > SlackConversation.delivered_seq)
            )
            queued = select(SlackCall.id).where(SlackCall.state.in_(("waiting", "sending")))
            looks = (select(Turn.id).where(Turn.answered_at.is_(None)), behind, queued)
            return all(session.scalar(look.limit(1)) is None for look in looks)

    def time(self) -> str:
        """The demo's present."""
        with self._database.read() as session:
            return rfc3339(now(session))

    def close(self) -> None:
        """End both."""
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self.slack.close()
        self._database.dispose()


class SlackTalk:
    """One person's direct messages with the app, as a conversation."""

    def __init__(self, workspace: Workspace, user: User) -> None:
        """Open the direct messages and wait to be greeted."""
        self.messages: list[Message] = []
        self._workspace = workspace
        self._slack = workspace.slack
        self._user = user
        self._read: set[str] = set()
        self._posts: list[tuple[Posted, list[dict[str, Any]]]] = []
        self._keys: dict[str, tuple[str, int]] = {}
        self._told = 0
        user.opens_home("messages")
        self._until(lambda: bool(self.messages), "nobody was greeted")

    def send(self, body: dict[str, Any]) -> int:
        """Write, press or fill in; the number is the script's own.

        Raises:
            Refusal: it was not taken, and the person was told so.
        """
        self.look()
        self._told = len(self._user.private)
        key = body.get("key")
        if key in self._keys:
            return self._again(str(key), body)
        said = {"text": body.get("text") or body.get("choice")}
        if "fields" in body:
            said = {"text": None, "fields": sorted(body["fields"])}
        seq = len(self.messages) + 1
        mine: Message = {"seq": seq, "at": self._workspace.time(), "from": "contact", **said}
        self.messages.append(mine)
        try:
            self._do(body)
        except Refusal:
            self.messages.remove(mine)
            raise
        if key is not None:
            self._keys[str(key)] = (str(body), seq)
            self._delivery = self._slack.deliveries.made[-1]
        return seq

    def look(self) -> None:
        """Read what is new in the direct messages."""
        for post in self._user.direct_messages:
            if not post.by_app or post.only_for or post.ts in self._read:
                continue
            self._read.add(post.ts)
            self._posts.append((post, post.blocks))
            if self.messages and continues(post.blocks, self.messages[-1]):
                continue
            seq = len(self.messages) + 1
            self.messages.append({"seq": seq, "at": self._workspace.time(), **as_message(post)})

    def settle(self, seq: int) -> None:
        """Wait until the message `seq` has its answer and nothing more is being worked on.

        Raises:
            Unanswered: that took too long.
        """

        def answered() -> bool:
            found = any(one["seq"] > seq and one["from"] != "contact" for one in self.messages)
            return found and self._workspace.at_rest()

        self._until(answered, "the message has no answer")
        self.look()

    def _do(self, body: dict[str, Any]) -> None:
        if "choice" in body:
            self._press(body["choice"])
        elif "fields" in body:
            self._fill_in(body["fields"])
        else:
            self._user.says(body["text"])
        self._not_refused()

    def _press(self, choice: str) -> None:
        post, blocks = self._with_button(f"{CHOOSE}:{choice}")
        # Whoever has an old message open still sees its buttons.
        current, post.blocks = post.blocks, blocks
        self._user.press(f"{CHOOSE}:{choice}", message=post)
        if post.blocks is blocks:
            post.blocks = current

    def _fill_in(self, fields: dict[str, str]) -> None:
        (value,) = fields.values()
        post, blocks = self._with_button(ANSWER)
        if post.blocks is not blocks:
            raise Refusal(409, "stale_ask", "Slack shows no button to answer privately any more")
        self._user.press(ANSWER, message=post)
        self._until(lambda: self._user.modal is not None or self._is_told(), "no modal opened")
        self._not_refused()
        done = self._user.submit(ANSWER, {"value": value})
        if done.errors:
            self._user.closes(ANSWER)
            raise Refusal(409, "stale_ask", "; ".join(done.errors.values()))

    def _with_button(self, action: str) -> tuple[Posted, list[dict[str, Any]]]:
        for post, blocks in reversed(self._posts):
            if f'"{action}"' in str(blocks).replace("'", '"'):
                return post, blocks
        raise Refusal(409, "stale_choice", f"Slack has never shown {action}")

    def _again(self, key: str, body: dict[str, Any]) -> int:
        known, seq = self._keys[key]
        if known != str(body):
            raise Refusal(409, "key_reused", "Slack gives no two messages the same name")
        self._slack.deliveries.repeat(self._delivery)
        return seq

    def _is_told(self) -> bool:
        return len(self._user.private) > self._told

    def _not_refused(self) -> None:
        """Wait until what was sent is taken, or its sender told why not."""
        self._until(lambda: self._is_told() or self._workspace.at_rest(), "it was not taken")
        if self._is_told():
            sentence = words(self._user.private[-1])
            for name, (status, code) in REFUSALS.items():
                if plain(name) == sentence:
                    raise Refusal(status, code, sentence)
            raise Refusal(429, "too_many_requests", sentence)

    def _until(self, condition: Any, otherwise: str) -> None:
        deadline = time.monotonic() + ANSWER_SECONDS
        while True:
            self.look()
            if condition():
                return
            if time.monotonic() > deadline:
                raise Unanswered(f"{otherwise} after {ANSWER_SECONDS:g} s")
            time.sleep(LOOK_SECONDS)


def _settings(home: Path, slack: StandInSlack) -> dict[str, str]:
    return {
        "PYTHONPATH": str(PROJECT),
        "RIGHTLINE_HOME": str(home),
        "RIGHTLINE_DEMO": "1",
        "RIGHTLINE_METRICS_PORT": "0",
        "RIGHTLINE_SLACK_MODE": "socket",
        "RIGHTLINE_SLACK_API_URL": slack.api_url,
        "RIGHTLINE_SLACK_BOT_TOKEN": slack.bot_token,
        "RIGHTLINE_SLACK_APP_TOKEN": slack.app_token,
        "RIGHTLINE_SLACK_TEAM_ID": slack.workspace.team,
        # Scripts answer faster than people do.
        "RIGHTLINE_SLACK_POSTS_A_SECOND": "0",
        "RIGHTLINE_SLACK_SUPPORT_CHANNEL": DESK,
        "RIGHTLINE_SLACK_ROLES": '{"agent": ["U0AGENT"]}',
    }
