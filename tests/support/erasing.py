"""Having somebody erased, from the request to the last step."""

from __future__ import annotations

from datetime import timedelta

from actions.cases.services import by_reference
from actions.crm import services as crm_services
from actions.rights import decisions
from tests.support.dialogue import Chat
from tests.support.working import work

A_DAY = timedelta(hours=25)


def ask_for_erasure(chat: Chat, address: str, choice: str = "erase") -> str:
    """Ask, prove, confirm; returns the case's reference."""
    chat.send("erase")
    chat.prove(address)
    chat.send(choice=choice)
    return chat.cases()[-1].reference


def approve(chat: Chat, reference: str, contact: str | None = None) -> None:
    """Approve a case as an agent."""
    with chat.database.write() as session:
        case = by_reference(session, reference)
        assert case is not None
        decisions.approve(session, crm_services.get_crm(), case, by="dana", contact_id=contact)


def days_later(chat: Chat, days: int = 1) -> list[str]:
    """Let days pass, each with its work; returns the kinds of the steps carried out."""
    done = []
    for _ in range(days):
        chat.pass_time(A_DAY)
        done += work(chat.database)
    return done
