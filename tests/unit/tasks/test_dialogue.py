"""The dialogue of the first rights, turn by turn, without an engine."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.dialogue import Chat


def last(messages: list[dict]) -> dict:
    assert messages, "nothing was said"
    return messages[-1]


def offers(message: dict) -> list[str]:
    return [choice["id"] for choice in message.get("choices", [])]


def test_erasure_without_an_agreement_shows_the_plan_and_starts_only_when_confirmed(chat: Chat) -> None:
    asked = last(chat.send("erase"))
    assert asked["ask"]["field"] == "email"
    assert last(chat.send(email="tom@northgate.example"))["ask"]["field"] == "code"
    plan = last(chat.send(code=chat.code()))
    assert [row["id"] for row in plan["card"]["rows"]] == ["deleted", "fingerprint", "record"]
    assert offers(plan) == ["copy_first", "erase", "not_now"]
    assert chat.cases()[0].state == "awaiting_identity"
    done = last(chat.send(choice="erase"))
    assert done["case"]["right"] == "erasure"
    assert done["case"]["state"] == "scheduled"
    assert chat.conversation().engine_session is None


def test_an_active_agreement_waits_for_approval(chat: Chat) -> None:
    chat.send("erase")
    plan = last(chat.prove("priya@hartwell.example"))
    rows = {row["id"]: row["value"] for row in plan["card"]["rows"]}
    assert "tracked emails (14)" in rows["deleted"]
    assert "email address" in rows["kept"]
    assert last(chat.send(choice="copy_first"))["case"]["state"] == "awaiting_approval"


def test_a_typed_yes_does_not_erase(chat: Chat) -> None:
    chat.send("erase")
    chat.prove("tom@northgate.example")
    assert offers(last(chat.send("affirm"))) == ["copy_first", "erase", "not_now"]
    assert chat.cases()[0].state == "awaiting_identity"


def test_not_now_withdraws_and_nothing_is_under_way(chat: Chat) -> None:
    chat.send("erase")
    chat.prove("tom@northgate.example")
    chat.send(choice="not_now")
    assert chat.cases()[0].state == "withdrawn"


def test_a_second_request_within_half_an_hour_needs_no_second_code(chat: Chat) -> None:
    chat.send("access")
    assert "card" in last(chat.prove("tom@northgate.example"))
    assert "card" in last(chat.send("erase"))
    chat.send(choice="not_now")
    chat.pass_time(timedelta(minutes=31))
    assert last(chat.send("access"))["ask"]["field"] == "email"


def test_five_wrong_codes_close_the_door_and_a_new_one_opens_after_ten_minutes(chat: Chat) -> None:
    chat.send("access")
    chat.send(email="tom@northgate.example")
    wrong = f"{(int(chat.code()) + 1) % 1_000_000:06d}"
    said = [last(chat.send(code=wrong))["text"] for _ in range(4)]
    assert [text.split(". ")[1] for text in said] == [
        "Four tries left.",
        "Three tries left.",
        "Two tries left.",
        "One try left.",
    ]
    closed = last(chat.send(code=wrong))
    assert offers(closed) == ["talk_to_human"]
    assert "10 minutes" in closed["text"]
    assert "can't send another code" in last(chat.send(email="tom@northgate.example"))["text"]
    chat.pass_time(timedelta(minutes=11))
    assert "card" in last(chat.prove("tom@northgate.example"))


def test_an_expired_code_is_refused_and_a_new_one_works(chat: Chat) -> None:
    chat.send("access")
    chat.send(email="tom@northgate.example")
    code = chat.code()
    chat.pass_time(timedelta(minutes=11))
    expired = last(chat.send(code=code))
    assert "no longer good" in expired["text"]
    chat.send(choice="resend_code")
    assert "card" in last(chat.send(code=chat.code()))


def test_nothing_held_closes_the_case_and_another_address_goes_on(chat: Chat) -> None:
    chat.send("erase")
    nothing = last(chat.prove("nobody@elsewhere.example"))
    assert "nothing to delete" in nothing["text"]
    assert nothing["ask"]["field"] == "email"
    assert "card" in last(chat.prove("tom@northgate.example"))
    assert [case.state for case in chat.cases()] == ["fulfilled", "awaiting_identity"]


def test_a_shared_address_gets_the_same_words_and_then_a_person(chat: Chat) -> None:
    alone = Chat(chat.database)
    chat.send("access")
    alone.send("access")
    single = alone.send(email="tom@northgate.example")
    shared = chat.send(email="accounts@millbrook.example")
    assert shared[0]["text"] == single[0]["text"]
    said = last(chat.send(code=chat.code()))
    assert said["case"]["state"] == "awaiting_approval"
    assert "card" not in said
    assert not any(name in said["text"] for name in ("Jo", "Lee", "Whitlock", "Nakamura"))


def test_opt_out_needs_no_code_and_then_asks_about_telephones(chat: Chat) -> None:
    chat.send("opt_out")
    stopped = chat.send(email="nobody@elsewhere.example")
    assert stopped[0]["case"]["state"] == "in_progress"
    assert offers(stopped[-1]) == ["confirm", "cancel"]
    assert last(chat.send(choice="confirm"))["ask"]["field"] == "phone"
    assert "ask" not in last(chat.send(phone="+447700900101"))


def test_two_requests_are_served_in_the_safe_order(chat: Chat) -> None:
    said = chat.send("access", requests=[{"name": "access"}, {"name": "opt_out"}])
    assert "two things" in said[0]["text"]
    assert "no more marketing" in said[-1]["text"]
    chat.send(email="tom@northgate.example")
    following = chat.send(choice="cancel")
    assert following[-1]["ask"]["field"] == "email"
    assert following[1]["text"] == "Now, what we hold about you."


def test_a_question_in_the_middle_is_answered_and_the_request_goes_on(chat: Chat) -> None:
    chat.send("erase")
    said = chat.send("ask_rights")
    assert len(said) == 2
    assert said[-1]["ask"]["field"] == "email"


def test_three_misunderstandings_lead_to_a_person(chat: Chat) -> None:
    assert "talk_to_human" not in offers(last(chat.send("unclear", requests=[])))
    assert "talk_to_human" in offers(last(chat.send("unclear", requests=[])))
    assert offers(last(chat.send("unclear", requests=[]))) == ["talk_to_human", "leave_message"]


def test_stop_gives_up_what_is_under_way(chat: Chat) -> None:
    chat.send("erase")
    chat.send("stop")
    assert chat.cases()[0].state == "withdrawn"
    assert chat.conversation().engine_session is None


def test_a_lost_mailbox_leads_to_a_person(chat: Chat) -> None:
    chat.send("access")
    chat.send(email="tom@northgate.example")
    said = chat.send("no_mailbox")
    assert said[0]["case"]["state"] == "awaiting_approval"
    assert last(said)["ask"]["field"] == "phone"


def asking(*intents: str) -> list[dict]:
    return [{"name": intent} for intent in intents]


def test_a_question_beside_a_request_is_answered_before_it_goes_on(chat: Chat) -> None:
    answered, asked = chat.send("erase", requests=asking("erase", "ask_policy"), sections=["9.4"])
    assert "(policy 9.4)" in answered["text"]
    assert "choices" not in answered
    assert asked["ask"]["field"] == "email"


@pytest.mark.parametrize(
    ("intent", "said"),
    [
        ("ask_policy", "our privacy policy is at"),
        ("ask_rights", "costs nothing"),
        ("automated_decisions", "no machine decides"),
        ("contact_dpo", "privacy@flexiva.example"),
        ("account_help", "https://flexiva.co.uk/support"),
        ("out_of_scope", "isn't about your personal data"),
    ],
)
def test_so_is_whatever_opens_no_request(chat: Chat, intent: str, said: str) -> None:
    answered, asked = chat.send("access", requests=asking(intent, "access"))
    assert said in answered["text"]
    assert offers(answered) == []
    assert asked["ask"]["field"] == "email"
    # In the middle of a request, too.
    answered, noted, again = chat.send("erase", requests=asking("erase", intent))
    assert said in answered["text"]
    assert "noted" in noted["text"]
    assert again["ask"]["field"] == "email"


def test_one_answer_serves_two_questions_of_the_policy(chat: Chat) -> None:
    both = asking("access", "ask_policy", "ask_rights", "out_of_scope")
    texts = [message["text"] for message in chat.send("access", requests=both, sections=["9.4"])]
    assert [("(policy 9.4)" in text, "Now to your data" in text) for text in texts] == [
        (True, False),
        (False, True),
        (False, False),
    ]


def test_a_request_alone_is_answered_by_itself_alone(chat: Chat) -> None:
    (asked,) = chat.send("access", requests=asking("access", "source"), sections=["9.4"])[-1:]
    assert asked["ask"]["field"] == "email"
    assert not any("(policy 9.4)" in message["text"] for message in chat.messages() if message is not asked)
