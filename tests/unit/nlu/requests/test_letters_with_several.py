"""Letters that ask for several things, as people and templates combine them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.nlu.requests.parts import part, requests_of, told


def test_can_you_take_me_off_is_a_request_beside_a_question() -> None:
    parts = [
        part("can you take me off the offers list please", "opt_out"),
        part("do you pass my details on to other companies?", "ask_policy", sentence=1),
    ]

    assert requests_of(parts, {"ask_policy": 0.85, "opt_out": 0.14}) == {"opt_out", "ask_policy"}


@pytest.mark.parametrize(("sure", "asked"), [(0.9, {"opt_out"}), (0.97, {"withdraw_consent", "opt_out"})])
def test_a_consent_is_withdrawn_in_none_of_its_words_only_where_that_is_nearly_certain(
    sure: float, asked: set[str]
) -> None:
    parts = [
        part("I hereby un-tick it", "withdraw_consent", sure=sure),
        part("please turn off your newsletter at your end", "opt_out", sentence=1),
    ]

    assert requests_of(parts, {"withdraw_consent": 0.5, "opt_out": 0.42}) == asked


def test_a_breach_that_a_letter_reports_stands_before_the_complaint_about_it() -> None:
    breach = part("today your office sent my papers to somebody else", "report_breach", asks=0.9)
    breach = replace(breach, asks_in_a_letter=0.05)
    complaint = part("I wish to make a formal complaint", "complaint", sentence=1)
    whole = {"complaint": 0.99, "report_breach": 0.01}

    assert requests_of([replace(breach, in_context=0.6), complaint], whole) == {"report_breach", "complaint"}
    assert requests_of([replace(breach, in_context=0.3), complaint], whole) == {"complaint"}


def test_a_breach_is_only_told_beside_a_request_for_something_else() -> None:
    breach = part("last year my papers were sent to somebody", "report_breach", asks=0.9)
    breach = replace(breach, asks_in_a_letter=0.05, in_context=0.6)
    parts = [breach, part("please send me details of everything you hold", "access", sentence=1)]

    assert requests_of(parts, {"access": 0.99, "report_breach": 0.01}) == {"access"}


@pytest.mark.parametrize(
    ("cited", "asked"),
    [("under Articles 15 and 20 UK GDPR", {"access", "portability"}), ("under UK law", {"portability"})],
)
def test_access_is_no_part_of_a_copy_where_both_rights_are_cited(cited: str, asked: set[str]) -> None:
    parts = [
        told(cited, "access"),
        part("please tell me of all the data you process", "access", sentence=1, sure=0.93),
        part("please send a file in CSV for another firm", "portability", sentence=2),
    ]

    assert requests_of(parts, {"portability": 0.9, "access": 0.1}) == asked


@pytest.mark.parametrize(
    ("joint", "before", "asked"),
    [
        (",", "In addition, ", {"opt_out", "object"}),
        (",", "I am cross about that, ", {"opt_out"}),
    ],
)
def test_what_is_asked_in_addition_is_no_part_of_what_stands_before(
    joint: str, before: str, asked: set[str]
) -> None:
    objects = part("I object to your keeping score of me", "object", sentence=1, sure=0.94)
    objects = replace(
        objects, clause=replace(objects.clause, joint=joint, so_far=before + objects.clause.text)
    )

    assert (
        requests_of(
            [part("please stop the newsletter", "opt_out"), objects], {"opt_out": 0.98, "object": 0.02}
        )
        == asked
    )


def test_a_question_that_is_announced_is_asked() -> None:
    question = part("how long may it stay frozen", "ask_rights", sentence=1, sure=0.9)
    announced = replace(
        question.clause, joint=":", so_far=f"And a question: {question.clause.text}", asks=True
    )
    parts = [part("please freeze my record", "restrict"), replace(question, clause=announced)]

    assert requests_of(parts, {"restrict": 0.98, "ask_rights": 0.01}) == {"restrict", "ask_rights"}


@pytest.mark.parametrize(
    ("text", "intent", "in_context", "asked"),
    [
        ("I don't want my opens and my visits counted", "object", 0.9, True),
        ("I don't want my opens and my visits counted", "object", 0.5, False),
        ("I make use of my right under Article 18(1)(d", "restrict", 0.9, True),
        ("nobody is to have a trace of me", "erase", 0.9, False),
    ],
)
def test_what_is_grave_may_be_asked_in_none_of_its_words_where_that_is_sure(
    text: str, intent: str, in_context: float, *, asked: bool
) -> None:
    grave = replace(part(text, intent, sentence=1), asks_in_a_letter=0.95, in_context=in_context)
    found = requests_of(
        [part("who do you share it with?", "ask_policy"), grave], {"ask_policy": 0.9, intent: 0.05}
    )

    assert (intent in found) is asked
