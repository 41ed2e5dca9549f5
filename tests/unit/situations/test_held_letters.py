"""Letters are held back where somebody else may read them, until a person decides."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from actions.cases.models import Case
from actions.fulfilment.models import Step
from actions.mail import held
from actions.mail.interfaces import MailRefused
from tests.support.dialogue import Chat

PRIYA = "priya@hartwell.example"


@pytest.fixture
def quiet(chat: Chat) -> Chat:
    """A conversation in which one letter is held back."""
    chat.send("opt_out", situations=("domestic",))
    chat.send(email=PRIYA)
    return chat


def mails(chat: Chat) -> list[tuple[str, str | None]]:
    with chat.database.read() as session:
        steps = session.scalars(select(Step).where(Step.kind == "mail").order_by(Step.id))
        return [(step.state, (step.payload or {}).get("to")) for step in steps]


def case_of(chat: Chat, session: object) -> Case:
    (case,) = chat.cases()
    found = session.get(Case, case.id)  # type: ignore[attr-defined]
    assert found is not None
    return found


def test_a_letter_is_released_to_where_it_was_written_to(quiet: Chat) -> None:
    with quiet.database.write() as session:
        assert held.release(session, case_of(quiet, session), by="dana") == 1
        assert held.release(session, case_of(quiet, session), by="dana") == 0
    assert mails(quiet) == [("planned", PRIYA)]


def test_a_letter_is_released_to_a_safe_address(quiet: Chat) -> None:
    with quiet.database.write() as session:
        held.release(session, case_of(quiet, session), by="dana", to="sister@elsewhere.example")
    assert mails(quiet) == [("planned", "sister@elsewhere.example")]


def test_what_is_no_address_releases_nothing(quiet: Chat) -> None:
    with pytest.raises(MailRefused), quiet.database.write() as session:
        held.release(session, case_of(quiet, session), by="dana", to="nowhere")
    assert mails(quiet) == [("held", PRIYA)]


def test_a_discarded_letter_is_destroyed(quiet: Chat) -> None:
    with quiet.database.write() as session:
        assert held.discard(session, case_of(quiet, session), by="dana") == 1
    assert mails(quiet) == [("cancelled", None)]


def test_the_other_steps_of_the_case_do_not_wait_for_it(quiet: Chat) -> None:
    with quiet.database.read() as session:
        kinds = {
            step.kind: step.state for step in session.scalars(select(Step).where(Step.case_id.is_not(None)))
        }
    assert "mail" not in kinds
    assert set(kinds.values()) == {"planned"}


def test_without_the_situation_letters_go_out(chat: Chat) -> None:
    chat.send("opt_out")
    chat.send(email=PRIYA)
    assert mails(chat) == [("planned", PRIYA)]
