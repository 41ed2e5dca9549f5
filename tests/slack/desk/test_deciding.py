"""What is decided about a case in Slack, by whom, and what is taken back."""

from __future__ import annotations

import pytest

from actions.cases import services as cases
from actions.settings import get_settings
from bot.slack_standin.looking import words
from tests.slack.desk.conftest import DESK, PRIYA, TOM, Desk, MakeDesk, objection
from tests.support.dialogue import Chat
from tests.support.erasing import ask_for_erasure
from tests.support.working import PostOffice


def test_two_people_where_the_settings_say_so(
    make_desk: MakeDesk, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RIGHTLINE_TWO_PEOPLE_FOR_AGREEMENTS", "1")
    get_settings.cache_clear()
    desk = make_desk()
    reference = ask_for_erasure(chat, PRIYA)
    desk.settle()
    dana, sam = desk.person("dana"), desk.person("sam")
    dana.press("approve")
    desk.settle()
    assert desk.case(reference).state == "awaiting_approval"
    assert "a second person has to" in desk.says()
    dana.press("approve")
    assert "second person" in words(dana.private[-1])
    assert desk.case(reference).state == "awaiting_approval"
    sam.press("approve")
    assert desk.case(reference).state in ("scheduled", "in_progress")
    desk.settle()
    assert "two people: @U0DANA, then @U0SAM" in desk.says()


def test_nobody_approves_their_own_request(desk: Desk, chat: Chat) -> None:
    reference = ask_for_erasure(chat, PRIYA)
    desk.settle()
    dana = desk.person("dana")
    dana.person.email = PRIYA
    dana.press("approve")
    assert "your own request" in words(dana.private)
    assert desk.case(reference).state == "awaiting_approval"


def test_a_refusal_is_previewed_word_for_word(desk: Desk, chat: Chat, post_office: PostOffice) -> None:
    reference = objection(chat)
    desk.settle()
    dana = desk.person("dana")
    dana.press("refuse")
    shown = dana.submit("refuse_form", {"ground": "outweighed", "words": "We need it & <must> keep it."})
    assert shown.errors == {}
    assert shown.view is not None
    preview = words(shown.view)
    assert "We need it & <must> keep it." in preview
    assert "our reasons weigh more than the objection (UK GDPR Art. 21(1))" in preview
    assert desk.case(reference).state == "awaiting_approval"
    dana.submit("refuse_confirm")
    assert desk.case(reference).state == "refused"
    desk.work()
    letter = next(one for one in post_office.letters if reference in one.text and "Art. 21(1)" in one.text)
    for line in letter.text.splitlines():
        assert line.strip() in preview
    desk.settle()
    assert "@U0DANA refused it" in desk.says()


def test_an_excessive_request_goes_to_the_officer(desk: Desk, chat: Chat, post_office: PostOffice) -> None:
    reference = objection(chat)
    desk.settle()
    dana, officer = desk.person("dana"), desk.person("dpo")
    dana.press("refuse")
    form = {"ground": "excessive", "words": "The ninth this week."}
    assert "wants it shown" in dana.submit("refuse_form", form).errors["evidence"]
    dana.submit("refuse_form", form | {"evidence": "Nine since Monday, all <about> the same."})
    dana.submit("refuse_confirm")
    dana.closes()
    desk.settle()
    assert desk.case(reference).state == "awaiting_approval"
    assert "proposes to refuse it" in desk.says()
    dana.press("sign_off")
    assert "at least data protection officer" in words(dana.private)
    officer.press("turn_down")
    assert officer.modal is not None
    assert "Nine since Monday, all <about> the same." in words(officer.modal)
    officer.closes()
    officer.press("sign_off")
    case = desk.case(reference)
    assert (case.state, case.decided_by) == ("refused", "dana")


def test_a_deputy_signs_off_while_the_officer_is_away(
    desk: Desk, chat: Chat, post_office: PostOffice
) -> None:
    reference = objection(chat)
    desk.settle()
    dana, officer, deputy = desk.person("dana"), desk.person("dpo"), desk.person("agent")
    dana.press("refuse")
    dana.submit("refuse_form", {"ground": "excessive", "words": "The ninth.", "evidence": "Nine letters."})
    dana.submit("refuse_confirm")
    desk.settle()
    deputy.press("sign_off")
    assert desk.case(reference).state == "awaiting_approval"
    officer.command("/privacy", "away", channel=DESK)
    assert "@U0AGENT" in words(officer.private)
    deputy.press("sign_off")
    assert desk.case(reference).state == "refused"
    officer.command("/privacy", "back", channel=DESK)
    deputy.command("/privacy", "", channel=DESK)
    assert "agent, agent" in words(deputy.private)


def test_asking_extending_noting_assigning_holding(desk: Desk, chat: Chat, post_office: PostOffice) -> None:
    reference = objection(chat)
    desk.settle()
    dana = desk.person("dana")
    dana.press("case_open")
    due = desk.case(reference).due_on

    dana.press("extend")
    preview = dana.submit("extend_form", {"words": "Many sources."}).view
    assert preview is not None
    assert "Many sources." in words(preview)
    assert desk.case(reference).due_on == due
    dana.submit("extend_confirm")
    assert desk.case(reference).due_on > due
    assert dana.modal is not None
    assert "You extended" in words(dana.modal)

    dana.press("note")
    dana.submit("note_form", {"words": "Rang them."})
    dana.press("assign")
    dana.submit("assign_form", {"to": "U0AGENT"})
    assert desk.case(reference).assigned_to == "agent"
    dana.press("assign")
    assert "no role" in dana.submit("assign_form", {"to": "U0NOBODY"}).errors["to"]
    dana.closes()
    dana.press("hold")
    dana.submit("hold_form", {"words": "A claim."})
    with desk.database.read() as session:
        assert cases.on_hold(session, desk.case(reference))
    dana.press("release")
    with desk.database.read() as session:
        assert not cases.on_hold(session, desk.case(reference))

    dana.press("ask")
    dana.submit("ask_form", {"words": "Which use do you mean?"})
    dana.submit("ask_confirm")
    assert desk.case(reference).state == "awaiting_clarification"
    dana.press("answered")
    dana.submit("answered_form", {"answer": "All of it."})
    assert desk.case(reference).state == "awaiting_approval"
    with desk.database.read() as session:
        texts = [note.text for note in cases.notes_of(session, desk.case(reference))]
    assert {"Many sources.", "Rang them.", "Which use do you mean?", "All of it."} <= set(texts)


def test_an_erasure_is_taken_back_within_its_waiting_time(
    desk: Desk, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RIGHTLINE_ERASURE_WAIT_HOURS", "24")
    get_settings.cache_clear()
    reference = ask_for_erasure(chat, PRIYA)
    desk.settle()
    dana, sam = desk.person("dana"), desk.person("sam")
    dana.press("approve")
    desk.settle()
    sam.press("undo")
    sam.submit("undo_form", {"words": "They rang and did not mean it."})
    assert desk.case(reference).state == "awaiting_approval"
    desk.settle()
    assert "@U0SAM put it up for a decision" in desk.says()


def test_a_request_by_telephone_is_approved_for_the_contact_of_its_address(desk: Desk, chat: Chat) -> None:
    with desk.database.write() as session:
        case = cases.open_case(
            session,
            right="erasure",
            conversation_id=None,
            received_at=chat.conversation().created_at,
            address=TOM,
            state="awaiting_approval",
            by="agent",
        )
        reference = case.reference
    desk.settle()
    dana = desk.person("dana")
    dana.press("approve_form")
    assert dana.modal is not None
    assert "T…" in words(dana.modal)
    assert "(tom)" in words(dana.modal)
    dana.submit("approve_form", {"contact": "tom"})
    assert desk.case(reference).contact_id == "tom"
    assert desk.case(reference).decided_by == "dana"
