"""Rights that a letter calls by the law's names."""

from __future__ import annotations

import pytest

from nlu.requests.citations import cites_access_alone, objects_to_marketing_alone, right_made_use_of


@pytest.mark.parametrize(
    ("clause", "intent"),
    [
        ("I exercise my rights under Article 15 of the General Data Protection Regulation.", "access"),
        ("I hereby make use of Art. 16 and request that", "rectify"),
        ("please treat this as a request under article 17(1)(a)", "erase"),
        ("I am exercising my right to be forgotten", "erase"),
        ("I invoke Article 18", "restrict"),
        ("I'd like to exercise my right to data portability", "portability"),
        ("I demand that you apply Article 21(1)", "object"),
        ("I hereby object under Art. 21(2)", "opt_out"),
        ("please apply Article 22 to it", "automated_decisions"),
        ("I am exercising my right to withdraw my consent", "withdraw_consent"),
        ("so please take this as my request to be deleted", "erase"),
        ("you are to wipe it under Article 17, without undue delay", "erase"),
        ("I further ask for it to be mended, Article 16", "rectify"),
    ],
)
def test_the_right_that_is_made_use_of_is_known_by_its_name(clause: str, intent: str) -> None:
    assert right_made_use_of(clause) == intent


@pytest.mark.parametrize(
    "clause",
    [
        "I am aware that I could invoke Article 17",
        "this is not a request under Article 17",
        "if you refuse, I request erasure under Article 17",
        "I have the right to erasure",
        "I request what Article 15 and Article 17 give me",
        "I exercise my rights under Articles 15 to 22",
        "I request what Article 12 says",
        "in May I exercised my right to erasure",
        "please delete me",
    ],
)
def test_a_recital_a_refusal_and_a_story_make_use_of_nothing(clause: str) -> None:
    assert right_made_use_of(clause) is None


def test_an_objection_may_be_to_marketing_alone() -> None:
    assert objects_to_marketing_alone("I object to marketing")
    assert objects_to_marketing_alone("Under Article 21 (2) I give notice of my objection")
    assert objects_to_marketing_alone(
        "I object to direct marketing, including profiling to the extent that it is related to such marketing"
    )
    assert objects_to_marketing_alone("I object to your marketing, including profiling for direct marketing")
    assert not objects_to_marketing_alone("I object to the profiling behind your marketing")
    assert not objects_to_marketing_alone("I object")


@pytest.mark.parametrize(
    ("letter", "alone"),
    [
        ("This is a subject access request under Article 15.", True),
        ("Under Article 15 I ask for a copy in a machine-readable format.", False),
        ("Under Articles 15 and Article 20, please.", False),
        ("Please send me my data.", False),
    ],
)
def test_access_may_be_cited_alone(letter: str, alone: bool) -> None:
    assert cites_access_alone(letter) is alone
