"""Nobody decides about themselves; two people for an agreement; the officer's word; taken back in time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from actions.cases import services as cases
from actions.cases.interfaces import ChangeRefused
from actions.cases.models import Case
from actions.crm.embedded import EmbeddedCrm
from actions.erasures import reviews
from actions.rights import decisions, safeguards, signing_off
from actions.rights.approvals import DecisionRefused
from actions.settings import get_settings
from tests.support.dialogue import Chat
from tests.support.erasing import ask_for_erasure, days_later
from tests.support.working import PostOffice

PRIYA = "priya@hartwell.example"
TOM = "tom@northgate.example"
Decide = Callable[..., Any]


@pytest.fixture
def decide(chat: Chat) -> Decide:
    """Something done with the newest case, in a transaction."""

    def run(act: Callable[[Any, EmbeddedCrm, Case], Any]) -> Any:
        with chat.database.write() as session:
            case = cases.by_reference(session, chat.cases()[-1].reference)
            assert case is not None
            return act(session, EmbeddedCrm(chat.database), case)

    return run


@pytest.fixture
def two_people(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("RIGHTLINE_TWO_PEOPLE_FOR_AGREEMENTS", "1")
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


def approve(by: str, *addresses: str, **how: Any) -> Callable[[Any, EmbeddedCrm, Case], bool]:
    return lambda session, crm, case: decisions.approve(session, crm, case, by=by, addresses=addresses, **how)


def test_nobody_approves_their_own_request(chat: Chat, decide: Decide) -> None:
    ask_for_erasure(chat, PRIYA)
    with pytest.raises(DecisionRefused, match="your own request"):
        decide(approve("priya", PRIYA.upper()))
    assert chat.cases()[-1].state == "awaiting_approval"
    assert decide(approve("dana", "dana@flexiva.example"))


def test_an_erasure_under_an_agreement_needs_two_people(chat: Chat, decide: Decide, two_people: None) -> None:
    ask_for_erasure(chat, PRIYA)
    assert not decide(approve("dana"))
    assert chat.cases()[-1].state == "awaiting_approval"
    assert decide(lambda _session, _crm, case: safeguards.approved_by(case)) == ["dana"]
    with pytest.raises(DecisionRefused, match="second person has to"):
        decide(approve("dana"))
    assert decide(approve("sam"))
    case = chat.cases()[-1]
    assert (case.state, case.decided_by) == ("scheduled", "sam")
    assert safeguards.approved_by(case) == []
    assert safeguards.approvers(case) == ["dana", "sam"]
    decide(lambda session, _crm, case: decisions.undo(session, case, by="sam", reason="They rang."))
    assert not decide(approve("sam"))


def test_a_successor_does_not_make_one_person_enough(chat: Chat, decide: Decide, two_people: None) -> None:
    ask_for_erasure(chat, PRIYA)
    assert not decide(approve("dana", replaced=True))


def test_one_person_is_enough_elsewhere(chat: Chat, decide: Decide, two_people: None) -> None:
    chat.send("object")
    chat.prove(TOM)
    chat.send(value="I mind.")
    assert decide(approve("dana"))


def propose(session: Any, _crm: EmbeddedCrm, case: Case, evidence: str = "Nine requests.") -> None:
    signing_off.propose_refusal(
        session, case, by="sam", ground="excessive", reason="The ninth this week.", evidence=evidence
    )


def test_an_excessive_request_is_refused_by_two(chat: Chat, decide: Decide, post_office: PostOffice) -> None:
    ask_for_erasure(chat, PRIYA)
    with pytest.raises(DecisionRefused, match="has to be shown"):
        decide(lambda session, crm, case: propose(session, crm, case, evidence=" "))
    decide(propose)
    with pytest.raises(DecisionRefused, match="sam has proposed"):
        decide(propose)
    with pytest.raises(DecisionRefused, match="somebody else has to sign it off"):
        decide(lambda session, crm, case: signing_off.sign_off(session, crm, case, by="sam"))
    assert chat.cases()[-1].state == "awaiting_approval"
    decide(lambda session, crm, case: signing_off.sign_off(session, crm, case, by="the officer"))
    case = chat.cases()[-1]
    assert (case.state, case.decided_by, case.reason) == ("refused", "sam", "The ninth this week.")
    with chat.database.read() as session:
        assert cases.open_tasks(session, case=case, kind="sign_off") == []
        assert "signed off by the officer" in [note.text for note in cases.notes_of(session, case)]


def test_what_the_officer_turns_down_waits_as_before(chat: Chat, decide: Decide) -> None:
    ask_for_erasure(chat, PRIYA)
    decide(propose)
    decide(lambda session, _crm, case: signing_off.turn_down(session, case, by="dpo", why="Not excessive."))
    with pytest.raises(DecisionRefused, match="No refusal"):
        decide(lambda session, crm, case: signing_off.sign_off(session, crm, case, by="dpo"))
    decide(propose)
    assert decide(lambda _session, _crm, case: signing_off.proposal_of(case)) is not None


def test_only_grounds_that_need_the_officer_are_proposed(chat: Chat, decide: Decide) -> None:
    ask_for_erasure(chat, PRIYA)
    with pytest.raises(DecisionRefused, match="needs no sign-off"):
        decide(
            lambda session, _crm, case: signing_off.propose_refusal(
                session, case, by="sam", ground="still_needed", reason="Needed."
            )
        )


def test_what_is_taken_back_in_time_can_be_approved_again(
    chat: Chat, decide: Decide, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RIGHTLINE_ERASURE_WAIT_HOURS", "24")
    get_settings.cache_clear()
    ask_for_erasure(chat, PRIYA)
    decide(approve("dana"))
    assert chat.cases()[-1].state == "scheduled"
    with pytest.raises(DecisionRefused, match="Say why"):
        decide(lambda session, _crm, case: decisions.undo(session, case, by="sam", reason=" "))
    decide(lambda session, _crm, case: decisions.undo(session, case, by="sam", reason="They rang."))
    assert chat.cases()[-1].state == "awaiting_approval"
    days_later(chat, 2)
    assert chat.cases()[-1].state == "awaiting_approval"
    decide(approve("dana"))
    days_later(chat, 3)
    assert chat.cases()[-1].state == "fulfilled"
    contact = EmbeddedCrm(chat.database).find_by_email(PRIYA)[0]
    assert contact.state == "reduced"
    with pytest.raises(DecisionRefused, match="only what is scheduled"):
        decide(lambda session, _crm, case: decisions.undo(session, case, by="sam", reason="Too late."))


def test_a_person_ends_a_ground_that_has_ended(chat: Chat, decide: Decide, post_office: PostOffice) -> None:
    ask_for_erasure(chat, PRIYA)
    decide(approve("dana"))
    days_later(chat, 3)
    with pytest.raises(ChangeRefused, match="active still"):
        decide(lambda session, crm, case: reviews.end_by_hand(session, crm, case, by="dana"))
    chat.pass_time(timedelta(days=400))
    assert decide(lambda session, crm, case: reviews.end_by_hand(session, crm, case, by="dana")) == "over"
    days_later(chat, 2)
    assert EmbeddedCrm(chat.database).find_by_email(PRIYA) == []
    with pytest.raises(ChangeRefused, match="Nothing of"):
        decide(lambda session, crm, case: reviews.end_by_hand(session, crm, case, by="dana"))
