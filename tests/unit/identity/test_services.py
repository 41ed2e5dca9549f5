"""Codes: sent to anybody, right once, counted, limited, and gone in time."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from actions import clock
from actions.conversations import log
from actions.conversations.models import Conversation
from actions.database import Database
from actions.fulfilment.models import Step
from actions.identity import services as identity
from actions.identity.interfaces import Closed, Sent
from actions.identity.models import VerificationCode
from tests.support.store import conversation

ADDRESS = "tom@northgate.example"


def code_sent(database: Database) -> str:
    with database.read() as session:
        step = session.scalars(select(Step).where(Step.kind == "mail").order_by(Step.id.desc())).first()
        assert step is not None
        return "".join(c for c in step.payload["text"].split("code is", 1)[1][:12] if c.isdigit())


def send(database: Database, chat: str, address: str = ADDRESS) -> Sent | Closed:
    with database.write() as session:
        return identity.send_code(session, locked(session, chat), address)


def check(database: Database, chat: str, typed: str) -> str:
    with database.write() as session:
        return identity.check_code(session, locked(session, chat), typed).result


def locked(session, chat: str) -> Conversation:  # type: ignore[no-untyped-def]
    found = log.lock(session, chat)
    assert found is not None
    return found


def test_a_right_code_works_once_however_it_is_spaced(database: Database) -> None:
    chat = conversation(database)
    send(database, chat)
    code = code_sent(database)
    assert check(database, chat, f" {code[:3]}-{code[3:]} ") == "right"
    assert check(database, chat, code) == "none"


def test_a_code_is_bound_to_its_conversation(database: Database) -> None:
    mine, other = conversation(database), conversation(database)
    send(database, mine)
    code = code_sent(database)
    send(database, other, "somebody@else.example")
    if code_sent(database) != code:
        assert check(database, other, code) == "wrong"
    assert check(database, mine, code) == "right"


def test_only_a_keyed_hash_is_kept_and_a_new_code_replaces_the_old(database: Database) -> None:
    chat = conversation(database)
    send(database, chat)
    old = code_sent(database)
    send(database, chat)
    new = code_sent(database)
    with database.read() as session:
        rows = session.scalars(select(VerificationCode)).all()
    assert all(old not in row.code_hash and len(row.code_hash) == 64 for row in rows)
    if old != new:
        assert check(database, chat, old) == "wrong"
    assert check(database, chat, new) == "right"


def test_five_tries_even_when_they_come_at_once(database: Database) -> None:
    chat = conversation(database)
    send(database, chat)
    wrong = f"{(int(code_sent(database)) + 1) % 1_000_000:06d}"
    results: list[str] = []
    threads = [
        threading.Thread(target=lambda: results.append(check(database, chat, wrong))) for _ in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(results) == {"wrong": 4, "closed": 8}


def test_ten_codes_for_an_address_in_a_day_whoever_asks(database: Database) -> None:
    chats = [conversation(database) for _ in range(4)]
    sent = [send(database, chats[number % 4]) for number in range(11)]
    assert [type(result) for result in sent] == [Sent] * 10 + [Closed]
    with database.write() as session:
        clock.advance(session, timedelta(hours=24, minutes=1))
    assert isinstance(send(database, chats[0]), Sent)


def test_a_proof_lasts_thirty_minutes(database: Database) -> None:
    chat = conversation(database)
    send(database, chat)
    check(database, chat, code_sent(database))
    with database.write() as session:
        assert identity.proven_address(session, locked(session, chat)) == ADDRESS
        clock.advance(session, timedelta(minutes=31))
        assert identity.proven_address(session, locked(session, chat)) is None


def test_codes_use_the_whole_range(monkeypatch: pytest.MonkeyPatch, database: Database) -> None:
    monkeypatch.setattr(
        "actions.identity.services.secrets.randbelow", lambda bound: 7 if bound == 1_000_000 else -1
    )
    send(database, conversation(database))
    assert code_sent(database) == "000007"
