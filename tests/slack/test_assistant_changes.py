"""What a person changes or deletes in Slack after they sent it to the assistant."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from actions.cases import services as cases
from actions.cases.models import LegalHold
from actions.clock import now
from actions.conversations.models import Conversation, Turn
from actions.database import Database
from bot.slack.interfaces import SlackServices
from bot.slack_standin import StandInSlack
from bot.slack_standin.looking import words
from bot.slack_standin.people import User
from tests.slack.assistant_desk import (
    _ready,
    app,
    asked,
    engine,
    engine_texts,
    kept,
    priya,
    turns,
)
from tests.support.desk import agent, open_the_desk
from tests.support.slack_app import DESK
from tests.support.slack_engine import Engine
from tests.support.store import database

__all__ = ["_ready", "app", "database", "engine", "priya"]


def test_what_is_changed_before_it_is_answered_is_answered_as_it_stands(
    slack: StandInSlack, app: SlackServices, database: Database, priya: User, engine: Callable[[], Engine]
) -> None:
    said = priya.says("what do you hold about me?")
    talk = engine()
    priya.edits(said, "please delete everything, I'm priya@hartwell.example")
    slack.deliveries.repeat(slack.deliveries.made[-1])
    assert engine_texts(database) == ["please delete everything, I'm EMAIL_1"]
    assert "hold" not in kept(database)
    talk.answers("erase")
    asked(slack, priya, talk)
    # What is deleted before it is answered is not answered at all.
    gone = priya.says("and my name is Priya Raman")
    priya.deletes(gone)
    slack.wait_for(lambda: "nothing comes of it" in words(priya.private))
    with database.read() as session:
        assert session.scalar(select(Turn.id).where(Turn.answered_at.is_(None))) is None
        assert session.get_one(Conversation, talk.id).open_turns == 0
    assert "Raman" not in kept(database)
    assert engine_texts(database)[-1] == ""


def test_a_change_does_not_undo_what_was_answered_and_a_deletion_takes_the_words(
    slack: StandInSlack, app: SlackServices, database: Database, priya: User, engine: Callable[[], Engine]
) -> None:
    said = priya.says("delete all you have on the Quark account")
    talk = engine()
    talk.answers("erase")
    asked(slack, priya, talk)
    priya.edits(said, "do not delete anything")
    slack.wait_for(lambda: "what I did with it stands" in words(priya.private))
    assert kept(database) == "delete all you have on the Quark account"
    with database.write() as session:
        case = cases.open_case(
            session,
            right="erasure",
            conversation_id=talk.id,
            received_at=now(session),
            state="awaiting_approval",
        )
        hold = cases.place_hold(session, case=case, reason="a claim", by="dana")
    priya.deletes(said)
    slack.wait_for(lambda: "legal matter" in words(priya.private))
    assert "Quark" in kept(database)
    with database.write() as session:
        cases.lift_hold(session, session.get_one(LegalHold, hold.id), by="dana")
    again = priya.says("it is the Quark account")
    talk.answers("unclear")
    priya.deletes(again)
    slack.wait_for(lambda: "goes on" in words(priya.private))
    assert kept(database) == "delete all you have on the Quark account"
    assert engine_texts(database)[-1] == ""


def test_a_person_hears_of_changes_and_loses_what_is_deleted(
    slack: StandInSlack, app: SlackServices, database: Database, priya: User, engine: Callable[[], Engine]
) -> None:
    open_the_desk(database)
    agent(database, "sam")
    wish = priya.says("a person please, about the Quark account")
    talk = engine()
    talk.answers("talk_to_human")
    desk = slack.channel(DESK)
    slack.wait_for(lambda: "Quark" in words(desk.messages))
    said = priya.says("it ends in March")
    slack.wait_for(lambda: "it ends in March" in words(desk.messages))
    priya.edits(said, "it ends in May")
    slack.wait_for(lambda: "(corrected) it ends in May" in words(desk.messages))
    priya.deletes(said)
    priya.deletes(wish)
    slack.wait_for(lambda: "Quark" not in words(desk.messages) and "March" not in words(desk.messages))
    assert "wants a person" in words(desk.messages)
    assert "ends in May" in words(desk.messages)


def test_in_a_channel_and_what_was_refused_at_first(
    slack: StandInSlack, app: SlackServices, database: Database, priya: User, engine: Callable[[], Engine]
) -> None:
    said = priya.mentions("C1", "what do you hold on the Quark account?")
    talk = engine()
    talk.answers("access")
    slack.wait_for(lambda: len(slack.channel("C1").thread(said.ts)) == 2)
    # Slack keeps the place of what has replies, and tells of a change to it.
    priya.deletes(said)
    slack.wait_for(lambda: "goes on" in words(priya.private))
    assert "Quark" not in kept(database)
    others = slack.user("U2").message("C1", "not said to the app")
    slack.user("U2").edits(others, "still not")
    slack.user("U2").deletes(others)
    assert turns(database) == 1
    long = priya.says("x" * 8_001)
    slack.wait_for(lambda: "fewer words" in words(priya.private))
    priya.edits(long, "shorter")
    assert turns(database) == 2
    assert "shorter" in kept(database)
