"""Guessing: ten codes of five tries an address in a day, from however many conversations and networks."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from actions import clock
from actions.conversations import log
from actions.conversations.models import Conversation
from actions.conversations.services import open_conversation
from actions.database import Database
from actions.fulfilment.models import Step
from actions.identity import services as identity
from actions.identity.interfaces import Sent
from actions.identity.models import VerificationCode
from actions.mail.services import message_id
from tests.support.dialogue import Chat

ADDRESS = "priya@hartwell.example"
GUESSERS, ROUNDS = 12, 3
CODES, TRIES = 10, 5
ALL_CODES = 1_000_000


def opened(database: Database, network: str) -> str:
    with database.write() as session:
        return open_conversation(session, [], network=network).id


def locked(session: Session, chat: str) -> Conversation:
    found = log.lock(session, chat)
    assert found is not None
    return found


def test_conversations_and_networks_together_get_fifty_tries_a_day(database: Database) -> None:
    results: Counter[str] = Counter()
    lock = threading.Lock()
    start = threading.Barrier(GUESSERS)

    def guess(number: int) -> None:
        start.wait(20)
        for round_number in range(ROUNDS):
            chat = opened(database, f"192.0.2.{number * ROUNDS + round_number}")
            with database.write() as session:
                sent = identity.send_code(session, locked(session, chat), ADDRESS)
            outcomes = [type(sent).__name__]
            for _ in range(TRIES + 3 if isinstance(sent, Sent) else 1):
                with database.write() as session:
                    checked = identity.check_code(session, locked(session, chat), "not a code")
                    outcomes.append(checked.result)
            with lock:
                results.update(outcomes)

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(GUESSERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert results["Sent"] == CODES
    assert results["Closed"] == GUESSERS * ROUNDS - CODES
    assert results["right"] == 0
    with database.read() as session:
        left = session.scalar(select(func.sum(VerificationCode.tries_left)))
        told = session.scalars(select(Step.key).where(Step.key.startswith("code-locked:"))).all()
    assert left == 0
    tries = CODES * TRIES
    assert results["wrong"] == tries - CODES, "the last try of each code closes it"
    assert tries / ALL_CODES == 5 / 100_000, "the chance of a guesser who never repeats a guess"
    assert len(told) == CODES, "the owner is told of every code that was guessed at to the end"
    assert len({message_id(key) for key in told}) == CODES


def test_the_day_is_counted_back_from_each_code_and_not_from_midnight(database: Database) -> None:
    for hour in range(CODES):
        with database.write() as session:
            chat = locked(session, open_conversation(session, []).id)
            assert isinstance(identity.send_code(session, chat, ADDRESS), Sent), hour
            clock.advance(session, timedelta(hours=2))
    allowed = 0
    for _ in range(24):
        with database.write() as session:
            chat = locked(session, open_conversation(session, []).id)
            allowed += isinstance(identity.send_code(session, chat, ADDRESS), Sent)
            clock.advance(session, timedelta(hours=1))
    assert allowed == CODES, "as many in each further day, one as each of the old ones falls out"


def test_a_guesser_learns_nothing_from_being_right_about_a_replaced_code(chat: Chat) -> None:
    chat.send("access")
    chat.send(email=ADDRESS)
    old = chat.code()
    chat.send(choice="resend_code")
    new = chat.code()
    said = chat.send(code=old)[-1]["text"]
    if old != new:
        assert "isn't the code" in said


def test_the_owner_who_is_locked_out_still_reaches_a_person(chat: Chat) -> None:
    for _ in range(CODES):
        guesser = Chat(chat.database)
        guesser.send("access")
        guesser.send(email=ADDRESS)
        for _try in range(TRIES):
            guesser.send(code="not a code")
    assert "closed this one" in guesser.messages()[-1]["text"]
    chat.send("access")
    refused = chat.send(email=ADDRESS)[-1]
    assert "another code" in refused["text"]
    assert "talk_to_human" in {choice["id"] for choice in refused["choices"]}
    chat.send("talk_to_human")
    chat.send(email=ADDRESS)
    chat.send(value="I can't get in.")
    with chat.database.read() as session:
        (ticket,) = session.scalars(select(Step).where(Step.kind == "helpdesk_ticket")).all()
    assert ticket.payload["requestor"] == ADDRESS
    assert ticket.payload["body"] == "I can't get in."
