"""A letter makes a request beside what it is about where that is sure, read beside its other clauses."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nlu.requests.asked import asked_by
from nlu.requests.interfaces import Part
from nlu.requests.letter_clauses import SURE_IN_CONTEXT
from nlu.requests.letters import CERTAIN_IN_CONTEXT, of_a_letter
from tests.unit.nlu.requests.parts import part

ABOUT = part("where did you get my name from", "source")


def _asked(clause: Part, *, about: Part = ABOUT, intent: str = "source", spoken_for: float = 0.0) -> set[str]:
    likely = {intent: 0.95}
    whole = {intent: 0.99, max(clause.probabilities, key=lambda one: clause.probabilities[one]): spoken_for}
    return {one.intent for one in of_a_letter(likely, [about, clause], whole, [about, clause], listed=False)}


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("please remove me from your system", "erase"),
        ("let me see what you have about me", "access"),
        ("my surname should read Fenn", "rectify"),
    ],
)
def test_what_the_whole_does_not_speak_for_counts_where_it_is_sure(text: str, intent: str) -> None:
    clause = part(text, intent)

    assert _asked(clause) == {"source"}
    assert _asked(replace(clause, in_context=SURE_IN_CONTEXT)) == {"source", intent}


def test_what_is_grave_must_be_named_all_the_same() -> None:
    clause = replace(part("let it all go", "erase"), in_context=1.0)

    assert _asked(clause, spoken_for=0.5) == {"source"}


def test_a_threat_is_none_of_the_requests_however_sure_it_sounds() -> None:
    text = "if I do not hear from you within a month I will complain to the regulator"
    clause = replace(part(text, "complaint"), in_context=1.0)

    assert _asked(clause, spoken_for=0.5) == {"source"}


def test_a_part_of_another_request_is_one_of_its_own_only_where_that_is_certain() -> None:
    about = part("please delete my record", "erase")
    clause = part("and how long does that take", "ask_rights")
    clause = replace(clause, clause=replace(clause.clause, joint=","))

    def asked(sure: float) -> set[str]:
        return _asked(replace(clause, in_context=sure), about=about, intent="erase", spoken_for=0.1)

    assert asked(SURE_IN_CONTEXT) == {"erase"}
    assert asked(CERTAIN_IN_CONTEXT) == {"erase", "ask_rights"}


def test_mailings_need_no_word_for_them_where_it_is_sure_what_is_to_end() -> None:
    clause = part("take me off those", "opt_out")

    assert _asked(clause, spoken_for=0.5) == {"source"}
    assert _asked(replace(clause, in_context=SURE_IN_CONTEXT), spoken_for=0.5) == {"source", "opt_out"}


def test_what_sounds_like_a_supposition_may_surely_ask() -> None:
    text = "please remove me, since there is nothing that I could possibly want to buy"
    clause = part(text, "erase")

    imagined = part("there is nothing that I could possibly want to be removed", "erase")

    assert asked_by(replace(imagined, in_context=1.0), 0.0) is None, "no order, however sure it sounds"
    assert asked_by(clause, 0.0) is None
    asked = asked_by(replace(clause, in_context=1.0), 0.0)
    assert asked is not None
    assert asked.intent == "erase"
