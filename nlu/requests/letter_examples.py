"""Letters whose intent is known, and which of their words ask for it.

They stand in text files named after their intents, one letter a line, with placeholders for personal data and
`[[` `]]` around each passage that asks. Whole letters show what else stands in them; the marks show that none
of it counts.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from nlu.requests.lines import lines_of
from nlu.requests.marking import marked_clauses

LETTER_WORDS = 50
"""Words from which on a message is a letter, most of whose clauses only tell why."""

SHORTEST_EXAMPLE = 40
"""Words that one to learn from has at least: placeholders take the room of several."""

_MARKED = re.compile(r"\[\[(.*?)\]\]")
_MARK = re.compile(r"\[\[|\]\]")


class LettersUnreadable(ValueError):
    """Letters cannot be learned from; each line names the file, the letter and what to mend."""


@dataclass(frozen=True)
class LetterExample:
    """A letter.

    Attributes:
        intent: what all of it asks for.
        text: its words, without marks.
        asking: the passages that ask.
    """

    intent: str
    text: str
    asking: tuple[str, ...]

    def clauses(self) -> list[tuple[str, bool]]:
        """Its clauses, each with whether it asks: stands in a passage that does, or holds one."""
        return marked_clauses(self.text, self.asking)


def is_letter(text: str) -> bool:
    """Say whether a message is so long that most of its clauses tell why."""
    return len(text.split()) >= LETTER_WORDS


def read_letters(folder: Path, intents: Collection[str]) -> list[LetterExample]:
    """Read every letter of a folder.

    Args:
        folder: Where the text files are.
        intents: What a file may be named after.

    Raises:
        LettersUnreadable: A file or a letter is not as it must be, or there is none.
    """
    found: list[LetterExample] = []
    problems: list[str] = []
    for path in sorted(folder.glob("*.txt")):
        if path.stem not in intents:
            problems.append(f"{path}: there is no intent {path.stem!r} among the examples of data/nlu")
            continue
        for number, line in lines_of(path):
            if problem := _problem(line):
                problems.append(f"{path}:{number}: {problem}")
                continue
            asking = tuple(passage.strip() for passage in _MARKED.findall(line))
            found.append(LetterExample(path.stem, _MARK.sub("", line), asking))
    if not found and not problems:
        problems = [f"{folder}: there are no letters; put some in a file such as erase.txt"]
    if problems:
        raise LettersUnreadable("\n".join(problems))
    return found


def _problem(line: str) -> str:
    marks = _MARK.findall(line)
    if not marks:
        return "nothing is marked; put [[ and ]] around the words that ask"
    if marks != ["[[", "]]"] * (len(marks) // 2):
        return "the marks do not match; each [[ needs a ]] before the next"
    if not all(passage.strip() for passage in _MARKED.findall(line)):
        return "a mark holds no words"
    if len(_MARK.sub("", line).split()) < SHORTEST_EXAMPLE:
        return f"a letter has at least {SHORTEST_EXAMPLE} words; what is shorter belongs to data/nlu"
    return ""
