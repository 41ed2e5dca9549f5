"""What agents do with a case's clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions import clock
from actions.audit.services import entries_about
from actions.cases import counting
from actions.cases import services as cases
from actions.cases.interfaces import ChangeRefused, TransitionRefused
from actions.cases.models import Case
from actions.database import Database
from actions.fulfilment.models import Step

ASKED = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture
def session(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A writing session on 26 November 2026."""
    monkeypatch.setattr(clock.services, "machine_now", lambda: datetime(2026, 11, 26, 10, tzinfo=UTC))
    with database.write() as writing:
        yield writing


def opened(session: Session, right: str = "access", **more: object) -> Case:
    options = {"state": "awaiting_approval", "address": "priya@hartwell.example"} | more
    return cases.open_case(session, right=right, conversation_id=None, received_at=ASKED, **options)  # type: ignore[arg-type]


def letters(session: Session, case: Case) -> list[dict[str, str]]:
    return [
        step.payload or {}
        for step in session.scalars(select(Step).where(Step.case_id == case.id, Step.kind == "mail"))
    ]


def test_for_access_the_clock_stands_still_while_the_contact_is_asked(session: Session) -> None:
    case = opened(session)
    assert cases.ask_contact(session, case, "Which years do you mean?", by="dana") is True
    assert (case.state, cases.clock_stands_still(case)) == ("awaiting_clarification", True)
    (letter,) = letters(session, case)
    assert "Which years do you mean?" in letter["text"]
    assert "aren't counted" in letter["text"]
    clock.advance(session, timedelta(days=4))
    cases.clarified(session, case, by="dana", answer="Since 2024.")
    assert (case.state, cases.clock_stands_still(case)) == ("awaiting_approval", False)
    assert case.pauses == [["2026-11-26", "2026-11-30"]]
    assert (case.paused_days, case.due_on) == (5, date(2026, 12, 29)), "23 December and five days, rolled on"
    assert [note.text for note in cases.notes_of(session, case)] == [
        "Which years do you mean?",
        "Since 2024.",
    ]


@pytest.mark.parametrize(("right", "jurisdiction"), [("erasure", "uk"), ("access", "eu")])
def test_elsewhere_the_clock_goes_on(session: Session, right: str, jurisdiction: str) -> None:
    case = opened(session, right, jurisdiction=jurisdiction)
    assert cases.ask_contact(session, case, "Which address?", by="dana") is False
    assert "aren't counted" not in letters(session, case)[0]["text"]
    clock.advance(session, timedelta(days=4))
    cases.clarified(session, case, by="contact")
    assert (case.paused_days, case.due_on) == (0, date(2026, 12, 23))


def test_a_case_found_to_be_european_loses_its_pause(session: Session) -> None:
    case = opened(session)
    cases.ask_contact(session, case, "Which years?", by="dana")
    clock.advance(session, timedelta(days=2))
    cases.clarified(session, case, by="dana")
    assert case.due_on == date(2026, 12, 29)
    cases.set_jurisdiction(session, case, "eu", by="dana")
    assert (case.paused_days, case.due_on) == (0, date(2026, 12, 23))


def test_another_law_goes_to_the_data_protection_officer(session: Session) -> None:
    case = opened(session)
    cases.set_jurisdiction(session, case, "other", by="dana")
    assert ["data protection officer" in task.text for task in cases.open_tasks(session, case=case)] == [True]
    with pytest.raises(ChangeRefused, match="no jurisdiction 'mars'"):
        cases.set_jurisdiction(session, case, "mars", by="dana")


def test_a_pause_ends_when_the_case_goes_on_by_another_way(session: Session) -> None:
    case = opened(session)
    cases.ask_contact(session, case, "Which years?", by="dana")
    clock.advance(session, timedelta(days=1))
    cases.move(session, case, "withdrawn", by="contact")
    assert case.pauses == [["2026-11-26", "2026-11-27"]]
    assert not cases.clock_stands_still(case)


def test_an_answer_is_dated_between_the_question_and_today(session: Session) -> None:
    case = opened(session)
    with pytest.raises(ChangeRefused, match="no answer of the contact's is awaited"):
        cases.clarified(session, case, by="dana")
    cases.ask_contact(session, case, "Which years?", by="dana")
    with pytest.raises(ChangeRefused, match="cannot have come before"):
        cases.clarified(session, case, by="dana", on=date(2026, 11, 25))
    with pytest.raises(ChangeRefused, match="not here yet"):
        cases.clarified(session, case, by="dana", on=date(2026, 11, 27))
    clock.advance(session, timedelta(days=5))
    cases.clarified(session, case, by="dana", on=date(2026, 11, 28))
    assert case.paused_days == 3, "the day the answer came counts, not the day it was noted"


def test_an_overdue_clock_cannot_be_stopped_any_more(session: Session) -> None:
    case = opened(session)
    clock.advance(session, timedelta(days=30))
    assert cases.ask_contact(session, case, "Which years?", by="dana") is False
    assert case.due_on == date(2026, 12, 23)


@pytest.mark.parametrize("by", ["", "assistant", "worker", "contact"])
def test_only_people_touch_the_clock(session: Session, by: str) -> None:
    case = opened(session)
    with pytest.raises(ChangeRefused, match="Only a person"):
        cases.ask_contact(session, case, "Which years?", by=by)
    with pytest.raises(ChangeRefused, match="Only a person"):
        cases.extend(session, case, "Complex.", by=by)
    with pytest.raises(ChangeRefused, match="Only a person"):
        cases.choose_start(session, case, ASKED.date(), "Needed.", by=by)
    with pytest.raises(ChangeRefused, match="Only a person"):
        cases.set_jurisdiction(session, case, "eu", by=by)


def test_an_extension_is_told_with_its_reason_and_both_dates(session: Session) -> None:
    case = opened(session, "erasure")
    assert cases.extend(session, case, "You asked about eleven systems.", by="dana") == date(2027, 2, 23)
    (letter,) = letters(session, case)
    for part in ("eleven systems", "Wednesday 23 December 2026", "Tuesday 23 February 2027", "ico.org.uk"):
        assert part in letter["text"]
    with pytest.raises(ChangeRefused, match="extended already"):
        cases.extend(session, case, "Again.", by="dana")
    actions = [entry.action for entry in entries_about(session, case.reference)]
    assert "eleven" not in str(actions)


def test_an_extension_must_be_told_within_the_first_month(session: Session) -> None:
    case = opened(session)
    clock.advance(session, timedelta(days=27))
    cases.extend(session, case, "Complex.", by="dana")
    late = opened(session)
    clock.advance(session, timedelta(days=1))
    with pytest.raises(ChangeRefused, match="told by Wednesday 23 December 2026"):
        cases.extend(session, late, "Complex.", by="dana")
    assert late.due_on == date(2026, 12, 23)


def test_what_cannot_be_extended_or_started_later_is_said(session: Session) -> None:
    for right in ("complaint", "breach_report"):
        case = opened(session, right)
        with pytest.raises(ChangeRefused, match="cannot be extended"):
            cases.extend(session, case, "Complex.", by="dana")
        with pytest.raises(ChangeRefused, match="starts with the first words"):
            cases.choose_start(session, case, ASKED.date(), "Needed.", by="dana")
    case = opened(session)
    with pytest.raises(ChangeRefused, match="Give a reason"):
        cases.extend(session, case, " ", by="dana")
    cases.move(session, case, "withdrawn", by="contact")
    with pytest.raises(ChangeRefused, match="is closed"):
        cases.extend(session, case, "Complex.", by="dana")


def test_without_an_address_the_agent_tells_and_says_how(session: Session) -> None:
    case = opened(session, address=None)
    with pytest.raises(ChangeRefused, match="no address"):
        cases.extend(session, case, "Complex.", by="dana")
    cases.extend(session, case, "Complex.", by="dana", told="by telephone")
    assert letters(session, case) == []
    unproven = opened(session, state="awaiting_identity")
    with pytest.raises(ChangeRefused, match="nobody has shown that the address is theirs"):
        cases.ask_contact(session, unproven, "Who?", by="dana")


def test_the_time_may_start_with_a_proof_and_the_first_words_stay(session: Session) -> None:
    case = opened(session)
    proof = date(2026, 11, 25)
    assert cases.choose_start(session, case, proof, "A solicitor's authority.", by="dana") == date(
        2026, 12, 29
    )
    assert case.received_at == ASKED
    assert cases.choose_start(session, case, None, "It could have been waived.", by="dana") == date(
        2026, 12, 23
    )
    for wrong in (date(2026, 11, 22), date(2026, 12, 1)):
        with pytest.raises(ChangeRefused, match="between the request"):
            cases.choose_start(session, case, wrong, "Needed.", by="dana")


def test_nothing_is_erased_under_a_legal_hold(session: Session) -> None:
    case = opened(session, "erasure", contact_id="priya")
    other = opened(session, "erasure", contact_id="priya", address="p@hartwell.example")
    stranger = opened(session, "erasure", contact_id="tom", address="tom@northgate.example")
    hold = cases.place_hold(session, case=case, by="dana", reason="Court order.")
    for held in (case, other):
        assert cases.on_hold(session, held)
        with pytest.raises(TransitionRefused, match="legal hold"):
            cases.move(session, held, "in_progress", by="dana")
    assert cases.stands(session, contact_id="priya")
    assert cases.stands(session, contact_id="nobody", address="PRIYA@hartwell.example")
    assert cases.stands(session, hashed=case.address_hash)
    assert not cases.stands(session, contact_id="tom")
    assert not cases.stands(session)
    cases.move(session, stranger, "in_progress", by="dana")
    cases.lift_hold(session, hold, by="sam")
    cases.move(session, case, "in_progress", by="dana")


def test_a_hold_needs_a_person_a_reason_and_something_to_hold(session: Session) -> None:
    case = opened(session)
    with pytest.raises(ChangeRefused, match="Only a person"):
        cases.place_hold(session, case=case, by="worker", reason="Court order.")
    with pytest.raises(ChangeRefused, match="Give a reason"):
        cases.place_hold(session, case=case, by="dana", reason=" ")
    with pytest.raises(ChangeRefused, match="Say what to hold"):
        cases.place_hold(session, by="dana", reason="Court order.")


def test_a_complaint_is_in_time_once_it_is_acknowledged(session: Session) -> None:
    by_letter = opened(session, "complaint")
    in_the_chat = opened(session, "complaint", state="draft")
    cases.move(session, in_the_chat, "awaiting_approval", by="assistant")
    assert in_the_chat.acknowledged_at is not None
    assert by_letter.acknowledged_at is None
    assert counting.in_time(by_letter, date(2026, 12, 22)) is None
    assert counting.in_time(by_letter, date(2026, 12, 23)) is False
    assert counting.in_time(in_the_chat, date(2027, 12, 23)) is True
    cases.acknowledge(session, by_letter, by="dana")
    cases.acknowledge(session, by_letter, by="sam")
    assert len(letters(session, by_letter)) == 1
    assert "Tuesday 22 December 2026" in letters(session, by_letter)[0]["text"]
    assert counting.in_time(by_letter, date(2027, 12, 23)) is True
    with pytest.raises(ChangeRefused, match="Only a person"):
        cases.acknowledge(session, opened(session, "complaint"), by="worker")


def test_other_requests_are_in_time_when_they_are_answered(session: Session) -> None:
    case = opened(session, "erasure", state="draft")
    cases.move(session, case, "awaiting_approval", by="assistant")
    assert case.acknowledged_at is not None
    assert counting.in_time(case, date(2026, 12, 24)) is False
    waiting = opened(session)
    cases.ask_contact(session, waiting, "Which years?", by="dana")
    assert counting.in_time(waiting, date(2027, 12, 24)) is None, "its clock stands still"
