"""A malformed script is told its line and what to do; a good one is read as it was written."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.converse.reading import ScriptError
from bot.converse.script import duration, load

HEAD = "conversation: it works\ncontact: tom\n"


def mistakes(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "script.yml"
    path.write_text(text)
    with pytest.raises(ScriptError) as caught:
        load(path)
    return [f"{problem.line}: {problem.message}" for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("steps", "line", "message"),
    [
        ("- contct: hi", 4, "a step has no 'contct'. Did you mean 'contact'?"),
        ("- contact: {txt: hi}", 4, "has no 'txt'. Did you mean 'text'?"),
        ("- contact: hi\n- assistant: {asks: emial}", 5, "there is no field 'emial'. Did you mean 'email'?"),
        ("- assistant:\n    says: hi\n    offers:\n      - copyfirst", 7, "Did you mean 'copy_first'?"),
        ("- assistant: {case: {state: finished}}", 4, "there is no case state 'finished'."),
        ("- assistant: {case: {right: erase}}", 4, "there is no right 'erase'. Did you mean 'erasure'?"),
        ("- assistant: [a, {card: {has_row: b}}]", 4, "a card has no 'has_row'. Did you mean 'has_rows'?"),
        ("- contact: {choice: delte}", 4, "there is no choice 'delte'."),
        ("- contact: {fields: {mail: x}}", 4, "fields has no 'mail'. Did you mean 'email'?"),
        ("- contact: {text: a, choice: erase}", 4, "exactly one of text, choice and fields"),
        ("- contact: true", 4, "not true (put it in quotes if it is meant as text)"),
        ("- contact: {fields: {code: {mail.code}}}", 4, 'write "{mail.code}" with quotes around the braces.'),
        ("- contact: it is {mail.cod}", 4, "nothing is known as {mail.cod}. Did you mean 'mail.code'?"),
        ("- clock: 3 days", 4, "'3 days' does not fit. The clock goes forward by a duration"),
        ("- clock: {to: caturday 11:00}", 4, "does not fit. Give a day and an hour"),
        ("- wait: PT", 4, "A duration is written P1D"),
        ("- agent: {approves: x}", 4, "'as' is missing."),
        ("- agent: {as: dana}", 4, "an agent either approves a case, or refuses it, or runs a command."),
        ("- agent: {as: dana, refuses: x}", 4, "an agent who refuses gives a 'reason'."),
        (
            "- agent: {as: dana, approves: x, contact: pria}",
            4,
            "no demo contact 'pria'. Did you mean 'priya'?",
        ),
        ("- contact: a\n  assistant: b", 4, "A step is one of"),
        ("- conversation: {as: lee}", 4, "'lee' is not among the contacts of this script: tom."),
        ("- assistant: {says: {matches: '('}}", 4, "'(' is no regular expression"),
        ("- {}", 4, "A step is one of"),
    ],
)
def test_a_mistake_in_a_step_is_named_with_its_line(
    tmp_path: Path, steps: str, line: int, message: str
) -> None:
    indented = "".join(f"  {each}\n" for each in steps.splitlines())
    found = mistakes(tmp_path, f"{HEAD}steps:\n{indented}")
    assert len(found) == 1
    assert found[0].startswith(f"{line}: ")
    assert message in found[0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "1: this must be a mapping, not empty."),
        ("conversation: x\nsteps: [contact: hi]\n", "1: say who speaks"),
        ("contact: tom\nsteps: [contact: hi]\n", "1: 'conversation' is missing."),
        (HEAD, "1: 'steps' is missing."),
        (f"{HEAD}steps: []\n", "3: this is not complete. 'steps' is a list"),
        (f"{HEAD}contacts: [jo]\nsteps: [contact: hi]\n", "3: give 'contact' or 'contacts', not both."),
        (f"{HEAD}contact: jo\n", "3: 'contact' stands here twice; keep one."),
        (f"{HEAD}steps: [contact: hi\n", "is not valid YAML here"),
        (f"{HEAD}channel: fax\nsteps: [contact: hi]\n", "3: there is no channel 'fax'."),
        (
            f"{HEAD}steps: [contact: hi]\nexpect: {{crm: {{thom: {{state: erased}}}}}}\n",
            "'thom'. Did you mean 'tom'?",
        ),
        (
            f"{HEAD}steps: [contact: hi]\nexpect: {{crm: {{tom: {{preferences: {{newsletter: {{}}}}}}}}}}\n",
            "4: there is no topic 'newsletter'. Did you mean 'monthly_newsletter'?",
        ),
        (
            f"{HEAD}steps: [contact: hi]\n"
            "expect:\n  crm:\n    tom:\n      preferences:\n        monthly_newsletter: {email: no}\n",
            "8: this must be true or false, not a text.",
        ),
    ],
)
def test_a_mistake_outside_the_steps_is_named_too(tmp_path: Path, text: str, message: str) -> None:
    assert any(message in mistake for mistake in mistakes(tmp_path, text))


def test_every_mistake_is_named_at_once_in_the_order_of_lines(tmp_path: Path) -> None:
    found = mistakes(tmp_path, f"{HEAD}steps:\n  - contact: {{txt: a}}\n  - clock: x\nexpects: {{}}\n")
    assert [mistake.partition(":")[0] for mistake in found] == ["4", "5", "6"]


def test_a_missing_file_is_a_mistake_too(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match="cannot be read"):
        load(tmp_path / "none.yml")


def test_what_looks_like_other_values_stays_the_text_it_is(tmp_path: Path) -> None:
    path = tmp_path / "script.yml"
    path.write_text(
        f"{HEAD}steps:\n  - contact: no\n  - contact: {{fields: {{code: 012345}}}}\n  - contact: 2026-11-23\n"
    )
    script = load(path)
    assert [step.content for step in script.steps] == ["no", {"fields": {"code": "012345"}}, "2026-11-23"]
    assert [step.line for step in script.steps] == [4, 5, 6]


def test_a_demo_contact_brings_their_facts_and_a_stranger_their_own(tmp_path: Path) -> None:
    path = tmp_path / "script.yml"
    path.write_text("conversation: x\ncontacts: [tom, {email: a@b.example, as: ann}]\nsteps: [contact: hi]\n")
    tom, ann = load(path).people
    assert (tom.name, tom.facts["email"], tom.facts["surname"]) == ("tom", "tom@northgate.example", "Aldous")
    assert (ann.name, dict(ann.facts)) == ("ann", {"email": "a@b.example"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P1D", timedelta(days=1)),
        ("PT11M", timedelta(minutes=11)),
        ("P1W2DT3H4M5S", timedelta(weeks=1, days=2, hours=3, minutes=4, seconds=5)),
    ],
)
def test_durations_are_those_of_the_contract(text: str, expected: timedelta) -> None:
    assert duration(text) == expected


def test_what_is_no_duration_is_refused() -> None:
    with pytest.raises(ValueError, match="no duration"):
        duration("soon")
