"""Marketing in a message: topics, channels and direction."""

from __future__ import annotations

import pytest

from nlu.understanding.guards import is_vague
from nlu.understanding.marketing import directed, slots_of

LEANS_IN = {"opt_in": 0.7, "opt_out": 0.2, "access": 0.1}


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        (
            "please stop the technical support updates by email",
            {"topics": ["technical_support_updates"], "channels": ["email"]},
        ),
        (
            "no more newsletters or sales calls",
            {"topics": ["monthly_newsletter", "sales_and_marketing"], "channels": ["telephone"]},
        ),
        ("stop texting me", {"channels": ["sms"]}),
        ("leave me alone", {}),
    ],
)
def test_topics_and_channels_that_are_named(text: str, slots: dict[str, list[str]]) -> None:
    assert slots_of(text) == slots


@pytest.mark.parametrize(
    ("text", "likeliest"),
    [
        ("please stop the technical support updates", "opt_out"),
        ("unsubscribe me", "opt_out"),
        ("don't stop the newsletter", "opt_in"),
        ("please do not remove me from your list", "opt_in"),
        ("start sending me offers again", "opt_in"),
    ],
)
def test_a_plain_refusal_decides_the_direction(text: str, likeliest: str) -> None:
    probabilities = directed(text, LEANS_IN)
    assert max(probabilities, key=lambda intent: probabilities[intent]) == likeliest


def test_words_decide_nothing_where_marketing_is_not_meant() -> None:
    unsure = {"opt_in": 0.3, "opt_out": 0.1, "erase": 0.6}
    assert directed("stop it", unsure) == unsure


@pytest.mark.parametrize(
    "text", ["sort out my details", "can you deal with my data please", "Look at my record."]
)
def test_a_wish_that_does_not_say_what_is_vague(text: str) -> None:
    assert is_vague(text)


@pytest.mark.parametrize("text", ["delete my details", "sort out my phone number, it is wrong", "help"])
def test_a_wish_that_says_what_is_not(text: str) -> None:
    assert not is_vague(text)
