"""Every phrase and button is used, every one that is used exists, and none has a blank that nobody fills."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from actions.settings import PROJECT_ROOT
from actions.wording.services import choices, phrases, placeholders
from tests.support.sentences import Speech

SOURCES = sorted(path for part in ("actions", "bot") for path in (PROJECT_ROOT / part).rglob("*.py"))
# Who says a phrase, and where in the call its id stands.
SPEAKERS = {"phrase": 0, "say": 0, "offer": 0, "ask": 1}
NOT_VALUES = {"card", "case"}
SPEECH = Speech(SOURCES)


def spoken() -> Iterator[tuple[str, str, ast.Call]]:
    """Every call that says a phrase by its id, with where it stands."""
    for path, tree in SPEECH.trees:
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            place = SPEAKERS.get(name)
            if place is None or len(node.args) <= place:
                continue
            for identifier in _ids(node.args[place]):
                yield f"{path.relative_to(PROJECT_ROOT)}:{node.lineno}", identifier, node


def _ids(argument: ast.expr) -> list[str]:
    if isinstance(argument, ast.IfExp):
        return _ids(argument.body) + _ids(argument.orelse)
    value = argument.value if isinstance(argument, ast.Constant) else None
    return [value] if isinstance(value, str) and re.fullmatch(r"[a-z_]+(\.[a-z_]+)*", value) else []


def test_every_phrase_is_used() -> None:
    assert [name for name in phrases() if not SPEECH.says(name)] == []


def test_every_button_is_used() -> None:
    # A button named like an intent is offered where the assistant asks which was meant.
    intents = set(re.findall(r"^  - (\w+):", (PROJECT_ROOT / "domain.yml").read_text(), re.MULTILINE))
    answers = (path.read_text(encoding="utf-8") for path in (PROJECT_ROOT / "data/policy").glob("*.yml"))
    offered = set(re.findall(r"[\w.]+", " ".join(answers)))
    assert [name for name in choices() if not SPEECH.says(name) and name not in intents | offered] == []


def test_every_phrase_that_is_said_exists_and_gets_what_it_needs() -> None:
    wrong = []
    for where, name, call in spoken():
        text = phrases().get(name)
        if text is None:
            if "." in name:
                wrong.append(f"{where}: there is no phrase '{name}'")
            continue
        given = {keyword.arg for keyword in call.keywords}
        missing = placeholders(text) - {"organisation"} - given
        if missing and None not in given:
            wrong.append(f"{where}: '{name}' is not given {', '.join(sorted(missing))}")
    assert wrong == []


def test_the_check_of_use_is_a_check() -> None:
    assert SPEECH.says("status.withdrawn")
    assert not SPEECH.says("status.never_said.anywhere")
    assert not SPEECH.says("nobody.says.this")


@pytest.mark.parametrize("name", sorted(choices()))
def test_no_button_can_be_typed_in_two_ways_that_look_alike(name: str) -> None:
    typed = choices()[name].typed
    assert len(set(typed)) == len(typed)
    assert all(re.fullmatch(r"[a-z0-9 ]+", wording) for wording in typed), "lower case, no punctuation"
