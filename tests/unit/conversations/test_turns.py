"""Turns: claimed in order, by one at a time, and answered once."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from actions.clock.services import machine_now
from actions.conversations import intake, turns
from actions.conversations.interfaces import TurnInput
from actions.conversations.models import Conversation, Turn
from actions.database import Database


def write(database: Database, conversation: str, *texts: str) -> None:
    for text in texts:
        with database.write() as session:
            intake.accept(session, conversation, TurnInput(text=text))


def claim(database: Database, owner: str = "us", trusted: frozenset[str] = frozenset()) -> list[turns.Job]:
    with database.write() as session:
        return turns.claim(session, owner, trusted)


def answer(database: Database, job: turns.Job) -> None:
    with database.write() as session:
        found = turns.begin(session, job.turn_id)
        assert found is not None
        turns.answer(session, *found, events=[{"event": "slot"}])


def test_only_the_oldest_of_a_conversation_is_claimed(database: Database, conversation: str) -> None:
    write(database, conversation, "one", "two")
    (job,) = claim(database)
    assert job.text == "one"
    assert claim(database) == []
    answer(database, job)
    (job,) = claim(database)
    assert job.text == "two"
    answer(database, job)
    assert claim(database) == []
    with database.read() as session:
        found = session.get(Conversation, conversation)
        assert found is not None
        assert found.open_turns == 0
        assert not turns.is_waiting(session)


def test_a_session_goes_on_with_whoever_trusts_it(database: Database, conversation: str) -> None:
    write(database, conversation, "one", "two", "three")
    (first,) = claim(database)
    assert first.fresh
    assert first.abandoned is None
    answer(database, first)
    (second,) = claim(database, trusted=frozenset({first.engine_session}))
    assert not second.fresh
    assert second.engine_session == first.engine_session
    answer(database, second)
    (third,) = claim(database, "another gateway")
    assert third.fresh
    assert third.abandoned == first.engine_session


def test_what_is_given_back_waits_and_counts(database: Database, conversation: str) -> None:
    write(database, conversation, "one")
    (job,) = claim(database)
    with database.write() as session:
        turns.release(session, "us", job.turn_id, retry_in=timedelta(minutes=1), failed=True)
        assert not turns.is_waiting(session)
    assert claim(database) == []
    with database.write() as session:
        session.execute(update(Turn).values(lease_until=machine_now()))
    (again,) = claim(database)
    assert again.attempts == 1


def test_only_the_holder_renews_and_gives_back(database: Database, conversation: str) -> None:
    write(database, conversation, "one")
    (job,) = claim(database, "us")
    with database.write() as session:
        before = session.scalar(select(Turn.lease_until))
        turns.renew(session, "others", [job.turn_id])
        turns.release(session, "others", job.turn_id, retry_in=timedelta(0), failed=True)
        assert session.scalar(select(Turn.lease_until)) == before
        turns.renew(session, "us", [job.turn_id])
        after = session.scalar(select(Turn.lease_until))
        assert before is not None
        assert after is not None
        assert after > before


def test_an_answered_turn_stays_answered(database: Database, conversation: str) -> None:
    write(database, conversation, "one")
    (job,) = claim(database)
    answer(database, job)
    with database.write() as session:
        turns.release(session, "us", job.turn_id, retry_in=timedelta(0), failed=True)
        turns.release_all(session, "us")
        assert turns.is_answered(session, job.turn_id)
        turn = session.get(Turn, job.turn_id)
        assert turn is not None
        assert turn.attempts == 0
        assert turn.receipt == {"events": [{"event": "slot"}]}
    assert claim(database) == []


def test_a_turn_that_is_not_there_begins_nothing(database: Database) -> None:
    with database.write() as session:
        assert turns.begin(session, "nothing") is None


def taken_in(database: Database, conversation: str, text: str) -> turns.Job | None:
    """What the gateway claims in the transaction that takes a message in."""
    claimed: list[turns.Job | None] = []

    def take(locked: Conversation, turn: Turn) -> None:
        # As where the recogniser of names has been trained.
        turn.names_hidden = True
        claimed.append(turns.claim_new(locked, turn, "us", ()))

    with database.write() as session:
        intake.accept(session, conversation, TurnInput(text=text), to_assistant=take)
    (job,) = claimed
    return job


def test_a_turn_is_claimed_as_it_is_made_unless_another_comes_first(
    database: Database, conversation: str
) -> None:
    first = taken_in(database, conversation, "one")
    assert first is not None
    assert (first.text, first.fresh) == ("one", True)
    assert claim(database, "another") == [], "it is leased"
    assert taken_in(database, conversation, "two") is None
    answer(database, first)
    (second,) = claim(database, "another")
    assert second.text == "two"


def test_a_turn_whose_names_are_not_hidden_is_left_to_who_hides_them(
    database: Database, conversation: str
) -> None:
    with database.write() as session:
        intake.accept(session, conversation, TurnInput(text="one"))
        turn = session.scalars(select(Turn)).one()
        turn.names_hidden = False
        locked = session.get_one(Conversation, conversation)
        assert turns.claim_new(locked, turn, "us", ()) is None
        assert turn.lease_owner is None
