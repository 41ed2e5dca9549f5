"""Where one clause ends and the next begins."""

from __future__ import annotations

import pytest

from nlu.requests.clauses import CLAUSES_AT_MOST, clauses_of


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("Cancel the adverts and give me my file", ["Cancel the adverts", "give me my file"]),
        ("fix my surname, then export it all", ["fix my surname", "export it all"]),
        ("I've moved, so change my address. Ta!", ["I've moved", "change my address.", "Ta!"]),
        (
            "export it all, then once I've got that remove me",
            ["export it all", "once I've got that remove me"],
        ),
        ("where am I listed? take me off", ["where am I listed?", "take me off"]),
        ("my mobile is wrong and what else is there", ["my mobile is wrong", "what else is there"]),
        ("1. show me my file\n2. correct it", ["show me my file", "correct it"]),
        ("no file needed, only a list of it", ["no file needed", "only a list of it"]),
        ("if so, show me my file and erase it", ["show me my file", "erase it"]),
        ("I left and a copy of my file please", ["I left", "a copy of my file please"]),
        ("- no more calls\n- what do you know", ["no more calls", "what do you know"]),
        (
            "I ask you, pursuant to Art. 17(1)(b), to wipe my entry and show me my file",
            ["I ask you pursuant to Art. 17(1)(b) to wipe my entry", "show me my file"],
        ),
    ],
)
def test_what_can_stand_alone_is_cut_off(text: str, clauses: list[str]) -> None:
    assert [clause.text for clause in clauses_of(text)] == clauses


@pytest.mark.parametrize(
    "text",
    [
        "erase my name and my email",
        "stop the calls and the letters",
        "I wrote to Mr. Hale about it",
        "see Art. 15 of the regulation",
        "if I leave and you close it, what stays?",
        "When somebody objects, do you stop?",
        "Suppose I leave. Do you close my file?",
        "my number is 01632.960.871",
        "",
    ],
)
def test_what_belongs_together_stays_together(text: str) -> None:
    assert len(clauses_of(text)) <= 1


def test_a_clause_knows_how_it_is_joined() -> None:
    first, second, third = clauses_of("I am cross because you keep ringing me. Can you stop it?")

    assert (first.joint, first.is_reason, first.asks) == ("", False, False)
    assert (second.joint, second.is_reason) == ("because", True)
    assert (third.sentence, third.asks) == (1, True)


def test_a_pasted_letter_is_cut_within_limits() -> None:
    assert len(clauses_of("I ask you once more, and I do so politely. " * 180)) == CLAUSES_AT_MOST


def test_text_whose_lower_case_is_longer_is_left_whole() -> None:
    assert [clause.text for clause in clauses_of("İ want it and tell me")] == ["İ want it and tell me"]


def test_keeping_a_record_unused_is_one_wish() -> None:
    assert len(clauses_of("keep my record but don't do anything with it")) == 1
    assert len(clauses_of("keep sending the newsletter but don't call me")) == 2
