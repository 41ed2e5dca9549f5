"""Every phrase and button is used, every one that is used exists, and none has a blank that nobody fills."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from actions.settings import PROJECT_ROOT
from actions.wording.services import choices, phrases, placeholders

SOURCES = sorted(path for part in ("actions", "bot") for path in (PROJECT_ROOT / part).rglob("*.py"))
# Who says a phrase, and where in the call its id stands.
SPEAKERS = {"phrase": 0, "say": 0, "offer": 0, "ask": 1}
NOT_VALUES = {"card", "case"}


@lru_cache(maxsize=1)
def trees() -> list[tuple[Path, ast.Module]]:
    return [(path, ast.parse(path.read_text(encoding="utf-8"))) for path in SOURCES]


@lru_cache(maxsize=1)
def named() -> tuple[frozenset[str], list[re.Pattern[str]]]:
    """Every text that stands in the code, and every pattern of one that is put together there."""
    texts: set[str] = set()
    patterns: list[re.Pattern[str]] = []
    for _, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.add(node.value)
            elif isinstance(node, ast.JoinedStr) and (pattern := _pattern(node)):
                patterns.append(re.compile(pattern))
    return frozenset(texts), patterns


def _pattern(node: ast.JoinedStr) -> str | None:
    """What an f-string can be, where a part of it says that it is an id: `status.{…}`."""
    literal = "".join(part.value for part in node.values if isinstance(part, ast.Constant))
    if not re.fullmatch(r"[a-z_.]*", literal) or "." not in literal:
        return None
    return "".join(
        re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"[a-z_]+" for part in node.values
    )


def is_used(name: str) -> bool:
    texts, patterns = named()
    return name in texts or any(pattern.fullmatch(name) for pattern in patterns)


def spoken() -> Iterator[tuple[str, str, ast.Call]]:
    """Every call that says a phrase by its id, with where it stands."""
    for path, tree in trees():
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
    assert [name for name in phrases() if not is_used(name)] == []


def test_every_button_is_used() -> None:
    # A button named like an intent is offered where the assistant asks which was meant.
    intents = set(re.findall(r"^  - (\w+):", (PROJECT_ROOT / "domain.yml").read_text(), re.MULTILINE))
    answers = (path.read_text(encoding="utf-8") for path in (PROJECT_ROOT / "data/policy").glob("*.yml"))
    offered = set(re.findall(r"[\w.]+", " ".join(answers)))
    assert [name for name in choices() if not is_used(name) and name not in intents | offered] == []


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
    assert is_used("status.withdrawn")
    assert not is_used("status.never_said.anywhere")
    assert not is_used("nobody.says.this")


@pytest.mark.parametrize("name", sorted(choices()))
def test_no_button_can_be_typed_in_two_ways_that_look_alike(name: str) -> None:
    typed = choices()[name].typed
    assert len(set(typed)) == len(typed)
    assert all(re.fullmatch(r"[a-z0-9 ]+", wording) for wording in typed), "lower case, no punctuation"
