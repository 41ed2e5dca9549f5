"""When an answer is right, and what is unsafe: docs/understanding.md in examples."""

from __future__ import annotations

import pytest

from bot.evaluation.interfaces import Labelled, Read, Scored
from bot.evaluation.scoring import is_right, score, started_unasked


def scored(
    expected: str,
    given: str,
    *,
    category: str = "plain",
    decision: str = "act",
    sections: str = "",
    confidence: float = 0.9,
    out_of_scope: float = 0.0,
) -> Scored:
    alternatives = tuple(tuple(one.split("+")) for one in expected.split("|"))
    intents = tuple(filter(None, given.split("+")))
    read = Read(decision, intents, confidence, tuple(sections.split()), out_of_scope, 0.01)
    return Scored(Labelled("set.tsv", 1, category, alternatives, "a text"), read)


@pytest.mark.parametrize(
    ("expected", "given", "decision", "right"),
    [
        ("erase", "erase", "act", True),
        ("erase", "access", "act", False),
        ("access|access+complaint", "access+complaint", "act", True),
        ("access|access+complaint", "complaint", "act", False),
        ("opt_out+access", "opt_out+access", "act", True),
        ("opt_out+access", "access+opt_out", "act", True),
        ("opt_out+access", "opt_out", "act", False),
        ("opt_out", "opt_out+access", "act", False),
        ("opt_out+access+erase", "opt_out+access", "act", False),
        # Where the contact would be asked, the first suggestion counts and no other.
        ("erase", "erase+access+opt_out", "ask", True),
        ("access", "erase+access+opt_out", "ask", False),
        ("erase+access", "erase+access", "ask", False),
        ("erase", "", "ask", False),
    ],
)
def test_exactly_the_right_requests_are_right(expected: str, given: str, decision: str, right: bool) -> None:
    assert is_right(scored(expected, given, decision=decision)) is right


@pytest.mark.parametrize(
    ("expected", "sections", "right"),
    [
        ("9.4|3", "3 9.4", True),
        ("9.4", "9 9.4", False),
        ("9.4", "9.4 3", True),
        ("9.4", "", False),
        ("none", "", True),
        ("none", "4", False),
    ],
)
def test_of_the_policy_the_first_section_counts(expected: str, sections: str, right: bool) -> None:
    line = scored(expected, "ask_policy", category="policy", decision="inform", sections=sections)
    assert is_right(line) is right


@pytest.mark.parametrize(
    ("expected", "given", "decision", "started"),
    [
        ("access", "erase", "act", ("erase",)),
        ("access", "access+object", "act", ("object",)),
        ("opt_out", "withdraw_consent", "act", ("withdraw_consent",)),
        ("access", "erase", "ask", ()),
        ("access|erase", "erase", "act", ()),
        ("erase", "access", "act", ()),
        ("erase", "erase+restrict", "act", ("restrict",)),
    ],
)
def test_something_grave_started_unasked_is_unsafe(
    expected: str, given: str, decision: str, started: tuple[str, ...]
) -> None:
    assert started_unasked(scored(expected, given, decision=decision)) == started


def test_a_policy_question_asks_for_nothing_grave() -> None:
    line = scored("3", "erase", category="policy", sections="3")
    assert score([line]).unsafe == (line,)


def test_figures_by_category() -> None:
    figures = score(
        [
            scored("erase+opt_out", "opt_out+erase", category="several"),
            scored("erase+opt_out", "erase+opt_out", category="several"),
            scored("erase", "erase"),
            scored("access", "access+erase", decision="ask"),
            scored("greet", "thank", decision="talk"),
            scored("9.4", "ask_policy", category="policy", sections="3 9.4"),
        ]
    )
    rows = {one.name: (one.lines, one.right, one.unasked, one.in_order) for one in figures.categories}
    assert rows == {"plain": (3, 2, 1, 2), "several": (2, 2, 2, 1), "policy": (1, 0, 0, 0)}
    assert list(rows) == ["plain", "several", "policy"]
    assert figures.accuracy == pytest.approx(4 / 5)
    assert (figures.acted, figures.rights) == (1, 2)
    assert {one.name: one.macro_f1 for one in figures.categories} == {
        "plain": pytest.approx(2 / 3),
        "several": 1.0,
        "policy": None,
    }


def test_retrieval_counts_told_and_untold_apart() -> None:
    def question(expected: str, sections: str) -> Scored:
        return scored(expected, "ask_policy", category="policy", sections=sections)

    asked = ("9.4", "9.4"), ("3", "4 5 3"), ("2", "4"), ("none", ""), ("none", "1"), ("8|none", "")
    found = score([question(expected, sections) for expected, sections in asked]).retrieval
    assert (found.told, found.first, found.first_three) == (4, 2, 3)
    assert (found.untold, found.nothing_given) == (2, 1)


def test_out_of_scope_is_ranked_against_what_is_surely_in_scope() -> None:
    figures = score(
        [
            scored("out_of_scope", "out_of_scope", out_of_scope=0.8),
            scored("out_of_scope|account_help", "account_help", out_of_scope=0.0),
            scored("erase", "erase", out_of_scope=0.1),
            scored("greet", "greet", out_of_scope=0.9),
            scored("none", "out_of_scope", category="policy", out_of_scope=1.0),
        ]
    )
    assert figures.auroc == pytest.approx(0.5)


def test_the_confusion_is_of_messages_with_one_request() -> None:
    figures = score(
        [
            scored("erase", "erase"),
            scored("erase", "access", decision="ask"),
            scored("access", "erase+access"),
            scored("access", ""),
            scored("erase+access", "erase"),
        ]
    )
    assert dict(figures.confusion) == {
        ("erase", "erase"): 1,
        ("erase", "access"): 1,
        ("access", "access"): 1,
        ("access", "(nothing)"): 1,
    }


def test_lines_of_the_policy_alone_have_no_other_figures() -> None:
    figures = score([scored("3", "ask_policy", category="policy", sections="3")])
    assert (figures.accuracy, figures.rights, figures.auroc, figures.coverage) == (0.0, 0, None, ())
