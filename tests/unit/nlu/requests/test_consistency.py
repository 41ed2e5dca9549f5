"""What belongs to another request, or contradicts it, is left out of what is asked for."""

from __future__ import annotations

import pytest

from nlu.requests.asked import Asked
from nlu.requests.consistency import without_doubtful


def left(*asked: tuple[str, str], whole: dict[str, float] | None = None, letter: bool = False) -> list[str]:
    """The intents that stay."""
    found = [Asked(intent, 0.95, text) for intent, text in asked]
    return [each.intent for each in without_doubtful(found, whole or {}, letter)]


@pytest.mark.parametrize(
    ("text", "stays"),
    [("I want a real person to talk to", True), ("can someone look", False), ("put me through to one", True)],
)
def test_beside_a_decision_a_person_is_wanted_to_talk_to_and_not_to_look(text: str, stays: bool) -> None:
    asked = left(("automated_decisions", "does a machine decide"), ("talk_to_human", text))

    assert ("talk_to_human" in asked) is stays


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("get a real person to go over it again", False),
        ("a member of your staff must review it", False),
        ("get a real person to ring me and look at it", True),
        ("put me through to a human", True),
    ],
)
def test_a_person_who_goes_over_a_decision_is_part_of_that(text: str, stays: bool) -> None:
    asked = left(
        ("automated_decisions", "a machine decided it"), ("talk_to_human", text), whole={"talk_to_human": 0.2}
    )

    assert ("talk_to_human" in asked) is stays


def test_beside_a_fault_of_the_product_somebody_is_to_look_at_that() -> None:
    asked = ("talk_to_human", "can someone look"), ("opt_out", "stop the emails")

    assert left(*asked, whole={"out_of_scope": 0.99}) == ["opt_out"]
    assert left(*asked, whole={"out_of_scope": 0.2}) == ["talk_to_human", "opt_out"]


def test_beside_a_customer_of_ours_only_what_is_asked_of_us_is_asked_for() -> None:
    told = ("customers_customer", "my clinic uses your software")

    assert left(told, ("access", "I want to see mine")) == ["customers_customer"]
    assert left(told, ("complaint", "I also complain about you")) == ["customers_customer", "complaint"]


def test_whose_data_a_breach_showed_is_told_and_not_asked_for() -> None:
    breach = ("report_breach", "I got an email of somebody")

    assert left(breach, ("on_behalf", "it has her address in it")) == ["report_breach"]
    assert left(breach, ("on_behalf", "she wants hers deleted")) == ["report_breach", "on_behalf"]


def test_beside_a_customer_of_ours_what_is_said_to_stop_of_our_own_is_asked_for() -> None:
    told = ("customers_customer", "my clinic uses your software")

    assert left(told, ("opt_out", "stop your own emails and all")) == ["customers_customer", "opt_out"]
    assert left(told, ("opt_out", "leave me off, you lot")) == ["customers_customer", "opt_out"]


def test_of_others_who_are_only_told_of_nothing_is_asked() -> None:
    told = ("on_behalf", "my daughter has just started with you")

    assert left(told, ("contact_dpo", "who looks after data protection?")) == ["contact_dpo"]
    assert left(told, ("rectify", "it should be PHONE_1")) == ["on_behalf"]
    assert left(("on_behalf", "my daughter wants hers stopped"), ("contact_dpo", "who is that?")) == [
        "on_behalf"
    ]


def test_in_a_letter_for_another_ones_own_request_counts_where_it_is_sure() -> None:
    others = Asked("on_behalf", 0.95, "he wants his deleted")

    def stays(sure: float) -> bool:
        own = Asked("access", sure, "I wish to see my own")
        return own in without_doubtful([others, own], {}, letter=True)

    assert stays(0.96)
    assert not stays(0.9)
