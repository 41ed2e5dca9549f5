"""Who asks twice has one case that is worked on, and is told so."""

from __future__ import annotations

from actions.cases import services as cases
from actions.database import Database
from tests.support.dialogue import Chat

PRIYA = "priya@hartwell.example"


def review_tasks(database: Database) -> int:
    with database.read() as session:
        return len(cases.open_tasks(session, kind="review"))


def test_access_asked_again_joins_the_case_a_person_is_at(chat: Chat) -> None:
    chat.send("access")
    chat.prove(PRIYA)
    (first,) = chat.cases()
    assert first.state == "in_progress"
    assert review_tasks(chat.database) == 1
    said = chat.send("access")[-1]
    running, again = chat.cases()
    assert (running.state, again.state) == ("in_progress", "withdrawn")
    assert said["case"]["reference"] == running.reference
    assert running.reference in said["text"]
    assert said["card"]["rows"]
    assert review_tasks(chat.database) == 1, "nobody reads the same twice"
    with chat.database.read() as session:
        assert [other.reference for other, _kind in cases.linked(session, again)] == [running.reference]


def test_somebody_else_with_the_same_address_does_not_join(chat: Chat) -> None:
    """Jo and Lee share a mailbox: neither learns that the other asked."""
    with chat.database.write() as session:
        for contact in ("jo", "lee"):
            case = cases.open_case(
                session,
                right="access",
                conversation_id=None,
                received_at=chat.conversation().created_at,
                address="accounts@millbrook.example",
                contact_id=contact,
                state="in_progress",
            )
            assert cases.under_way_like(session, case) is None


def test_where_it_is_not_clear_who_asks_nothing_is_joined(chat: Chat) -> None:
    with chat.database.write() as session:
        two = [
            cases.open_case(
                session,
                right="access",
                conversation_id=None,
                received_at=chat.conversation().created_at,
                address="accounts@millbrook.example",
                state="awaiting_approval",
            )
            for _ in range(2)
        ]
        assert cases.under_way_like(session, two[1]) is None
