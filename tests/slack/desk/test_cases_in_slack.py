"""Cases in Slack: posted when somebody has to decide, opened, acted on, and never twice."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import func, select

from actions.audit.models import AuditEntry
from actions.cases import services as cases
from actions.cases.models import Case, CaseEvent
from actions.crm.embedded import EmbeddedCrm
from actions.rights import decisions
from actions.settings import get_settings
from bot.slack_standin.looking import words
from bot.slack_standin.people import User
from tests.slack.desk.conftest import DESK, ELSEWHERE, Desk, MakeDesk
from tests.support.dialogue import Chat
from tests.support.erasing import ask_for_erasure
from tests.support.working import PostOffice

PRIYA = "priya@hartwell.example"
TOM = "tom@northgate.example"


def objection(chat: Chat) -> str:
    chat.send("object")
    chat.prove(TOM)
    chat.send(value="I mind.")
    return chat.cases()[-1].reference


def transitions(desk: Desk, reference: str, to: str) -> int:
    with desk.database.read() as session:
        query = select(func.count()).select_from(CaseEvent).join(Case).where(Case.reference == reference)
        return session.scalar(query.where(CaseEvent.to_state == to)) or 0


def test_a_case_that_waits_for_a_decision_is_posted_and_then_shows_who_did_what(
    desk: Desk, chat: Chat
) -> None:
    reference = ask_for_erasure(chat, PRIYA)
    desk.settle()
    said = desk.says()
    for part in (reference, "Erasure", "P… R…", "active agreement", "identity proven by code", "Delete"):
        assert part in said
    assert desk.settle() is None
    assert len(desk.slack.channel(DESK).messages) == 1

    desk.person("dana").press("approve")
    desk.settle()
    (message,) = desk.slack.channel(DESK).messages
    assert "@U0DANA approved it" in words(message)
    assert desk.case(reference).decided_by == "dana"
    desk.work()
    desk.settle()
    assert "steps done" in desk.says()


def test_nothing_personal_reaches_the_channel(desk: Desk, chat: Chat) -> None:
    reference = ask_for_erasure(chat, PRIYA)
    objection(Chat(desk.database))
    desk.settle()
    desk.person("reader").opens_home()
    desk.person("reader").press("case_open", message=desk.slack.channel(DESK).messages[0])
    for part in ("story", "clock", "plan", "searched", "work"):
        desk.person("reader").press(f"case_{part}")
    desk.person("agent").command("/privacy", reference, channel=DESK)
    desk.person("agent").command("/privacy", f"find {PRIYA}", channel=DESK)
    sent = desk.slack.everything_sent()
    assert reference in sent
    for secret in (PRIYA, TOM, "Hartwell", "Priya", "Northgate", "I mind"):
        assert secret not in sent


@pytest.mark.parametrize("name", ["nobody", "reader", "agent"])
def test_whoever_may_not_is_refused_in_private_and_audited(desk: Desk, chat: Chat, name: str) -> None:
    reference = ask_for_erasure(chat, PRIYA)
    desk.settle()
    person = desk.person(name)
    person.press("approve", message=desk.slack.channel(DESK).messages[0])
    assert desk.case(reference).state == "awaiting_approval"
    assert ("role" if name == "nobody" else "at least approver") in words(person.private)
    assert len(desk.slack.channel(DESK).messages) == 1
    with desk.database.read() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "slack_refused"))
    assert entry.details == {"why": "no_role" if name == "nobody" else "role_too_low", "what": "approve"}
    assert person.id not in entry.subject


def test_another_channel_is_not_the_desk(desk: Desk, chat: Chat) -> None:
    ask_for_erasure(chat, PRIYA)
    dana = desk.person("dana")
    dana.command("/privacy", "", channel=ELSEWHERE)
    assert "channel of the privacy desk" in words(dana.private)


def test_two_who_press_at_once_have_one_effect(desk: Desk, chat: Chat) -> None:
    reference = ask_for_erasure(chat, PRIYA)
    desk.settle()
    (message,) = desk.slack.channel(DESK).messages
    people = [desk.person("dana"), desk.person("sam")]
    start = threading.Barrier(2)

    def press(person: User) -> None:
        start.wait(5)
        person.press("approve", message=message)

    threads = [threading.Thread(target=press, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert transitions(desk, reference, "in_progress") + transitions(desk, reference, "scheduled") == 1
    told = [words(person.private) for person in people]
    (loser,) = [text for text in told if "seconds ago" in text]
    assert "approved it" in loser
    assert "Nothing was changed" in loser


def test_a_press_that_is_delivered_twice_has_one_effect(desk: Desk, chat: Chat) -> None:
    reference = ask_for_erasure(chat, PRIYA)
    desk.settle()
    dana = desk.person("dana")
    delivery = dana.press("approve")
    said = len(dana.private)
    desk.slack.deliveries.repeat(delivery)
    assert delivery.attempts == ["ok", "ok"]
    assert len(dana.private) == said
    assert transitions(desk, reference, "scheduled") + transitions(desk, reference, "in_progress") == 1


def test_what_is_decided_elsewhere_shows_in_slack(desk: Desk, chat: Chat) -> None:
    reference = ask_for_erasure(chat, PRIYA)
    desk.settle()
    with desk.database.write() as session:
        case = cases.by_reference(session, reference)
        assert case is not None
        decisions.approve(session, EmbeddedCrm(desk.database), case, by="pat")
    desk.settle()
    assert "pat approved it" in desk.says()
    desk.person("dana").press("case_open")


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


def test_the_answer_to_access_is_read_and_sent(desk: Desk, chat: Chat, post_office: PostOffice) -> None:
    chat.send("access")
    chat.prove(TOM)
    desk.work()
    reference = chat.cases()[-1].reference
    dana = desk.person("dana")
    dana.command("/privacy", reference, channel=DESK)
    dana.press("review")
    assert dana.modal is not None
    first = words(dana.modal)
    dana.press("review_withhold")
    dana.submit("review_withhold_form", {"exemption": "legal_advice"})
    assert "withheld" in words(dana.modal)
    dana.press("review_next")
    second = words(dana.modal)
    assert second != first
    word = _some_word(desk, reference, 2)
    dana.press("review_redact")
    bad = dana.submit("review_redact_form", {"passages": "this stands nowhere", "exemption": "other_people"})
    assert "does not stand in piece 2" in bad.errors["passages"]
    dana.submit("review_redact_form", {"passages": word, "exemption": "other_people"})
    assert "[…]" in words(dana.modal)
    dana.press("review_keep_rest")
    while "Looked through" in words(dana.modal):
        dana.press("review_looked")
        dana.submit("review_looked_form", {"source": _place(desk, reference)})
    dana.press("review_preview")
    assert dana.modal is not None
    preview = words(dana.modal)
    assert "[…]" in preview
    assert "legal advice" in preview
    dana.closes()
    dana.press("review_send")
    desk.work()
    assert desk.case(reference).state == "fulfilled"


def _some_word(desk: Desk, reference: str, number: int) -> str:
    from actions.rights import review

    with desk.database.read() as session:
        case = cases.by_reference(session, reference)
        assert case is not None
        text = review.items(session, case)[number - 1].text or ""
    return max(text.split(), key=len)


def _place(desk: Desk, reference: str) -> str:
    from actions.rights import sources

    with desk.database.read() as session:
        case = cases.by_reference(session, reference)
        assert case is not None
        return next(iter(sources.open_searches(session, case)))


def test_home_has_counts_filters_and_pages(desk: Desk, chat: Chat) -> None:
    references = [ask_for_erasure(chat, PRIYA)]
    with desk.database.write() as session:
        for _ in range(12):
            case = cases.open_case(
                session,
                right="access",
                conversation_id=None,
                received_at=desk.case(references[0]).received_at,
                state="awaiting_approval",
                by="dana",
            )
            references.append(case.reference)
    dana = desk.person("dana")
    dana.opens_home()
    assert dana.home is not None
    first = words(dana.home)
    assert "*13* waiting for me" in first
    assert "Page 1 of 2, 13 in all" in first
    assert sum(reference in first for reference in references) == 10
    dana.press("home_next")
    assert sum(reference in words(dana.home) for reference in references) == 3
    dana.press("home_right", choose='{"right":"erasure"}')
    assert references[0] in words(dana.home)
    assert references[1] not in words(dana.home)
    dana.press("home_queue", choose='{"queue":"overdue"}')
    assert "Nothing is overdue" in words(dana.home)
    desk.person("nobody").opens_home()
    stranger = desk.person("nobody").home
    assert stranger is not None
    assert not any(reference in words(stranger) for reference in references)


def test_restricted_cases_are_for_the_officer(desk: Desk, chat: Chat) -> None:
    reference = ask_for_erasure(chat, PRIYA)
    with desk.database.write() as session:
        case = cases.by_reference(session, reference)
        assert case is not None
        cases.add_tag(session, case, "restricted", by="dpo")
    desk.settle()
    assert desk.slack.channel(DESK).messages == []
    dana, officer = desk.person("dana"), desk.person("dpo")
    for person in (dana, officer):
        person.command("/privacy", reference, channel=DESK)
        person.opens_home()
    assert "no case" in words(dana.private)
    assert dana.home is not None
    assert reference not in words(dana.home)
    assert officer.home is not None
    assert reference in words(officer.home)
    assert "Erasure" in words(officer.private)


def test_a_stuck_step_is_tried_again(desk: Desk, chat: Chat) -> None:
    from actions.fulfilment.models import Step

    reference = ask_for_erasure(chat, PRIYA)
    desk.settle()
    dana = desk.person("dana")
    dana.press("approve")
    with desk.database.write() as session:
        step = session.scalars(select(Step).where(Step.case_id == desk.case(reference).id)).first()
        assert step is not None
        step.state = "failed"
        stuck = step.id
    dana.command("/privacy", reference, channel=DESK)
    dana.press("retry")
    with desk.database.read() as session:
        assert session.get_one(Step, stuck).state == "planned"
    assert "tried again" in words(dana.private)


def test_a_slow_answer_is_acknowledged_before_it_is_over_and_has_its_effect(
    make_desk: MakeDesk, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make_desk(patience=0.2)
    reference = ask_for_erasure(chat, PRIYA)
    desk.settle()
    approve, go_on = decisions.approve, threading.Event()

    def slowly(*given: Any, **named: Any) -> bool:
        assert go_on.wait(60)
        return approve(*given, **named)

    monkeypatch.setattr(decisions, "approve", slowly)
    assert desk.person("dana").press("approve").acknowledged
    assert desk.case(reference).state == "awaiting_approval"
    go_on.set()
    desk.slack.wait_for(lambda: desk.case(reference).state != "awaiting_approval", within=60)


@pytest.mark.parametrize("transport", ["socket", "http"])
def test_both_transports_carry_a_case_through(make_desk: MakeDesk, chat: Chat, transport: str) -> None:
    desk = make_desk(transport=transport)
    reference = ask_for_erasure(chat, PRIYA)
    desk.settle()
    dana = desk.person("dana")
    dana.press("case_open")
    assert dana.modal is not None
    assert reference in words(dana.modal)
    dana.press("approve")
    assert "You approved" in words(dana.modal)
    assert desk.case(reference).state in ("scheduled", "in_progress")


def test_a_limit_is_waited_for(desk: Desk, chat: Chat) -> None:
    reference = ask_for_erasure(chat, PRIYA)
    desk.settle()
    desk.slack.faults.rate_limit("views.open", times=1, retry_after=1)
    dana = desk.person("dana")
    dana.press("case_open")
    assert dana.modal is not None
    assert reference in words(dana.modal)
    assert [call.error for call in desk.slack.calls_of("views.open")] == ["rate_limit", ""]


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
