"""Marketing in a message: topics, channels and direction."""

from __future__ import annotations

import pytest

from nlu.understanding.guards import is_vague
from nlu.understanding.marketing import both_directions, directed, preferences

LEANS_IN = {"opt_in": 0.7, "opt_out": 0.2, "access": 0.1}


@pytest.mark.parametrize(
    ("intent", "text", "slots"),
    [
        (
            "opt_out",
            "please stop the technical support updates by email",
            {"topics": ["technical_support_updates"], "channels": ["email"]},
        ),
        (
            "opt_out",
            "no more newsletters or sales calls",
            {"topics": ["monthly_newsletter", "sales_and_marketing"], "channels": ["telephone"]},
        ),
        ("opt_out", "stop texting me", {"channels": ["sms"]}),
        ("opt_out", "leave me alone", {}),
        (
            "opt_out",
            "stop every mail except the newsletter",
            {"channels": ["email"], "kept_topics": ["monthly_newsletter"]},
        ),
        (
            "opt_out",
            "not the support updates, only the offers, end those",
            {"topics": ["sales_and_marketing"], "kept_topics": ["technical_support_updates"]},
        ),
        ("opt_in", "send me the technology newsletter", {"topics": ["technology_updates"]}),
        ("opt_in", "don't cancel the newsletter", {"topics": ["monthly_newsletter"]}),
        ("opt_in", "sign me up for offers but no calls", {"topics": ["sales_and_marketing"]}),
    ],
)
def test_topics_and_channels_that_are_named(intent: str, text: str, slots: dict[str, list[str]]) -> None:
    assert preferences(intent, text) == slots


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("I want tech updates, no newsletter", ("opt_in", "opt_out")),
        ("end the newsletter and start the technology updates", ("opt_out", "opt_in")),
        ("end the newsletter and keep the technology updates", ()),
        ("end the newsletter and the technology updates", ()),
        ("the newsletter, please", ()),
    ],
)
def test_one_topic_wanted_and_another_refused_are_two_wishes(text: str, order: tuple[str, ...]) -> None:
    assert both_directions(text) == order


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
    "text",
    [
        "sort out my details",
        "can you deal with my data please",
        "Look at my record.",
        "my details please",
        "it's about my data",
        "something with my email address",
    ],
)
def test_a_wish_that_does_not_say_what_is_vague(text: str) -> None:
    assert is_vague(text)


@pytest.mark.parametrize("text", ["delete my details", "sort out my phone number, it is wrong", "help"])
def test_a_wish_that_says_what_is_not(text: str) -> None:
    assert not is_vague(text)


@pytest.mark.parametrize(
    "text",
    ["turn off the tech updates for me", "cancel my subscription to the newsletter", "don't text me again"],
)
def test_a_word_of_refusing_makes_all_that_speaks_for_marketing_speak_against_it(text: str) -> None:
    assert directed(text, LEANS_IN) == {"opt_in": 0.0, "opt_out": pytest.approx(0.9), "access": 0.1}


def test_a_word_of_wanting_beside_it_leaves_the_two_as_they_are() -> None:
    assert directed("turn off the texts and sign me up for mails", LEANS_IN) == LEANS_IN
