"""Answers carry what the policy says, what we say, a version and an approval; unapproved ones say less."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions import policy
from actions.wording import organisation
from actions.wording.interfaces import WordingError
from tests.unit.policy.conftest import ANSWER, write_answers

SECTIONS = [
    *("1", "2", "3", "4", "5", "6.1", "6.2", "6.3", "6.4", "7.1", "7.2", "7.3", "7.4", "7.5", "7.6"),
    *("8", "8.1", "8.2", "8.3", "8.4", "8.5", "8.6", "8.7", "8.8", "8.9", "8.10"),
    *("9.1", "9.2", "9.3", "9.4", "9.5"),
    *("10.1", "10.2", "10.2.1", "10.2.2", "10.2.3", "10.2.4", "10.3", "11", "12", "13", "14"),
]
WEAK_LAW = ("1", "2", "7.4", "9.1", "9.3")


def test_every_section_of_the_policy_has_an_answer_in_its_order() -> None:
    assert [key for key in policy.sections() if "/" not in key] == SECTIONS


def test_every_row_of_the_table_of_rights_has_an_answer() -> None:
    rows = {key.partition("/")[2] for key in policy.sections() if key.startswith("12/")}
    assert rows == {
        "informed",
        "access",
        "portability",
        "rectification",
        "objection",
        "erasure",
        "restriction",
        "automated",
    }


@pytest.mark.parametrize("section", SECTIONS)
def test_what_is_said_ends_with_the_section_it_rests_on(section: str) -> None:
    found = policy.answer(section)
    assert found is not None
    assert f"(policy {section})." in policy.text(found)
    assert "{" not in policy.text(found)
    assert found.url == organisation().policy_url


@pytest.mark.parametrize("section", WEAK_LAW)
def test_weak_law_is_not_approved_and_only_reported(section: str) -> None:
    found = policy.answer(section)
    assert found is not None
    assert found.approved is None
    said = policy.text(found)
    assert said.startswith(found.policy_says[:-1])
    assert organisation().privacy_team_email in said
    assert found.we_say not in said


def test_a_row_cites_the_number_of_its_section() -> None:
    found = policy.answer("12/erasure")
    assert found is not None
    assert found.section == "12"
    assert "(policy 12)." in policy.text(found)


def test_there_is_no_answer_where_there_is_no_section() -> None:
    assert policy.answer("99.9") is None


def test_the_card_says_where_an_answer_comes_from() -> None:
    found = policy.answer("9.4")
    assert found is not None
    rows = {row["id"]: row["value"] for row in policy.card(found)["rows"]}
    assert rows["says"] == found.policy_says
    assert rows["where"] == f"{organisation().policy_url}, section 9.4, version 2018-05"
    assert "Rightline drafting team" in rows["approved"]
    assert "23 November 2026" in rows["approved"]


def test_an_approval_ends_with_the_version_it_was_given_for(own_answers: Path) -> None:
    write_answers(own_answers, ANSWER, version="2017-01")
    found = policy.answer("9.4")
    assert found is not None
    assert found.approved is None
    assert found.next == ("access", "contact_dpo")
    assert {row["id"] for row in policy.card(found)["rows"]} == {"where", "approved"}


def test_an_approved_answer_of_another_company_is_said_in_full(own_answers: Path) -> None:
    found = policy.answer("9.4")
    assert found is not None
    assert policy.text(found) == "We keep it while we need it (policy 9.4)."


def test_whoever_is_told_less_is_sent_to_the_data_protection_team() -> None:
    answers = [policy.answer(section) for section in policy.sections()]
    unapproved = [found for found in answers if found and found.approved is None]
    assert unapproved
    assert all("contact_dpo" in found.next for found in unapproved)


def test_a_malformed_file_is_refused_by_name(own_answers: Path) -> None:
    path = write_answers(own_answers, ANSWER | {"section": "nine"})
    with pytest.raises(WordingError, match=path.name):
        policy.sections()
