"""What becomes of a contact's message: the log, the vault, and the words that go to the engine."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from actions.conversations import intake, log, offers
from actions.conversations.interfaces import AskedField, ConversationError, TurnInput
from actions.conversations.models import Conversation, Turn
from actions.conversations.offers import Option, Speech, say
from actions.database import Database
from actions.identity import services as identity
from actions.limits import LimitExceeded
from actions.vault import services as vault
from actions.vault.models import VaultedValue
from nlu.pseudonyms import Seen
from tests.support.store import conversation as new_conversation


def accept(database: Database, conversation: str, given: TurnInput, **options: object) -> int:
    with database.write() as session:
        return intake.accept(session, conversation, given, **options)  # type: ignore[arg-type]


def ask(database: Database, conversation: str, field: AskedField) -> None:
    with database.write() as session:
        locked = log.lock(session, conversation)
        assert locked is not None
        say(session, locked, Speech("Please tell me.", ask={"field": field, "label": field}))


def last_turn(database: Database) -> Turn:
    with database.read() as session:
        return session.scalars(select(Turn).order_by(Turn.seq.desc())).first()  # type: ignore[return-value]


def value_of(database: Database, conversation: str, placeholder: str) -> str | None:
    with database.read() as session:
        return vault.value_of(session, conversation, placeholder)


@pytest.mark.parametrize(
    ("field", "typed", "placeholder", "kept"),
    [
        ("email", " Priya@HARTWELL.example ", "EMAIL_1", "Priya@hartwell.example"),
        ("email", "not an address", "EMAIL_1", "not an address"),
        ("code", "481 206", "CODE_1", "481206"),
        ("phone", "07700 900102", "PHONE_1", "+447700900102"),
        ("name", "Mary-Jane  O'Neill", "PERSON_1", "Mary-Jane O'Neill"),
        ("value", "+44 7700 900199", "VALUE_1", "+44 7700 900199"),
    ],
)
def test_a_field_is_vaulted_whole(
    database: Database, conversation: str, field: AskedField, typed: str, placeholder: str, kept: str
) -> None:
    ask(database, conversation, field)
    accept(database, conversation, TurnInput(fields={field: typed}))
    assert last_turn(database).engine_text == f'/provide{{"{field}": "{placeholder}"}}'
    assert value_of(database, conversation, placeholder) == kept


def test_an_address_typed_as_text_is_the_same_as_one_given_in_the_field(
    database: Database, conversation: str
) -> None:
    ask(database, conversation, "email")
    accept(database, conversation, TurnInput(text="it's Priya@Hartwell.example I think"))
    assert last_turn(database).engine_text == "it's EMAIL_1 I think"
    ask(database, conversation, "email")
    accept(database, conversation, TurnInput(fields={"email": "Priya@hartwell.example"}))
    assert last_turn(database).engine_text == '/provide{"email": "EMAIL_1"}'


def test_a_sentence_typed_where_a_code_is_asked_for_stays_a_sentence(
    database: Database, conversation: str
) -> None:
    ask(database, conversation, "code")
    accept(database, conversation, TurnInput(text="I can't get at that mailbox"))
    assert last_turn(database).engine_text == "I can't get at that mailbox"
    ask(database, conversation, "code")
    accept(database, conversation, TurnInput(text="481206"))
    assert last_turn(database).engine_text == "CODE_1"


def test_a_name_typed_as_text_is_vaulted_whole_and_not_shown(database: Database, conversation: str) -> None:
    ask(database, conversation, "value")
    seq = accept(database, conversation, TurnInput(text="Smythe"), escapes=frozenset({"cancel"}))
    assert last_turn(database).engine_text == '/provide{"value": "VALUE_1"}'
    with database.read() as session:
        message = log.after(session, conversation, seq - 1)[0]
        assert message.body == {"fields": ["value"]}
    ask(database, conversation, "value")
    accept(database, conversation, TurnInput(text="Cancel, please!"), escapes=frozenset({"cancel"}))
    assert last_turn(database).engine_text == "Cancel, please!"


def test_the_same_value_keeps_its_placeholder(database: Database, conversation: str) -> None:
    accept(database, conversation, TurnInput(text="a@one.example and b@two.example"))
    accept(database, conversation, TurnInput(text="b@two.example, c@three.example"))
    assert last_turn(database).engine_text == "EMAIL_2, EMAIL_3"
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(VaultedValue)) == 3


def test_values_of_another_conversation_stay_there(database: Database, conversation: str) -> None:
    from actions.conversations.services import open_conversation

    with database.write() as session:
        other = open_conversation(session, []).id
    accept(database, other, TurnInput(text="a@one.example"))
    accept(database, conversation, TurnInput(text="b@two.example"))
    assert value_of(database, conversation, "EMAIL_1") == "b@two.example"
    assert value_of(database, other, "EMAIL_1") == "a@one.example"


@pytest.mark.parametrize("text", ["EMAIL_1", "my address is EMAIL_1", "Email_1", "VALUE_12"])
def test_a_typed_placeholder_names_nothing(database: Database, conversation: str, text: str) -> None:
    accept(database, conversation, TurnInput(text="a@one.example"))
    accept(database, conversation, TurnInput(text=text))
    assert "_" not in last_turn(database).engine_text


@pytest.mark.parametrize("text", ["/erase", "//erase", " \t/ /erase{}", "\u200b/erase", "／erase"])
def test_a_slash_commands_nothing(database: Database, conversation: str, text: str) -> None:
    accept(database, conversation, TurnInput(text=text))
    assert last_turn(database).engine_text.startswith("erase")


def test_placeholders_are_renamed_all_at_once() -> None:
    names = {"EMAIL_1": "EMAIL_2", "EMAIL_2": "EMAIL_1", "EMAIL_11": "EMAIL_3"}
    assert intake._renamed("EMAIL_1 EMAIL_2 EMAIL_11 XEMAIL_1", names) == "EMAIL_2 EMAIL_1 EMAIL_3 XEMAIL_1"


def test_an_offer_ends_with_the_answer_and_not_with_what_others_say(
    database: Database, conversation: str
) -> None:
    with database.write() as session:
        locked = log.lock(session, conversation)
        assert locked is not None
        log.append(session, locked, "agent", {"text": "Sam here"})
        say(session, locked, Speech("More.", (Option("undo", "Undo it"),)))
        assert offers.offered_choices(locked).keys() == {"erase", "cancel", "undo"}
    seq = accept(database, conversation, TurnInput(choice="erase"))
    assert last_turn(database).offered == ["cancel", "erase", "undo"]
    with database.read() as session:
        assert log.after(session, conversation, seq - 1)[0].body == {
            "text": "Delete my details",
            "choice": "erase",
        }
    with pytest.raises(ConversationError) as refused:
        accept(database, conversation, TurnInput(choice="undo"))
    assert (refused.value.status, refused.value.code) == (409, "stale_choice")


def test_what_is_refused_leaves_the_offer_and_the_limit_alone(database: Database, conversation: str) -> None:
    for given in (TurnInput(choice="nothing"), TurnInput(fields={"email": "a@b.example"})):
        with pytest.raises(ConversationError):
            accept(database, conversation, given, limit="1/minute")
    accept(database, conversation, TurnInput(choice="erase"), limit="1/minute")
    with pytest.raises(LimitExceeded):
        accept(database, conversation, TurnInput(text="more"), limit="1/minute")


def test_a_repeated_key_does_not_count(database: Database, conversation: str) -> None:
    given = TurnInput(text="hello")
    seqs = {accept(database, conversation, given, key="k", limit="1/minute") for _ in range(3)}
    assert len(seqs) == 1
    with database.read() as session:
        found = session.get(Conversation, conversation)
        assert found is not None
        assert found.open_turns == 1


def test_an_unknown_conversation_is_said_so(database: Database) -> None:
    with pytest.raises(ConversationError) as refused:
        accept(database, "unknown", TurnInput(text="hello"))
    assert refused.value.status == 404


def test_a_code_typed_when_it_is_no_longer_asked_for_is_hidden_all_the_same(database: Database) -> None:
    chat = new_conversation(database)
    with database.write() as session:
        locked = log.lock(session, chat)
        assert locked is not None
        identity.send_code(session, locked, "tom@northgate.example")
    with database.write() as session:
        seq = intake.accept(session, chat, TurnInput(text="wait, here it is! 481 206"))
        turn = session.scalars(select(Turn).where(Turn.conversation_id == chat, Turn.seq == seq)).one()
        assert turn.engine_text == "wait, here it is! CODE_1"


def test_what_was_seen_before_is_not_looked_for_again(
    database: Database, conversation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = TurnInput(text="write to priya@hartwell.example please")
    with database.read() as session:
        foreseen = intake.foresee(session, session.get_one(Conversation, conversation), given)
    looked: list[str] = []
    look = intake.pseudonymiser().look

    def noted(text: str, *, asked: str | None = None) -> Seen:
        looked.append(text)
        return look(text, asked=asked)

    monkeypatch.setattr(intake.pseudonymiser(), "look", noted)
    accept(database, conversation, given, foreseen=foreseen)
    assert looked == []
    assert last_turn(database).engine_text == "write to EMAIL_1 please"
    assert value_of(database, conversation, "EMAIL_1") == "priya@hartwell.example"


def test_it_is_looked_for_again_where_something_else_is_asked_for_by_now(
    database: Database, conversation: str
) -> None:
    given = TurnInput(text="481206")
    with database.read() as session:
        foreseen = intake.foresee(session, session.get_one(Conversation, conversation), given)
    ask(database, conversation, "code")
    accept(database, conversation, given, foreseen=foreseen)
    assert "481206" not in last_turn(database).engine_text
    assert value_of(database, conversation, "CODE_1") == "481206"
