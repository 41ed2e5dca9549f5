"""Corrections: shown, confirmed, carried out; a new address proves itself; a dispute restricts meanwhile."""

from __future__ import annotations

from actions.cases.services import by_reference
from actions.crm.demo import state
from actions.crm.embedded import EmbeddedCrm
from actions.rights import decisions
from tests.support.dialogue import Chat
from tests.support.working import PostOffice
from tests.unit.rights.conftest import Work


def held(chat: Chat, name: str) -> dict:
    with chat.database.read() as session:
        return state(session)[name]


def proven(chat: Chat, address: str = "tom@northgate.example", **slots: object) -> dict:
    chat.send("rectify", requests=[{"name": "rectify", "slots": slots}])
    return chat.prove(address)[-1]


def ids(message: dict) -> list[str]:
    return [choice["id"] for choice in message.get("choices", [])]


def test_a_field_is_chosen_shown_confirmed_and_corrected(
    chat: Chat, work: Work, post_office: PostOffice
) -> None:
    which = proven(chat, field_among=["work_telephone", "mobile_telephone"])
    assert ids(which) == ["work_telephone", "mobile_telephone", "another_field", "cancel"]
    assert chat.send(choice="mobile_telephone")[-1]["ask"]["field"] == "phone"
    assert "telephone number" in chat.send(phone="call me")[-1]["text"]
    shown = chat.send(phone="+447700900999")[-1]
    assert shown["card"]["rows"] == [
        {"id": "mobile_telephone", "label": "Mobile number", "value": "+447700900101 becomes +447700900999"}
    ]
    work()
    assert held(chat, "tom")["fields"]["mobile_telephone"] == "+447700900101"
    started = chat.send(choice="confirm")[-1]
    assert started["case"]["state"] == "in_progress"
    letters = work()
    assert held(chat, "tom")["fields"]["mobile_telephone"] == "+447700900999"
    assert ("rectification_done", "tom@northgate.example") in letters
    assert "900999" not in post_office.to("tom@northgate.example")[-1].text
    assert chat.cases()[-1].state == "fulfilled"
    assert "it's corrected" in chat.messages()[-1]["text"]


def test_a_value_in_the_message_is_not_asked_for_again(chat: Chat) -> None:
    asked = proven(chat, field="surname")
    assert asked["ask"]["field"] == "name"
    again = chat.send("rectify", requests=[{"name": "rectify", "slots": {"field": "name"}}])[-1]
    assert again["text"].startswith("What should the first name be")
    assert chat.send(name="Thomas")[-1]["card"]["rows"][0]["value"] == "Tom becomes Thomas"


def test_a_new_address_must_prove_itself_and_both_are_told(chat: Chat, work: Work) -> None:
    assert proven(chat, field="email")["ask"]["field"] == "email"
    assert chat.send(email="tom.aldous@northgate.example")[-1]["ask"]["field"] == "code"
    wrong = f"{(int(chat.code()) + 1) % 1_000_000:06d}"
    assert "Four tries left" in chat.send(code=wrong)[-1]["text"]
    shown = chat.send(code=chat.code())[-1]
    assert shown["card"]["rows"][0]["value"].endswith("becomes tom.aldous@northgate.example")
    chat.send(choice="confirm")
    letters = work()
    assert {to for template, to in letters if template == "rectification_done"} == {
        "tom@northgate.example",
        "tom.aldous@northgate.example",
    }
    assert held(chat, "tom")["fields"]["email"] == "tom.aldous@northgate.example"


def test_the_new_address_does_not_take_the_place_of_the_proven_one(chat: Chat) -> None:
    proven(chat, field="email")
    chat.send(email="lee@elsewhere.example")
    chat.send(code=chat.code())
    chat.send(choice="cancel")
    shown = chat.send("access")[-1]
    assert {row["id"]: row["value"] for row in shown["card"]["rows"]}["email"] == "tom@northgate.example"


def test_what_is_said_already_is_not_changed(chat: Chat) -> None:
    proven(chat, field="name")
    said = chat.send(name="Tom")[-1]
    assert "already" in said["text"]
    assert chat.cases()[-1].state == "fulfilled"


def test_nothing_is_changed_without_a_yes(chat: Chat, work: Work) -> None:
    proven(chat, field="name")
    chat.send(name="Thomas")
    assert "left it" in chat.send("deny")[-1]["text"]
    work()
    assert held(chat, "tom")["fields"]["name"] == "Tom"
    assert chat.cases()[-1].state == "withdrawn"


def test_disputed_accuracy_is_for_a_person_and_restricts_meanwhile(chat: Chat, work: Work) -> None:
    proven(chat)
    assert chat.send(choice="another_field")[-1]["ask"]["field"] == "value"
    said = chat.send(value="The note says that I never pay. That is not true.")[-1]
    assert (said["case"]["right"], said["case"]["state"]) == ("rectification", "awaiting_approval")
    work()
    assert held(chat, "tom")["state"] == "restricted"
    with chat.database.write() as session:
        case = by_reference(session, chat.cases()[-1].reference)
        assert case is not None
        assert case.details["restriction"]["ground"] == "accuracy"
        decisions.approve(session, EmbeddedCrm(chat.database), case, by="dana")
    assert "restriction_ending" in dict(work())


def test_restriction_asks_for_the_ground_and_is_set_at_once(chat: Chat, work: Work) -> None:
    chat.send("restrict")
    which = chat.prove("priya@hartwell.example")[-1]
    assert ids(which) == ["accuracy", "unlawful", "claims", "objection", "cancel"]
    said = chat.send(choice="claims")[-1]
    assert "legal claim" in said["text"]
    assert "service" in said["text"]
    work()
    assert held(chat, "priya")["state"] == "restricted"
    case = chat.cases()[-1]
    assert (case.state, case.details["restriction"]["source"]) == ("fulfilled", "UK GDPR Art. 18(1)(c)")


def test_a_restriction_is_lifted_a_week_after_the_contact_was_told(chat: Chat, work: Work) -> None:
    from datetime import timedelta

    chat.send("restrict")
    chat.prove("tom@northgate.example")
    chat.send(choice="unlawful")
    work()
    with chat.database.write() as session:
        case = by_reference(session, chat.cases()[-1].reference)
        assert case is not None
        decisions.lift(
            session, EmbeddedCrm(chat.database), case, by="dana", reason="We may use it after all."
        )
    assert ("restriction_ending", "tom@northgate.example") in work()
    assert held(chat, "tom")["state"] == "restricted"
    chat.pass_time(timedelta(days=7, minutes=1))
    work()
    assert held(chat, "tom")["state"] == "active"
