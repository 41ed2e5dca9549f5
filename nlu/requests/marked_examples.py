"""Messages and letters of several clauses, each passage that asks marked with its intent.

They are written as Rasa's examples are: "[send me my file](portability) and then [bin the lot](erase), ta".
What stands in a mark is an example of its intent as it stands beside another; what stands outside asks for
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from nlu.requests.lines import lines_of
from nlu.requests.marking import marked_clauses

LEAST_WORDS = 2
"""Words of a passage that is an example of its intent: "calls" alone asks for nothing."""

_MARKED = re.compile(r"\[([^\[\]]*)\]\(([^()\s]*)\)")
_WORD = re.compile(r"\w+")


class MarkedUnreadable(ValueError):
    """Messages cannot be learned from; each line names the file, the line and what to mend."""


@dataclass(frozen=True)
class MarkedExample:
    """A message of several clauses.

    Attributes:
        text: its words, without marks.
        asking: the passages that ask, each with its intent, in the order said.
    """

    text: str
    asking: tuple[tuple[str, str], ...]

    @property
    def only_intent(self) -> str | None:
        """What it asks for as a whole, where that is one thing."""
        intents = {intent for _, intent in self.asking}
        return intents.pop() if len(intents) == 1 else None

    def clauses(self) -> list[tuple[str, bool]]:
        """Its clauses, each with whether it asks."""
        return marked_clauses(self.text, [passage for passage, _ in self.asking])

    def shown(self) -> list[tuple[str, str]]:
        """The passages that are examples of their intents."""
        return [
            (passage, intent) for passage, intent in self.asking if len(_WORD.findall(passage)) >= LEAST_WORDS
        ]


def read_marked(folder: Path, intents: Collection[str]) -> list[MarkedExample]:
    """Read the messages of a folder.

    Args:
        folder: Where the text files are: one message a line, `#` before a note.
        intents: What a passage may ask for.

    Raises:
        MarkedUnreadable: A line is not as it must be, or there is none.
    """
    found: list[MarkedExample] = []
    problems: list[str] = []
    for path in sorted(folder.glob("*.txt")):
        for number, line in lines_of(path):
            if problem := _problem(line, intents):
                problems.append(f"{path}:{number}: {problem}")
                continue
            asking = tuple((passage.strip(), intent) for passage, intent in _MARKED.findall(line))
            found.append(MarkedExample(_MARKED.sub(r"\1", line).strip(), asking))
    if not found and not problems:
        problems = [f"{folder}: there are no messages; put some in a file such as messages.txt"]
    if problems:
        raise MarkedUnreadable("\n".join(problems))
    return found


def _problem(line: str, intents: Collection[str]) -> str:
    marks = _MARKED.findall(line)
    if re.search(r"[\[\]]", _MARKED.sub("", line)):
        return "a mark is not whole; write [the words that ask](intent)"
    if not marks:
        return "nothing is marked; write [the words that ask](intent)"
    for passage, intent in marks:
        if not passage.strip():
            return f"the mark of {intent!r} holds no words"
        if intent not in intents:
            return f"there is no intent {intent!r} among the examples of data/nlu"
    return ""
