"""Checks the training examples before anything is trained, and says where a mistake is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

from nlu.classification.text import normalised
from nlu.placeholders.patterns import KINDS
from nlu.understanding.vocabulary import CONTRACT, SITUATIONAL

EXAMPLES_AT_LEAST = 10

_LOOKS_LIKE_A_PLACEHOLDER = re.compile(r"\b([A-Z]{3,})_\d+\b")
_ANNOTATION = re.compile(r"\[[^\]]+\]\s*[({]")


@dataclass(frozen=True)
class Example:
    """One training example and where it stands."""

    intent: str
    text: str
    file: Path
    line: int


@dataclass(frozen=True)
class Problem:
    """One mistake in the data, and where it stands."""

    file: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


def read_corpus(folder: Path) -> tuple[list[Example], list[Problem]]:
    """Read and check every example of a folder.

    Args:
        folder: The folder with Rasa's NLU files, `data/nlu`.

    Returns:
        The examples in the files' order, and what is wrong with them.
    """
    examples: list[Example] = []
    problems: list[Problem] = []
    for file in sorted(folder.rglob("*.yml")):
        try:
            examples.extend(read_examples(file))
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            problems.append(Problem(file, line, str(error.problem or error.context)))
        except Malformed as error:
            problems.append(error.problem)
    return examples, problems + list(_mistakes(examples, folder))


class Malformed(Exception):
    """A file that is no list of examples; the message says where."""

    def __init__(self, file: Path, node: yaml.Node | None, message: str) -> None:
        self.problem = Problem(file, node.start_mark.line + 1 if node else 1, message)
        super().__init__(str(self.problem))


def read_examples(file: Path) -> Iterator[Example]:
    """Read the examples of one file.

    Args:
        file: One of Rasa's NLU files.

    Raises:
        Malformed: If it is no list of intents with examples.
        yaml.YAMLError: If it is no YAML.
    """
    root = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    nlu = _entry(root, "nlu")
    if not isinstance(nlu, yaml.SequenceNode):
        raise Malformed(file, nlu or root, "expected a list under `nlu:`")
    for item in nlu.value:
        intent, examples = _entry(item, "intent"), _entry(item, "examples")
        if not isinstance(intent, yaml.ScalarNode) or not isinstance(examples, yaml.ScalarNode):
            raise Malformed(file, item, "expected `intent:` with a name and `examples: |` with a list")
        first = examples.start_mark.line + 2
        for offset, line in enumerate(examples.value.splitlines()):
            if not line.strip():
                continue
            if not line.startswith("- "):
                raise Malformed(
                    file, examples, f"line {first + offset} does not begin with a dash and a space"
                )
            yield Example(intent.value, line[2:].strip(), file, first + offset)


def _entry(node: Any, key: str) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if name.value == key:
                return value
    return None


def _mistakes(examples: list[Example], folder: Path) -> Iterator[Problem]:
    meant: dict[str, Example] = {}
    for example in examples:
        yield from _mistakes_of(example)
        earlier = meant.setdefault(normalised(example.text), example)
        if earlier is not example:
            message = f"the same text is an example of {earlier.intent} at {earlier.file.name}:{earlier.line}"
            yield Problem(example.file, example.line, message)
    counts = Counter(example.intent for example in examples)
    for intent in sorted(CONTRACT | SITUATIONAL):
        if counts[intent] < EXAMPLES_AT_LEAST:
            yield Problem(folder, 1, f"{intent} has {counts[intent]} examples; it needs {EXAMPLES_AT_LEAST}")


def _mistakes_of(example: Example) -> Iterator[Problem]:
    if example.intent not in CONTRACT | SITUATIONAL:
        yield Problem(example.file, example.line, f"there is no intent {example.intent}")
    if not normalised(example.text):
        yield Problem(example.file, example.line, "the example is empty")
    if _ANNOTATION.search(example.text):
        yield Problem(
            example.file, example.line, "entities are not annotated: write a placeholder such as EMAIL_1"
        )
    for kind in _LOOKS_LIKE_A_PLACEHOLDER.findall(example.text):
        if kind not in KINDS:
            yield Problem(
                example.file, example.line, f"there is no placeholder {kind}_1; there are {', '.join(KINDS)}"
            )
