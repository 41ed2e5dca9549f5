"""What was said with a request: fields and values to correct, cases, other people."""

from __future__ import annotations

from typing import Any

import pytest

from nlu.understanding.decision import decide
from nlu.understanding.slots import slots_for


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("my surname became PERSON_1", {"field": "surname", "value": "PERSON_1"}),
        ("my first name is misspelled", {"field": "name"}),
        (
            "move me from EMAIL_1 to EMAIL_2 please",
            {"field": "email", "value": "EMAIL_2", "old": "EMAIL_1"},
        ),
        (
            "my mobile isn't PHONE_1, it should be PHONE_2",
            {"field": "mobile_telephone", "value": "PHONE_2", "old": "PHONE_1"},
        ),
        ("my desk number: PHONE_1", {"field": "work_telephone", "value": "PHONE_1"}),
        (
            "ring me on another number, PHONE_3",
            {"field_among": ["work_telephone", "mobile_telephone"], "value": "PHONE_3"},
        ),
        ("I have a new employer, COMPANY_1", {"field": "company", "value": "COMPANY_1"}),
        ("EMAIL_1 is out of date", {"field": "email", "old": "EMAIL_1"}),
        (
            "it reads PERSON_1 but the name is PERSON_2",
            {"field_among": ["name", "surname"], "value": "PERSON_2", "old": "PERSON_1"},
        ),
        ("PHONE_1 is the old mobile number, PHONE_2 the new", {"field": "mobile_telephone"}),
        (
            "correct my last name to PERSON_1 and the email to EMAIL_1",
            {"field": "surname", "value": "PERSON_1", "further": [{"field": "email", "value": "EMAIL_1"}]},
        ),
        ("sort out what is wrong", {"field": None, "field_among": None, "value": None}),
        ("PERSON_1 here, put my job title right", {"value": None, "old": None}),
    ],
)
def test_what_is_to_be_corrected(text: str, slots: dict[str, Any]) -> None:
    found = slots_for("rectify", text, text)
    assert {name: found.get(name) for name in slots} == slots


@pytest.mark.parametrize(
    ("intent", "text", "slots"),
    [
        ("request_status", "how is REFERENCE_1 going", {"reference": "REFERENCE_1"}),
        ("withdraw_request", "cancel my deletion", {"right": "erasure"}),
        ("withdraw_request", "take back the objection", {"right": "objection"}),
        ("complaint", "REFERENCE_2, my copy, is late", {"reference": "REFERENCE_2", "right": "portability"}),
        ("on_behalf", "please erase my late father", {"relation": "parent", "wants": "erase"}),
        ("on_behalf", "I act for a client", {"relation": "client"}),
        ("access", "what is on REFERENCE_1", {}),
    ],
)
def test_which_case_and_which_person(intent: str, text: str, slots: dict[str, Any]) -> None:
    found = slots_for(intent, text, text)
    assert {name: found.get(name) for name in slots} == slots


def test_one_message_may_want_one_topic_and_refuse_another() -> None:
    understood = decide("I want tech updates, no newsletter", {"opt_in": 0.8, "opt_out": 0.15, "greet": 0.05})

    assert [(reading.name, reading.slots) for reading in understood.intents] == [
        ("opt_in", {"topics": ["technology_updates"]}),
        ("opt_out", {"topics": ["monthly_newsletter"], "kept_topics": ["technology_updates"]}),
    ]
