"""Our own records forget the contact too, a day after; what shows that we did as asked stays."""

from __future__ import annotations

from sqlalchemy import select

from actions.cases import services as cases
from actions.cases.models import Case
from actions.conversations.models import Message, Turn
from actions.identity.models import VerificationCode
from actions.mail.models import SentLetter
from actions.recipients.models import Disclosure
from actions.vault.models import VaultedValue
from tests.support.dialogue import Chat
from tests.support.erasing import ask_for_erasure, days_later
from tests.support.working import PostOffice

TOM = "tom@northgate.example"


def test_the_conversation_is_readable_for_a_day_and_then_erased(chat: Chat, post_office: PostOffice) -> None:
    ask_for_erasure(chat, TOM)
    days_later(chat)
    assert "your data is deleted" in chat.messages()[-1]["text"]
    count = len(chat.messages())
    assert days_later(chat)[-2:] == ["forget_contact", "wipe_disk"]
    messages = chat.messages()
    assert len(messages) == count, "the log keeps its numbers"
    assert all(message["erased"] and message["text"] is None for message in messages)
    assert [message["seq"] for message in messages] == list(range(1, count + 1))
    with chat.database.read() as session:
        assert all(turn.receipt == {"events": []} for turn in session.scalars(select(Turn)))
        assert session.scalars(select(VaultedValue)).all() == []
        assert [code.address for code in session.scalars(select(VerificationCode))] == [None]
        assert session.scalars(select(Disclosure).where(Disclosure.contact_id == "tom")).all() == []
        assert [letter.content for letter in session.scalars(select(SentLetter))] == [None]
        case = session.scalars(select(Case)).one()
        assert case.address is None
        assert set(case.details) == {"plan"}
        assert case.state == "fulfilled"


def test_a_conversation_of_somebody_else_is_left_alone(chat: Chat, post_office: PostOffice) -> None:
    other = Chat(chat.database)
    other.send("access")
    other.prove("grace@hartwell.example")
    said = [message["text"] for message in other.messages()]
    ask_for_erasure(chat, TOM)
    days_later(chat, 2)
    assert [message["text"] for message in other.messages()] == said
    with chat.database.read() as session:
        assert session.scalars(select(Message).where(Message.erased.is_(False))).all()


def test_another_conversation_of_the_same_contact_is_erased_too(chat: Chat, post_office: PostOffice) -> None:
    earlier = Chat(chat.database)
    earlier.send("portability")
    earlier.prove(TOM)
    ask_for_erasure(chat, TOM)
    days_later(chat, 2)
    assert all(message.get("erased") for message in earlier.messages())


def test_nothing_is_forgotten_while_another_request_of_theirs_is_open(
    chat: Chat, post_office: PostOffice
) -> None:
    ask_for_erasure(chat, TOM)
    days_later(chat)
    chat.send("complaint")
    chat.send(value="You still write to me.")
    chat.send(email=TOM)
    complaint = chat.cases()[-1]
    assert complaint.right == "complaint"
    assert "forget_contact" in days_later(chat, 2)
    assert not any(message.get("erased") for message in chat.messages())
    with chat.database.write() as session:
        case = session.get_one(Case, complaint.id)
        cases.decide(session, case, "approved", by="dana")
        cases.move(session, case, "in_progress", by="dana")
        cases.move(session, case, "fulfilled", by="dana")
    days_later(chat)
    assert all(message.get("erased") for message in chat.messages())
    with chat.database.read() as session:
        assert "words" not in session.get_one(Case, complaint.id).details
