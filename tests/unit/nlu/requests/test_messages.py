"""Which clauses of a message count, and what the whole of it says beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from nlu.requests.clauses import Clause
from nlu.requests.interfaces import Part
from nlu.requests.merging import merge
from nlu.understanding.vocabulary import CONTRACT


def part(text: str, *, asks: float = 0.95, **sure: float) -> Part:
    """A clause that is read as what it is surest of."""
    others = CONTRACT - sure.keys()
    rest = (1 - sum(sure.values())) / len(others)
    probabilities = {**dict.fromkeys(others, rest), **sure}
    return Part(Clause(text, 0, so_far=text), probabilities, {"asks": asks, "tells": 1 - asks})


def requests_of(parts: list[Part], whole: Mapping[str, float]) -> list[str]:
    """What a message of these clauses asks for, in the order said; nothing where the whole decides."""
    return [asked.intent for asked in merge(" ".join(each.clause.text for each in parts), whole, parts).asked]


FAULT = part("the report keeps crashing", asks=0.1, out_of_scope=0.9)
LISTS = part("which lists am I on?", view_preferences=0.99)


def test_what_the_whole_is_about_stands_beside_the_one_request_of_its_clauses() -> None:
    title = part("and it's Mrs not Miss", asks=0.3, rectify=0.8)
    whole = {"rectify": 0.8, "view_preferences": 0.2}

    assert requests_of([LISTS, title], whole) == ["view_preferences", "rectify"]
    assert requests_of([title, LISTS], whole) == ["rectify", "view_preferences"]


def test_but_not_where_no_other_clause_may_mean_it() -> None:
    aside = part("it has been years", asks=0.3, rectify=0.1, complaint=0.5)

    assert requests_of([LISTS, aside], {"rectify": 0.8, "view_preferences": 0.2}) == []


@pytest.mark.parametrize(
    ("text", "beside"), [("I'd have it erased", ["view_preferences", "erase"]), ("I'd have it rubbed", [])]
)
def test_what_is_grave_must_be_named_for_that(text: str, beside: list[str]) -> None:
    grave = part(text, asks=0.3, erase=0.9)

    assert requests_of([LISTS, grave], {"erase": 0.9, "view_preferences": 0.1}) == beside


@pytest.mark.parametrize(
    ("whole", "asked"),
    [("out_of_scope", ["opt_out"]), ("thank", ["opt_out"]), ("affirm", []), ("stop", [])],
)
def test_one_thing_that_is_surely_asked_in_passing_is_asked(whole: str, asked: list[str]) -> None:
    parts = [
        part("the report keeps crashing", asks=0.1, out_of_scope=0.9),
        part("unsubscribe me", opt_out=0.99),
    ]

    assert requests_of(parts, {whole: 0.99}) == asked


@pytest.mark.parametrize(
    ("question", "asked"), [("is there a bulk delete?", []), ("what are my rights?", ["ask_rights"])]
)
def test_a_question_beside_the_product_is_about_that_unless_it_speaks_of_oneself(
    question: str, asked: list[str]
) -> None:
    parts = [part("four hundred suppliers are in it twice", asks=0.1, out_of_scope=0.9)]
    parts.append(part(question, asks=1.0, ask_rights=0.98))

    assert requests_of(parts, {"out_of_scope": 0.99}) == asked


def test_nothing_grave_is_asked_in_passing() -> None:
    parts = [FAULT, part("delete it", erase=0.99)]

    assert requests_of(parts, {"out_of_scope": 0.99}) == []


def test_who_stops_to_speak_to_a_person_wants_to_speak_to_one() -> None:
    parts = [part("oh forget it", asks=0.3, stop=0.99), part("get me a human being", talk_to_human=0.99)]

    assert requests_of(parts, {"stop": 0.9}) == ["talk_to_human"]


def test_beside_a_question_a_request_counts_that_is_sure_whatever_its_form() -> None:
    question = part("would it cost anything if I asked", ask_rights=0.99)
    wish = "but do knock the newsletters on the head"

    assert requests_of([question, part(wish, asks=1.0, opt_out=0.98)], {"ask_rights": 0.99}) == [
        "ask_rights",
        "opt_out",
    ]
    assert requests_of([question, part(wish, asks=0.9, opt_out=0.9)], {"ask_rights": 0.99}) == []


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("please no more of these bulletins", True),
        ("nothing by text", True),
        ("no calls needed", False),
        ("I had no calls", False),
    ],
)
def test_an_end_is_ordered_by_saying_no(text: str, asks: bool) -> None:
    parts = [part("show me my file", access=0.99), part(text, asks=0.2, opt_out=0.96)]

    assert ("opt_out" in requests_of(parts, {"access": 0.9, "opt_out": 0.1})) is asks


def test_no_calls_in_a_row_of_what_is_not_wanted_may_only_explain() -> None:
    calls = part("no phoning", asks=0.2, opt_out=0.96)
    row = Part(Clause("no phoning", 0, ",", so_far="no selling, no phoning"), calls.probabilities, calls.acts)

    assert "opt_out" not in requests_of(
        [part("freeze it", restrict=0.99), row], {"restrict": 0.9, "opt_out": 0.1}
    )


def test_who_says_let_me_know_asks() -> None:
    parts = [
        part("change my number", rectify=0.99),
        part("let me know how the other request gets on", asks=0.6, request_status=0.88),
    ]

    assert requests_of(parts, {"rectify": 0.99}) == ["rectify", "request_status"]


@pytest.mark.parametrize(
    "text",
    ["I'll leave it untouched until I hear from you", "we will hold on to it unused", "I'll keep it frozen"],
)
def test_what_somebody_will_do_themselves_is_not_asked(text: str) -> None:
    parts = [part("I got a list of strangers", report_breach=0.99), part(text, restrict=0.99)]

    assert "restrict" not in requests_of(parts, {"report_breach": 0.9, "restrict": 0.1})


def test_a_message_that_repeats_itself_is_read() -> None:
    title = replace(part("it's Mrs", asks=0.3, rectify=0.8), vector=np.ones(3))
    parts = [LISTS, title, replace(title, vector=np.zeros(3))]

    assert requests_of(parts, {"rectify": 0.8, "view_preferences": 0.2}) == ["view_preferences", "rectify"]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("after that delete it", True),
        ("when I've read it, delete it", True),
        ("once that's landed bin the lot", True),
        ("when I leave you delete it", False),
    ],
)
def test_what_is_to_follow_another_request_is_ordered(text: str, *, asked: bool) -> None:
    copy = part("send me a copy", portability=0.99)
    erasure = part(text, asks=0.2, erase=0.95)

    assert ("erase" in requests_of([copy, erasure], {"portability": 0.9, "erase": 0.1})) is asked


@pytest.mark.parametrize(("text", "asked"), [("no more menus", []), ("no more newsletters", ["opt_out"])])
def test_an_end_of_menus_is_no_objection_to_marketing(text: str, asked: list[str]) -> None:
    person = part("I want to speak to someone", talk_to_human=0.99)
    ended = part(text, asks=0.1, opt_out=0.97)

    assert requests_of([ended, person], {"talk_to_human": 0.9, "opt_out": 0.06}) in (
        [*asked, "talk_to_human"],
        asked,
    )


def test_nobody_is_spoken_for_whom_no_word_names() -> None:
    parts = [
        part("you keep writing mr", on_behalf=0.99),
        part("kindly amend that", rectify=0.99),
        part("which of you do I write to about data protection?", contact_dpo=0.99),
    ]

    assert requests_of(parts, {"contact_dpo": 0.8, "rectify": 0.2}) == ["rectify", "contact_dpo"]


def test_of_whom_it_is_told_who_did_what_is_not_asked() -> None:
    child = part("I write as the parent of PERSON_1", on_behalf=0.95)
    did = part("who managed to register on your website", source=0.9)
    read = requests_of([child, replace(did, clause=replace(did.clause, joint="and"))], {"on_behalf": 0.9})

    assert "source" not in read


def test_a_name_and_an_address_say_who_writes_and_correct_nothing() -> None:
    parts = [part("rub me out please", erase=0.98), part("PERSON_1, EMAIL_1", asks=0.0, rectify=0.98)]

    assert requests_of(parts, {"erase": 0.9, "rectify": 0.1}) in ([], ["erase"])


@pytest.mark.parametrize(
    ("clause", "found"),
    [("my company needs changing", ["opt_in", "rectify"]), ("my dinner needs changing", [])],
)
def test_whom_one_works_for_is_a_detail_of_ones_own(clause: str, found: list[str]) -> None:
    parts = [part("put me back on the newsletter", opt_in=0.99), part(clause, asks=0.2, rectify=0.97)]

    assert requests_of(parts, {"opt_in": 0.97, "rectify": 0.03}) == found


@pytest.mark.parametrize(
    ("clause", "found"),
    [
        ("could I get my data in csv please", ["portability", "ask_policy"]),
        ("could I get my data in csv", []),
    ],
)
def test_may_i_please_is_an_order(clause: str, found: list[str]) -> None:
    parts = [part(clause, portability=0.99), part("what do you use it for", ask_policy=0.9)]

    assert requests_of(parts, {"ask_policy": 0.7, "portability": 0.3}) == found
