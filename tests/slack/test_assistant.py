"""The assistant in Slack: the real app against the stand-in, turns answered as the engine would have them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from actions.conversations import log
from actions.conversations.models import Conversation, Turn
from actions.database import Database
from actions.handover import corrections
from actions.settings import get_settings
from actions.slack import outbox
from bot.paths import PROJECT
from bot.slack.assistant import listening
from bot.slack.assistant.following import close_posts
from bot.slack.interfaces import SlackServices
from bot.slack_standin import StandInSlack
from bot.slack_standin.looking import words
from bot.slack_standin.people import User
from tests.slack.assistant_desk import (
    _ready,
    answer,
    app,
    asked,
    engine,
    priya,
    turns,
)
from tests.support.dialogue import connected
from tests.support.slack_app import DESK, running, settings_for
from tests.support.slack_engine import Engine
from tests.support.store import database

__all__ = ["_ready", "app", "database", "engine", "priya"]


def test_a_whole_conversation_in_direct_messages(
    slack: StandInSlack, app: SlackServices, database: Database, priya: User, engine: Callable[[], Engine]
) -> None:
    priya.says("please delete everything you have about me")
    talk = engine()
    talk.answers("erase")
    ask = asked(slack, priya, talk)
    assert "Answer privately" in words(ask)
    assert next(words(one)[:5] for one in priya.direct_messages if one.by_app) == "Hello"
    priya.press("assistant.answer", message=ask)
    modal = slack.wait_for(lambda: priya.modal)
    element = modal.content["blocks"][0]["element"]
    # A hint, which she changes: it proves nothing.
    assert element["initial_value"] == "priya@work.example"
    priya.submit("assistant.answer", {"value": "priya@hartwell.example"})
    talk.answers()
    code = talk.code()
    answer(slack, priya, code, talk)
    choice = asked(slack, priya, talk, "assistant.choose:erase")
    assert "Kept for now" in words(choice)
    priya.press("assistant.choose:erase", message=choice)
    talk.answers()
    slack.wait_for(lambda: "PR-" in words(priya.direct_messages))
    assert [case.channel for case in talk.cases()] == ["slack"]
    # Buttons that were answered are gone, and what was chosen stands there.
    slack.wait_for(lambda: "✓" in words(choice))
    assert "assistant.choose" not in json.dumps(choice.blocks)
    # What was entered in modals stands nowhere in Slack.
    assert "priya@hartwell.example" not in words(slack.workspace.messages)
    assert code not in words(slack.workspace.messages)


def test_a_mention_is_answered_in_its_thread_and_goes_on_privately(
    slack: StandInSlack, app: SlackServices, database: Database, priya: User, engine: Callable[[], Engine]
) -> None:
    said = priya.mentions("C1", "what do you hold about me?")
    talk = engine()
    talk.answers("access")
    ask = asked(slack, priya, talk)
    assert (ask.channel, ask.thread_ts) == ("C1", said.ts)
    assert len(slack.channel("C1").thread(said.ts)) == 2
    answer(slack, priya, "priya@hartwell.example", talk)
    code = asked(slack, priya, talk)
    assert code.channel != "C1"
    assert "direct message" in words(slack.channel("C1").thread(said.ts)[-1])
    # She goes on in the thread of the direct messages: that is the same conversation.
    priya.message("", "does it take long?", thread_ts=code.thread_ts)
    talk.answers("ask_rights")
    answer(slack, priya, talk.code(), talk)
    slack.wait_for(lambda: "Raman" in words(priya.direct_messages))
    assert turns(database) == 4
    shown = words(slack.channel("C1").messages)
    assert "Raman" not in shown
    assert "PR-" not in shown
    assert len(slack.channel("C1").messages) == 3
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Conversation)) == 1


def test_two_people_in_one_thread_hold_two_conversations(
    slack: StandInSlack, app: SlackServices, database: Database, priya: User, engine: Callable[[], Engine]
) -> None:
    said = priya.mentions("C1", "what do you hold about me?")
    talk = engine()
    talk.answers("access")
    ask = asked(slack, priya, talk)
    other = slack.user("U2")
    other.message("C1", "good question", thread_ts=said.ts)
    assert turns(database) == 1
    other.press("assistant.answer", message=ask)
    slack.wait_for(lambda: "somebody else" in words(other.private))
    assert other.modal is None
    other.mentions("C1", "and about me?", thread_ts=said.ts)
    priya.message("C1", "take your time", thread_ts=said.ts)
    slack.wait_for(lambda: turns(database) == 3)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Conversation)) == 2


def test_what_is_typed_in_a_channel_is_hidden_and_its_writer_warned(
    slack: StandInSlack, app: SlackServices, database: Database, priya: User, engine: Callable[[], Engine]
) -> None:
    priya.mentions("C1", "delete priya@hartwell.example please")
    talk = engine()
    with database.read() as session:
        turn = session.scalars(select(Turn)).one()
    assert "EMAIL_1" in turn.engine_text
    assert "hartwell" not in turn.engine_text
    slack.wait_for(lambda: "Others can read this channel" in words(priya.private))
    talk.answers("erase")
    slack.wait_for(lambda: "goes on" in words(priya.direct_messages))
    assert "hartwell" not in words([one for one in slack.channel("C1").messages if one.by_app])


def test_old_buttons_are_refused_in_private(
    slack: StandInSlack, app: SlackServices, priya: User, engine: Callable[[], Engine]
) -> None:
    priya.says("hello")
    talk = engine()
    talk.answers("unclear")
    offer = asked(slack, priya, talk, "assistant.choose:access")
    blocks = [*offer.blocks]
    priya.says("delete my data")
    talk.answers("erase")
    asked(slack, priya, talk)
    # She had the old message open all the time.
    offer.blocks = blocks
    priya.press("assistant.choose:access", message=offer)
    slack.wait_for(lambda: "earlier question" in words(priya.private))


def test_what_comes_twice_has_one_effect(
    slack: StandInSlack, app: SlackServices, database: Database, priya: User, engine: Callable[[], Engine]
) -> None:
    slack.deliveries.again = 2
    priya.says("delete my data")
    assert slack.deliveries.made[-1].finished.wait(10)
    assert len(slack.deliveries.made[-1].attempts) == 3
    assert turns(database) == 1
    slack.deliveries.again = 0
    talk = engine()
    talk.answers("erase")
    priya.press("assistant.answer", message=asked(slack, priya, talk))
    slack.wait_for(lambda: priya.modal)
    priya.submit("assistant.answer", {"value": "priya@hartwell.example"})
    slack.deliveries.repeat(slack.deliveries.made[-1])
    assert turns(database) == 2


def test_nothing_is_lost_while_slack_is_away(
    slack: StandInSlack,
    app: SlackServices,
    priya: User,
    engine: Callable[[], Engine],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outbox, "FIRST_WAIT_SECONDS", 0.1)
    priya.says("hello")
    slack.faults.status("chat.*", times=2, status=503)
    slack.faults.rate_limit("chat.*", retry_after=1)
    slack.faults.lose_answer("chat.postMessage")
    engine().answers("greet")
    slack.wait_for(lambda: len([one for one in priya.direct_messages if one.by_app]) == 2, within=20)
    texts = [words(one) for one in priya.direct_messages if one.by_app]
    assert len(set(texts)) == 2


def test_an_agents_words_arrive(
    slack: StandInSlack, app: SlackServices, database: Database, priya: User, engine: Callable[[], Engine]
) -> None:
    said = priya.mentions("C1", "can I talk to somebody?")
    talk = engine()
    talk.answers("talk_to_human")
    with database.write() as session:
        conversation = log.lock(session, talk.id)
        assert conversation is not None
        log.append(
            session, conversation, "agent", {"text": "What is it about, <friend> & co?", "agent": "Sam"}
        )
    slack.wait_for(lambda: "Sam: What is it about, <friend> & co?" in words(priya.direct_messages))
    with database.write() as session:
        last = log.after(session, talk.id, 0)[-1]
        corrections.correct(session, talk.id, last.seq, "Sam", "What can I do?")
    slack.wait_for(lambda: "What can I do?" in words(priya.direct_messages))
    assert "friend" not in words(priya.direct_messages)
    # An agent may say anything: that is not for the channel.
    assert "Sam" not in words(slack.channel("C1").thread(said.ts))


@pytest.mark.parametrize(("text", "told"), [("", "words only"), ("x" * 8_001, "fewer words")])
def test_what_cannot_be_read_is_said_so(
    slack: StandInSlack, app: SlackServices, priya: User, text: str, told: str
) -> None:
    priya.says(text)
    slack.wait_for(lambda: told in words(priya.private))


def test_the_desks_channel_is_for_the_desk(
    slack: StandInSlack, app: SlackServices, database: Database
) -> None:
    slack.user("U0AGENT").mentions(DESK, "delete my data")
    slack.wait_for(lambda: "direct message" in words(slack.user("U0AGENT").private))
    assert turns(database) == 0


def test_over_http_it_is_the_same(
    slack: StandInSlack, database: Database, priya: User, engine: Callable[[], Engine], monkeypatch: Any
) -> None:
    with connected(database, monkeypatch), running(slack, database, http=True):
        priya.says("delete my data")
        talk = engine()
        talk.answers("erase")
        priya.press("assistant.answer", message=asked(slack, priya, talk))
        slack.wait_for(lambda: priya.modal)


def test_what_nobody_listens_to_is_acknowledged(slack: StandInSlack, app: SlackServices, priya: User) -> None:
    # Otherwise Slack sends it three times more, and in the end no events at all.
    priya.message("C1", "lunch?")
    assert slack.deliveries.made[-1].attempts == ["ok"]


def test_what_failed_half_way_is_done_once_when_it_comes_again(
    slack: StandInSlack, database: Database, priya: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    troubles = [OSError("as when the process is killed")]

    def closing(*given: Any, **named: Any) -> None:
        if troubles:
            raise troubles.pop()
        close_posts(*given, **named)

    monkeypatch.setattr(listening, "close_posts", closing)
    with connected(database, monkeypatch), running(slack, database, http=True):
        priya.message("", "delete my data", wait=False)
        assert slack.deliveries.made[-1].finished.wait(60)
    assert slack.deliveries.made[-1].attempts == ["http_500", "ok"]
    assert turns(database) == 1


def test_whoever_opens_the_messages_is_greeted_once(
    slack: StandInSlack, app: SlackServices, database: Database, priya: User
) -> None:
    for _ in range(2):
        priya.opens_home("messages")
    slack.wait_for(lambda: priya.direct_messages)
    priya.press("assistant.choose:access")
    assert turns(database) == 1
    assert len([one for one in priya.direct_messages if words(one).startswith("Hello")]) == 1


def test_nothing_entered_in_a_modal_is_ever_sent_to_slack(
    slack: StandInSlack, app: SlackServices, priya: User, engine: Callable[[], Engine]
) -> None:
    priya.mentions("C1", "change my phone number")
    talk = engine()
    talk.answers("rectify")
    for _ in range(3):
        if "assistant.answer" not in json.dumps(asked(slack, priya, talk, "assistant.").blocks):
            break
        answer(slack, priya, "zelda.quark@canary.example", talk)
    assert "zelda.quark" not in slack.everything_sent()


@pytest.mark.full
@pytest.mark.timeout(900)
def test_killed_at_any_point_everything_has_one_effect(
    slack: StandInSlack, database: Database, priya: User, engine: Callable[[], Engine]
) -> None:
    """A process of its own, ended by SIGKILL wherever it is: what is said and what is answered, once each."""
    slack.deliveries.pauses = (1.0,) * 120
    slack.channel(DESK, members=["U0AGENT"])
    answered = 0
    for kill in range(6):
        process = started(slack, database)
        try:
            priya.says(f"question {kill}", wait=False)
            slack.faults.lose_answer("chat.postMessage", times=kill % 2)
            talk = engine()
            for _line in range(3):
                with database.write() as session:
                    conversation = log.lock(session, talk.id)
                    assert conversation is not None
                    log.append(session, conversation, "assistant", {"text": f"line {answered}"})
                answered += 1
            posts = len(slack.calls_of("chat.postMessage"))
            slack.wait_for(
                lambda b=posts, k=kill: len(slack.calls_of("chat.postMessage")) > b + k % 3, within=90
            )
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
    with running(slack, database):
        slack.wait_for(lambda: turns(database) == 6, within=90)
        # What the killed one was in the middle of is looked up once its lease is over.
        slack.wait_for(lambda: len(lines(priya)) >= answered, within=90)
        assert turns(database) == 6
    assert lines(priya) == [f"line {number}" for number in range(answered)]


def lines(user: User) -> list[str]:
    """What the test itself had the assistant say, as it stands in Slack."""
    shown = [words(one) for one in user.direct_messages if one.by_app]
    return [text for text in shown if text.startswith("line ")]


def started(slack: StandInSlack, database: Database) -> subprocess.Popen[bytes]:
    """The app as a process of its own."""
    settings = settings_for(slack)
    given = {
        "RIGHTLINE_HOME": str(get_settings().home),
        "RIGHTLINE_DATABASE_URL": database.url.render_as_string(hide_password=False),
        "RIGHTLINE_DEMO": "1",
        "RIGHTLINE_SLACK_BOT_TOKEN": slack.bot_token,
        "RIGHTLINE_SLACK_APP_TOKEN": slack.app_token,
        "RIGHTLINE_SLACK_API_URL": slack.api_url,
        "RIGHTLINE_SLACK_POSTS_A_SECOND": "0",
        "RIGHTLINE_SLACK_SUPPORT_CHANNEL": DESK,
        "RIGHTLINE_SLACK_ROLES": json.dumps(settings.slack_roles),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "bot.slack"],
        cwd=PROJECT,
        env={**os.environ, **given},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
