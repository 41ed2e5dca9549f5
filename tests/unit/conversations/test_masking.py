"""What nobody may keep is neither in the log, nor in the vault, nor in what the engine reads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from actions.conversations import intake, log, turns
from actions.conversations.interfaces import AskedField, TurnInput
from actions.conversations.models import Turn
from actions.conversations.offers import Speech, say
from actions.database import Base, Database
from nlu.pseudonyms import Pseudonymiser
from nlu.pseudonyms.kinds import Found, Hidden

PASTED = {
    "card": ("delete me, I paid with 4111 1111 1111 1111", "1111 1111"),
    "password": ("my password is Kestrel#9, delete me", "Kestrel"),
    "identity": ("my NI number is AB 12 34 56 C", "34 56"),
    "bank": ("refund to sort code 20-00-00 account 55779911", "55779911"),
    "health": ("I have cancer, please delete me", "cancer"),
}


def everything(database: Database) -> str:
    """Every column of every row, decrypted."""
    with database.read() as session:
        return "\n".join(
            json.dumps({column.key: getattr(row, column.key) for column in mapper.column_attrs}, default=str)
            for mapper in Base.registry.mappers
            for row in session.scalars(select(mapper.class_))
        )


def accept(database: Database, conversation: str, given: TurnInput) -> Turn:
    with database.write() as session:
        seq = intake.accept(session, conversation, given)
        return session.scalars(
            select(Turn).where(Turn.conversation_id == conversation, Turn.seq == seq)
        ).one()


def ask(database: Database, conversation: str, field: AskedField) -> None:
    with database.write() as session:
        locked = log.lock(session, conversation)
        assert locked is not None
        say(session, locked, Speech("Please tell me.", ask={"field": field, "label": field}))


@pytest.mark.parametrize("kind", PASTED)
@pytest.mark.parametrize("asked", [None, "email", "name", "value"])
def test_it_is_masked_before_it_is_stored(
    database: Database, conversation: str, kind: str, asked: AskedField | None
) -> None:
    text, secret = PASTED[kind]
    if asked:
        ask(database, conversation, asked)
    turn = accept(database, conversation, TurnInput(text=text))
    assert turn.masked == [kind]
    stored = everything(database)
    assert secret not in stored
    assert "removed]" in stored


@pytest.mark.parametrize("field", ["email", "code", "phone", "name", "value"])
def test_it_is_masked_in_a_typed_field_too(database: Database, conversation: str, field: AskedField) -> None:
    ask(database, conversation, field)
    turn = accept(database, conversation, TurnInput(fields={field: "4111 1111 1111 1111"}))
    assert turn.masked == ["card"]
    # Four ones may stand in an identifier, which is hexadecimal.
    assert "11111111" not in everything(database).replace(" ", "")


def test_an_ordinary_message_has_no_flag(database: Database, conversation: str) -> None:
    assert accept(database, conversation, TurnInput(text="delete me")).masked is None


class _Late(Pseudonymiser):
    """One whose recogniser of names comes later."""

    trained = False

    def hide_names(self, text: str, *, known: object = None) -> Hidden:
        if not self.trained:
            return super().hide_names(text)
        name = "Grace Okafor"
        found = Found("person", name, name, text.index(name), text.index(name) + len(name))
        return Hidden(text.replace(name, "PERSON_1"), (found,), {"PERSON_1": found}, complete=True)


def test_names_in_a_message_that_came_before_the_recogniser_are_hidden_before_the_engine_reads_it(
    database: Database, conversation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = _Late(recogniser=Path("untrained"))
    monkeypatch.setattr(intake, "_loaded", [late])
    turn = accept(database, conversation, TurnInput(text="delete Grace Okafor, grace@a.example"))
    assert turn.engine_text == "delete Grace Okafor, EMAIL_1"
    assert not turn.names_hidden
    late.trained = True
    with database.write() as session:
        (job,) = turns.claim(session, "gateway", ())
    assert job.text == "delete PERSON_1, EMAIL_1"
    with database.read() as session:
        stored = session.get(Turn, turn.id)
        assert stored is not None
        assert stored.names_hidden
        assert "Grace" not in stored.engine_text
