"""Whoever posts a letter gives its template what it needs, and no template lies about unused."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.mail import templates
from actions.mail.templates import template_ids
from actions.settings import PROJECT_ROOT

OWN = {"case", "key", "attachments", "useless_after"}
SOURCES = sorted(path for part in ("actions", "bot") for path in (PROJECT_ROOT / part).rglob("*.py"))


def named(argument: ast.expr) -> list[str]:
    """The templates an argument may stand for, as far as it says."""
    if isinstance(argument, ast.IfExp):
        return named(argument.body) + named(argument.orelse)
    return [str(argument.value)] if isinstance(argument, ast.Constant) else []


def posts() -> Iterator[tuple[str, str, ast.Call]]:
    """Every call of `post` and each template it names, with where it stands."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or len(node.args) < 3:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name == "post":
                where = f"{path.relative_to(PROJECT_ROOT)}:{node.lineno}"
                yield from ((where, template, node) for template in named(node.args[1]))


def needed(template: str) -> set[str]:
    path: Path = templates.folder() / f"{template}.yml"
    return set(templates._loaded(path).values)


@pytest.mark.parametrize(
    ("where", "template", "call"), [pytest.param(*post, id=f"{post[0]}-{post[1]}") for post in posts()]
)
def test_a_letter_is_given_what_its_template_needs(where: str, template: str, call: ast.Call) -> None:
    assert template in template_ids(), f"{where}: there is no template '{template}'"
    if all(keyword.arg is not None for keyword in call.keywords):
        assert {str(keyword.arg) for keyword in call.keywords} - OWN == needed(template), where


@pytest.mark.parametrize("template", template_ids())
def test_every_template_is_used(template: str) -> None:
    assert any(f'"{template}"' in path.read_text(encoding="utf-8") for path in SOURCES)
