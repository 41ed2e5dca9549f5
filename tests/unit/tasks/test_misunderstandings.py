"""When we do not understand: ask, then with a person among the choices, then a person; nothing is lost."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from actions.clock import now
from tests.support.dialogue import Chat

LIKELY = [{"name": "rectify", "confidence": 0.5}, {"name": "erase", "confidence": 0.3}]


def offers(said: list[dict[str, Any]]) -> list[str]:
    return [choice["id"] for message in said for choice in message.get("choices", [])]


def today(chat: Chat) -> date:
    with chat.database.read() as session:
        return now(session).date()


def test_the_likeliest_meanings_are_offered_first_and_a_person_from_the_second_time_on(chat: Chat) -> None:
    assert offers(chat.send("unclear", requests=LIKELY)) == ["rectify", "erase", "something_else"]
    assert offers(chat.send("unclear", requests=LIKELY)) == [
        "rectify",
        "erase",
        "something_else",
        "talk_to_human",
    ]
    third = chat.send("unclear", requests=LIKELY)
    assert offers(third) == ["talk_to_human", "leave_message"]
    assert "Someone is" in third[0]["text"] or "someone is back" in third[0]["text"]


def test_nonsense_leads_to_a_person_by_the_third_time(chat: Chat) -> None:
    assert "talk_to_human" not in offers(chat.send("out_of_scope"))
    assert "talk_to_human" in offers(chat.send("out_of_scope"))
    assert offers(chat.send("out_of_scope")) == ["talk_to_human", "leave_message"]
    assert offers(chat.send("unclear", requests=[])) == ["talk_to_human", "leave_message"]


def test_misunderstandings_of_either_kind_count_together(chat: Chat) -> None:
    chat.send("unclear", requests=LIKELY)
    chat.send("out_of_scope")
    assert offers(chat.send("unclear", requests=LIKELY)) == ["talk_to_human", "leave_message"]


def test_what_is_understood_in_between_starts_the_count_anew(chat: Chat) -> None:
    for understood in ("greet", "ask_rights", "request_status"):
        chat.send("unclear", requests=LIKELY)
        chat.send("unclear", requests=LIKELY)
        chat.send(understood)
        assert "talk_to_human" not in offers(chat.send("unclear", requests=LIKELY))
        chat.send("greet")


def test_a_yes_to_nothing_and_something_else_go_on_counting(chat: Chat) -> None:
    chat.send("unclear", requests=LIKELY)
    chat.send("affirm")
    assert "talk_to_human" in offers(chat.send("unclear", requests=LIKELY))
    chat.send(choice="something_else")
    assert offers(chat.send("unclear", requests=LIKELY)) == ["talk_to_human", "leave_message"]


def test_the_misunderstood_inside_a_request_is_asked_about_and_the_request_goes_on(chat: Chat) -> None:
    chat.send("access")
    first = chat.send("unclear", requests=[{"name": "access", "confidence": 0.9}])
    assert "access" not in offers(first)
    assert first[-1]["ask"]["field"] == "email"
    chat.send("out_of_scope")
    assert offers(chat.send("out_of_scope")) == ["talk_to_human", "leave_message"]
    assert chat.send(email="tom@northgate.example")[-1]["ask"]["field"] == "code"


def test_a_probable_request_is_on_record_from_its_first_words(chat: Chat) -> None:
    asked_on = today(chat)
    chat.send("unclear", requests=LIKELY)
    chat.pass_time(timedelta(days=2))
    chat.send("unclear", requests=LIKELY)
    (draft,) = chat.cases()
    assert (draft.state, draft.right, draft.received_at.date()) == ("draft", "rectification", asked_on)
    assert draft.details["uncertain"] == ["rectification", "erasure"]


def test_the_request_that_was_meant_keeps_the_date_of_the_first_uncertain_message(chat: Chat) -> None:
    asked_on = today(chat)
    chat.send("unclear", requests=LIKELY)
    chat.pass_time(timedelta(days=3))
    chat.send("erase")
    (case,) = chat.cases()
    assert (case.right, case.received_at.date()) == ("erasure", asked_on)
    assert "uncertain" not in case.details
    assert f"{asked_on:%-d %B}" in chat.messages()[-1]["text"]


def test_the_date_follows_the_right_that_was_meant(chat: Chat) -> None:
    chat.send("unclear", requests=LIKELY)
    by_month = chat.cases()[0].due_on
    chat.send("report_breach")
    assert chat.cases()[0].due_on == chat.cases()[0].received_at.date() + timedelta(days=3)
    assert chat.cases()[0].due_on < by_month


def test_what_is_hardly_a_request_is_not_put_on_record(chat: Chat) -> None:
    chat.send("unclear", requests=[{"name": "access", "confidence": 0.2}])
    chat.send("unclear", requests=[{"name": "ask_policy", "confidence": 0.9}])
    chat.send("unclear", requests=[])
    assert chat.cases() == []


def test_a_button_for_a_question_shows_that_no_request_was_meant(chat: Chat) -> None:
    chat.send("unclear", requests=[*LIKELY, {"name": "ask_rights", "confidence": 0.1}])
    chat.send("ask_rights", requests=[])
    assert [case.state for case in chat.cases()] == ["withdrawn"]


def test_never_mind_takes_the_draft_back_and_a_person_leaves_it(chat: Chat) -> None:
    chat.send("unclear", requests=LIKELY)
    chat.send("talk_to_human")
    assert [case.state for case in chat.cases()] == ["draft"]
    chat.send("stop")
    assert [case.state for case in chat.cases()] == ["withdrawn"]


def test_a_request_that_is_under_way_is_not_recorded_twice(chat: Chat) -> None:
    chat.send("rectify")
    chat.send("unclear", requests=[{"name": "rectify", "confidence": 0.9}])
    assert [case.right for case in chat.cases()] == ["rectification"]
