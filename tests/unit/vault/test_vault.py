"""The vault: one conversation's values, for a while."""

from __future__ import annotations

from datetime import timedelta

from actions import clock
from actions.database import Database
from actions.vault import services as vault
from tests.support.store import conversation


def test_the_same_value_keeps_its_placeholder_and_another_gets_the_next(database: Database) -> None:
    chat = conversation(database)
    with database.write() as session:
        assert vault.put(session, chat, "email", "a@b.example") == "EMAIL_1"
        assert vault.put(session, chat, "email", "c@d.example") == "EMAIL_2"
        assert vault.put(session, chat, "email", "a@b.example") == "EMAIL_1"
        assert vault.put(session, chat, "phone", "+441632960101") == "PHONE_1"


def test_another_conversation_cannot_read_it(database: Database) -> None:
    mine, other = conversation(database), conversation(database)
    with database.write() as session:
        placeholder = vault.put(session, mine, "email", "a@b.example")
        assert vault.value_of(session, mine, placeholder) == "a@b.example"
        assert vault.value_of(session, other, placeholder) is None


def test_what_has_expired_cannot_be_read(database: Database) -> None:
    chat = conversation(database)
    with database.write() as session:
        placeholder = vault.put(session, chat, "email", "a@b.example")
        clock.advance(session, vault.lifetime() + timedelta(seconds=1))
        assert vault.value_of(session, chat, placeholder) is None
