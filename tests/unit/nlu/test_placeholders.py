"""Placeholders are found whole, and only they."""

from __future__ import annotations

import pytest

from nlu.placeholders.patterns import KINDS, find_placeholders, in_words, is_bare_value


@pytest.mark.parametrize(("kind", "entity"), KINDS.items())
def test_each_kind_becomes_its_entity(kind: str, entity: str) -> None:
    (found,) = find_placeholders(f"see {kind}_12.")

    assert (found.entity, found.value, found.start, found.end) == (entity, f"{kind}_12", 4, 4 + len(kind) + 3)


def test_several_are_found_in_order() -> None:
    values = [found.value for found in find_placeholders("EMAIL_2, not EMAIL_1; call PHONE_1")]

    assert values == ["EMAIL_2", "EMAIL_1", "PHONE_1"]


@pytest.mark.parametrize("text", ["email_1", "EMAIL_", "EMAIL1", "XEMAIL_1", "NAME_1", "EMAIL_1X", ""])
def test_what_only_resembles_one_is_left_alone(text: str) -> None:
    assert find_placeholders(text) == []


def test_in_words_their_numbers_do_not_matter() -> None:
    assert in_words("from EMAIL_1 to EMAIL_12") == "from email to email"


@pytest.mark.parametrize(
    "text", ["EMAIL_1", "It's EMAIL_1.", "my phone number is PHONE_1 thanks", "CODE_1!!"]
)
def test_a_bare_value(text: str) -> None:
    assert is_bare_value(text)


@pytest.mark.parametrize("text", ["", "hello", "delete EMAIL_1", "why do you need EMAIL_1", "not EMAIL_1"])
def test_no_bare_value(text: str) -> None:
    assert not is_bare_value(text)
