"""How questions about the policy are answered in a conversation."""

from __future__ import annotations

from tests.support.dialogue import Chat


def test_a_question_is_answered_with_its_section_a_card_and_what_can_be_done_next(chat: Chat) -> None:
    (said,) = chat.send("ask_policy", sections=["9.4", "3"])
    assert "(policy 9.4)" in said["text"]
    assert said["card"]["title"].startswith("Policy 9.4")
    assert [choice["id"] for choice in said["choices"]] == ["access", "erase", "contact_dpo"]


def test_a_section_without_an_answer_leaves_the_next_best(chat: Chat) -> None:
    (said,) = chat.send("ask_policy", sections=["99", "5"])
    assert "(policy 5)" in said["text"]


def test_what_the_policy_does_not_tell_is_said_so(chat: Chat) -> None:
    (said,) = chat.send("ask_policy", sections=[])
    assert "doesn't say" in said["text"]
    assert [choice["id"] for choice in said["choices"]] == ["contact_dpo", "leave_message"]


def test_the_button_asks_nothing_in_particular(chat: Chat) -> None:
    (said,) = chat.send("ask_policy", requests=[])
    assert "doesn't say" not in said["text"]


def test_a_question_about_a_right_is_answered_by_its_section_or_in_general(chat: Chat) -> None:
    (said,) = chat.send("ask_rights", sections=["12/portability"])
    assert "CSV" in said["text"]
    (said,) = chat.send("ask_rights", sections=[])
    assert "costs nothing" in said["text"]


def test_sections_do_not_speak_for_other_intents(chat: Chat) -> None:
    (said,) = chat.send("contact_dpo", sections=["9.4"])
    assert "9.4" not in said["text"]


def test_a_question_in_the_middle_of_a_request_is_answered_and_the_request_goes_on(chat: Chat) -> None:
    chat.send("access")
    answer, asked = chat.send("ask_policy", sections=["10.2"])
    assert "(policy 10.2)" in answer["text"]
    assert "choices" not in answer
    assert asked["ask"]["field"] == "email"
