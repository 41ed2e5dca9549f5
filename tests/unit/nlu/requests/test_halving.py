"""Clauses that are cut in two where both halves surely ask, each for something else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nlu.requests.acts import ASKS, TELLS
from nlu.requests.clauses import Clause, clauses_of
from nlu.requests.halving import TRIED_AT_MOST, halved
from nlu.requests.interfaces import Part

SHOW, KNOCK = "show me which mailings I get", "knock off the technology one"
BOTH = f"{SHOW}, then {KNOCK}"


class Reader:
    """Reads clauses from a list, and everything else as small talk."""

    def __init__(self, known: Mapping[str, tuple[str, float, float]]) -> None:
        self.known = known
        self.asked: list[str] = []

    def __call__(self, clauses: Sequence[Clause]) -> Sequence[Part]:
        self.asked.extend(clause.text for clause in clauses)
        return [self._read(clause) for clause in clauses]

    def _read(self, clause: Clause) -> Part:
        intent, sure, asks = self.known.get(clause.text, ("greet", 1.0, 0.0))
        return Part(clause, {intent: sure, "thank": 1.0 - sure}, {ASKS: asks, TELLS: 1.0 - asks})


def texts_of(text: str, known: Mapping[str, tuple[str, float, float]]) -> list[str]:
    return [part.clause.text for part in halved(clauses_of(text), (), Reader(known))]


def test_a_clause_is_cut_where_both_halves_surely_ask_for_something_else() -> None:
    known = {SHOW: ("view_preferences", 1.0, 1.0), KNOCK: ("opt_out", 0.95, 0.97)}
    first, second = halved(clauses_of(BOTH), (), Reader(known))

    assert (first.clause.text, second.clause.text) == (SHOW, KNOCK)
    assert second.clause.joint == ", then"
    assert first.clause.so_far == SHOW
    assert second.clause.so_far == BOTH


def test_a_clause_stays_whole_where_a_half_is_not_sure_or_asks_for_the_same() -> None:
    shown = ("view_preferences", 1.0, 1.0)

    assert texts_of(BOTH, {SHOW: shown, KNOCK: ("opt_out", 0.85, 1.0)}) == []
    assert texts_of(BOTH, {SHOW: shown, KNOCK: ("opt_out", 1.0, 0.85)}) == []
    assert texts_of(BOTH, {SHOW: shown, KNOCK: shown}) == []
    assert texts_of(BOTH, {SHOW: shown, KNOCK: ("thank", 1.0, 1.0)}) == []


def test_what_is_grave_is_cut_off_only_where_it_is_ordered() -> None:
    known = {
        "is that consent to the collection": ("ask_policy", 1.0, 1.0),
        "sharing of my data": ("object", 1.0, 1.0),
        "show me my file": ("access", 1.0, 1.0),
        "bin the lot": ("erase", 1.0, 1.0),
    }
    assert texts_of("is that consent to the collection and sharing of my data", known) == []
    assert len(halved([Clause("show me my file, bin the lot", 0)], (), Reader(known))) == 2


def test_two_questions_that_are_one_are_not_cut() -> None:
    known = {
        "if I opted out would invoices go on": ("ask_rights", 1.0, 1.0),
        "security notices too": ("ask_policy", 1.0, 1.0),
    }
    assert texts_of("if I opted out would invoices go on and security notices too", known) == []


def test_that_a_firm_uses_the_product_and_what_it_does_to_one_is_one_thing() -> None:
    known = {
        "my dentist uses your software": ("customers_customer", 1.0, 1.0),
        "texts me": ("opt_out", 1.0, 1.0),
    }

    assert texts_of("my dentist uses your software and texts me", known) == []


def test_a_choice_and_a_reason_begin_no_new_request() -> None:
    reader = Reader({})
    halved([Clause("I want a person or a program to see to it because somebody has to look", 0)], (), reader)

    assert reader.asked == []


def test_a_message_keeps_its_other_clauses() -> None:
    known = {
        SHOW: ("view_preferences", 1.0, 1.0),
        KNOCK: ("opt_out", 1.0, 1.0),
        "good morning to you.": ("greet", 1.0, 0.0),
    }
    assert texts_of(f"good morning to you. {BOTH}", known) == ["good morning to you.", SHOW, KNOCK]


def test_a_long_list_costs_no_more_than_a_sentence() -> None:
    reader = Reader({})
    halved([Clause(", ".join(f"a thing called number {n}" for n in range(60)), 0)], (), reader)

    assert len(reader.asked) == 2 * TRIED_AT_MOST
