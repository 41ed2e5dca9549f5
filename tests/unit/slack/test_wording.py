"""Every sentence of `data/slack` is used, what is used exists, and none has a blank nobody fills."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from actions.settings import PROJECT_ROOT
from actions.wording.interfaces import WordingError
from actions.wording.services import placeholders
from bot.slack.blocks import Marked
from bot.slack.wording import marked, plain, sentences
from tests.support.sentences import Speech

SOURCES = sorted((PROJECT_ROOT / "bot" / "slack").rglob("*.py"))
SPEAKERS = ("plain", "marked")
SPEECH = Speech(SOURCES)


def spoken() -> Iterator[tuple[str, str, ast.Call]]:
    """Every call that says a sentence by its id, with where it stands."""
    for path, tree in SPEECH.trees:
        for node in ast.walk(tree):
            name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
            if isinstance(node, ast.Call) and name in SPEAKERS and node.args:
                for each in ids(node.args[0]):
                    yield f"{path.relative_to(PROJECT_ROOT)}:{node.lineno}", each, node


def ids(argument: ast.expr) -> list[str]:
    if isinstance(argument, ast.IfExp):
        return ids(argument.body) + ids(argument.orelse)
    return [argument.value] if isinstance(argument, ast.Constant) else []


def test_every_sentence_is_used() -> None:
    assert [name for name in sentences() if not SPEECH.says(name)] == []


def test_every_sentence_that_is_said_exists_and_gets_what_it_needs() -> None:
    wrong = []
    for where, name, call in spoken():
        if name not in sentences():
            wrong.append(f"{where}: there is no sentence '{name}'")
            continue
        given = {keyword.arg for keyword in call.keywords}
        missing = placeholders(sentences()[name]) - {"organisation"} - given
        if missing and None not in given:
            wrong.append(f"{where}: '{name}' is not given {', '.join(sorted(missing))}")
    assert wrong == []


@pytest.mark.parametrize(
    ("prefix", "names"),
    [
        ("state", "actions.cases.interfaces:CASE_STATES"),
        ("right", "actions.cases.interfaces:RIGHTS"),
        ("role", "actions.handover.interfaces:ROLES"),
        ("queue", "actions.cases.queues:QUEUES"),
        ("home.empty", "actions.cases.queues:QUEUES"),
        ("part", "bot.slack.case_view:PARTS"),
        ("outcome", "actions.recipients.interfaces:NoticeState"),
        ("step", "actions.fulfilment.interfaces:WAITING_STATES"),
        ("identity", "bot.slack.requests:PROOFS"),
        ("channel", "bot.slack.requests:CHANNELS"),
    ],
)
def test_every_word_that_is_put_together_exists(prefix: str, names: str) -> None:
    from importlib import import_module
    from typing import get_args

    module, _, attribute = names.partition(":")
    found = getattr(import_module(module), attribute)
    values = get_args(found) or tuple(found)
    assert values
    assert [f"{prefix}.{each}" for each in values if f"{prefix}.{each}" not in sentences()] == []


def test_what_every_transition_and_every_button_is_called() -> None:
    from actions.cases.states import MACHINES, TRANSITIONS
    from bot.slack.buttons import OFFERS

    names = [f"did.{name}" for after in TRANSITIONS.values() for name in after.values()]
    names += [f"by.{name or 'system'}" for name in MACHINES]
    names += [f"button.{offer.action_id}" for offer in OFFERS]
    for offer in OFFERS:
        if offer.asks_first:
            names += [f"confirm.{offer.action_id}.title", f"confirm.{offer.action_id}.text"]
    assert [name for name in names if name not in sentences()] == []


def test_a_title_and_a_button_fit() -> None:
    from bot.slack.buttons import OFFERS

    for offer in OFFERS:
        assert len(sentences()[f"button.{offer.action_id}"]) <= 24


def test_what_is_missing_is_never_a_silent_blank() -> None:
    with pytest.raises(WordingError, match="nobody fills: needed"):
        plain("gate.role", role="agent")
    with pytest.raises(WordingError, match="No sentence"):
        plain("never.said")


def test_values_are_escaped_and_marks_of_ours_are_not() -> None:
    text = marked("assign.done", reference="<!channel> & co", who=Marked("<@U1>"))
    assert "&lt;!channel&gt; &amp; co" in text
    assert "<@U1>" in text
