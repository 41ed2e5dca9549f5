"""What the encoder is adapted to: every text that the models learn from, with all that is known of it."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from nlu.classification.text import normalised
from nlu.corpus import read_corpus
from nlu.policy.reading import read_questions
from nlu.requests.acts import JOINED_ONE_IN, joined, read_acts
from nlu.requests.letter_examples import LetterExample, read_letters
from nlu.requests.marked_examples import MarkedExample, read_marked
from nlu.requests.models import Lessons
from nlu.situations.examples import MAY_SHOW_SITUATIONS
from nlu.situations.reading import read_situations

INTENT = "intent"
ACT = "act"
IN_A_LETTER = "in a letter"
SECTION = "section"
SITUATION = "situation"
TASKS = {INTENT: 1.0, ACT: 0.5, IN_A_LETTER: 0.5, SECTION: 1.0, SITUATION: 0.5}
"""What is known of texts, and how much it counts."""

NO_SITUATION = ""
ORDINARY_ONE_IN = 5
"""Of the examples, how many show that a message mostly shows no situation."""


@dataclass(frozen=True)
class Lesson:
    """A text.

    Attributes:
        text: as `normalised` returns it.
        labels: by task, what it is.
        source: what it was taken from: the text itself, the letter that it stands in, or the clause that it
            shows beside another.
    """

    text: str
    labels: Mapping[str, str]
    source: str

    def part(self, parts: int) -> int:
        """Return which of several parts of the lessons it belongs to, the same on every machine: what comes
        from one source is in one part, so that no other learns it by heart as well."""
        return zlib.crc32(self.source.encode()) % parts


def lessons(data: Path) -> list[Lesson]:
    """Gather the lessons of a folder of data, in a fixed order, each text once.

    Args:
        data: The project's `data`.

    Raises:
        ValueError: The examples are malformed; the message names the file, the line and what to mend.
    """
    examples, problems = read_corpus(data / "nlu")
    if problems:
        raise ValueError("\n".join(map(str, problems)))
    texts, intents = [example.text for example in examples], [example.intent for example in examples]
    known = frozenset(intents)
    letters = read_letters(data / "understanding" / "letters", known)
    marked = read_marked(data / "understanding" / "marked", known)
    learned = Lessons.of(texts, intents, read_acts(data / "understanding"), letters, marked)
    situations = read_situations(data / "situations")
    shown = [(text, each.name) for each in situations for text in each.examples]
    ordinary = [(text, NO_SITUATION) for each in situations for text in each.ordinary]
    ordinary += [
        (example.text, NO_SITUATION)
        for example in examples[::ORDINARY_ONE_IN]
        if example.intent not in MAY_SHOW_SITUATIONS
    ]
    return _gathered(
        {
            INTENT: learned.intents,
            ACT: learned.acts,
            IN_A_LETTER: learned.in_letters,
            SECTION: [(question.text, question.key) for question in read_questions(data / "policy")],
            SITUATION: [*ordinary, *shown],
        },
        _sources([*letters, *marked], learned),
    )


def _sources(letters: Iterable[LetterExample | MarkedExample], learned: Lessons) -> dict[str, str]:
    """What a text was taken from, where that is not itself."""
    sources: dict[str, str] = {}
    for letter in letters:
        passages = letter.shown() if isinstance(letter, MarkedExample) else []
        for text in [letter.text, *(text for text, _ in [*letter.clauses(), *passages])]:
            sources.setdefault(normalised(text), letter.text)
    for (text, _), (beside, _) in zip(learned.alone[::JOINED_ONE_IN], joined(learned.alone), strict=True):
        sources.setdefault(normalised(beside), sources.setdefault(normalised(text), normalised(text)))
    return sources


def _gathered(tasks: Mapping[str, Iterable[tuple[str, str]]], sources: Mapping[str, str]) -> list[Lesson]:
    found: dict[str, dict[str, str]] = {}
    for task, labelled in tasks.items():
        for text, label in labelled:
            found.setdefault(normalised(text), {})[task] = label
    return [Lesson(text, labels, sources.get(text, text)) for text, labels in found.items()]
