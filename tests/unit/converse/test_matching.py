"""What counts as the message, mail, case or contact that was expected."""

from __future__ import annotations

from typing import Any

import pytest

from bot.converse import matching

MESSAGE: dict[str, Any] = {
    "seq": 4,
    "at": "2026-11-23T12:00:00Z",
    "from": "assistant",
    "text": "You’ll have our answer\nby Wednesday.",
    "choices": [{"id": "copy_first", "label": "Copy"}, {"id": "erase", "label": "Delete"}],
    "ask": {"field": "email", "label": "Email"},
    "card": {
        "title": "What would happen",
        "rows": [{"id": "kept", "label": "Kept", "value": "name (policy 9.4)"}],
    },
    "case": {"reference": "PR-1", "right": "erasure", "state": "scheduled", "due": "2026-12-23"},
}


@pytest.mark.parametrize(
    "expected",
    [
        "you'll have our answer by wednesday",
        {"says": "answer", "text": ["You'll", "Wednesday"]},
        {"says": {"contains": "answer", "matches": r"by \w+day\.", "not_contains": ["Thursday", "code"]}},
        {"asks": "email", "offers": ["erase"], "from": "assistant"},
        {"offers_exactly": ["erase", "copy_first"]},
        {
            "card": {
                "title": "would happen",
                "has_rows": "kept",
                "lacks_rows": ["deleted"],
                "rows": {"kept": "9.4"},
            }
        },
        {"case": {"right": "erasure", "state": "scheduled", "reference": "PR-1", "due": "2026-12-23"}},
        {"case": {"due": {"after": "P27D", "before": "P31D"}}},
    ],
)
def test_these_describe_the_message(expected: Any) -> None:
    assert matching.of_message(expected, MESSAGE) == []


@pytest.mark.parametrize(
    ("expected", "difference"),
    [
        ("thursday", "text lacks “thursday”"),
        ({"says": {"not_contains": "ANSWER"}}, "text has “ANSWER”"),
        ({"says": {"matches": "^answer"}}, "text does not match /^answer/"),
        ({"asks": "code"}, "asks for email, not for code"),
        ({"offers": ["not_now"]}, "does not offer not_now (but copy_first, erase)"),
        ({"offers_exactly": ["erase"]}, "offers copy_first, erase, not exactly erase"),
        ({"from": "agent"}, "is from the assistant, not from the agent"),
        ({"card": {"title": "what we hold"}}, "title of the card lacks “what we hold”"),
        ({"card": {"has_rows": ["deleted"]}}, "card has no row deleted"),
        ({"card": {"lacks_rows": ["kept"]}}, "card has a row kept"),
        ({"card": {"rows": {"deleted": "x"}}}, "has no row deleted"),
        ({"card": {"rows": {"kept": "phone"}}}, "row kept lacks “phone”"),
        ({"case": {"state": "fulfilled"}}, "state of the case is scheduled, not fulfilled"),
        ({"case": {"due": "2026-12-24"}}, "the case is due 2026-12-23, not 2026-12-24"),
        ({"case": {"due": {"after": "P30D"}}}, "the case is due after 30 days, not between 30 and 9999"),
    ],
)
def test_these_do_not_and_the_difference_is_named(expected: Any, difference: str) -> None:
    assert matching.of_message(expected, MESSAGE) == [difference]


def test_what_a_message_does_not_have_is_named() -> None:
    expected = {"says": "x", "asks": "email", "card": {"has_rows": ["a"]}, "case": {"state": "draft"}}
    bare = {"seq": 1, "from": "assistant", "text": None}
    assert matching.of_message(expected, bare) == [
        "has no text",
        "shows no card",
        "shows no case",
        "asks for nothing, not for email",
    ]


MAIL = {
    "to": "tom@northgate.example",
    "subject": "Your copy",
    "text": "Your reference is PR-1.",
    "attachments": [{"name": "your-details.csv", "text": "name,Tom"}],
}


@pytest.mark.parametrize(
    ("expected", "differences"),
    [
        ({"to": "TOM@northgate.example", "subject": "copy", "text": {"contains": "PR-1"}}, []),
        ({"attachment": {"name": "csv", "text": "Tom"}}, []),
        ({"to": "ann@northgate.example"}, ["goes to tom@northgate.example, not to ann@northgate.example"]),
        ({"attachment": {"text": "Ann"}}, ["attachment lacks “Ann”"]),
    ],
)
def test_mail_is_matched_by_what_is_said_of_it(expected: Any, differences: list[str]) -> None:
    assert matching.of_mail(expected, MAIL) == differences


def test_a_mail_without_attachments_has_none_that_matches() -> None:
    assert matching.of_mail({"attachment": {"name": "csv"}}, MAIL | {"attachments": []}) == [
        "has no attachment"
    ]


HELD = {
    "state": "reduced",
    "fields": {"name": "Priya", "email": "priya@hartwell.example"},
    "preferences": {"monthly_newsletter": {"email": False}},
    "other_emails": [],
    "tracked_emails": 0,
}


@pytest.mark.parametrize(
    ("expected", "differences"),
    [
        ("unchanged", []),
        ({"state": "reduced", "fields": {"name": "Priya"}, "lacks_fields": ["mobile_telephone"]}, []),
        ({"preferences": {"monthly_newsletter": {"email": False, "sms": False}}}, []),
        ({"tracked_emails": "0", "other_emails": []}, []),
        ({"state": "erased"}, ["is reduced, not erased"]),
        ({"lacks_fields": ["name"]}, ["still has name"]),
        ({"fields": {"surname": "Raman"}}, ["has no surname"]),
        (
            {"preferences": {"monthly_newsletter": {"email": True}}},
            ["gets monthly_newsletter by email: False, not True"],
        ),
        ({"tracked_emails": "3"}, ["has 0 tracked emails"]),
        ({"other_emails": ["x@y.example"]}, ["has the other addresses []"]),
    ],
)
def test_a_contact_of_the_crm_is_matched_by_what_is_said_of_it(expected: Any, differences: list[str]) -> None:
    assert matching.of_contact(expected, HELD, HELD) == differences


def test_a_changed_contact_is_not_unchanged() -> None:
    assert matching.of_contact("unchanged", HELD, HELD | {"state": "active"})
