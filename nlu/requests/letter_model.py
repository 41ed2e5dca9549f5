"""Which clauses of a letter ask: learned from whole letters, most of whose clauses only tell why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nlu.classification.model import IntentModel
from nlu.classification.text import normalised
from nlu.encoder.once import EncodesAll
from nlu.requests.acts import ASKS
from nlu.requests.letter_examples import LetterExample
from nlu.requests.marked_examples import MarkedExample

_NAME = "letters"
_TELLS = "tells"


def clauses_of_letters(
    letters: Sequence[LetterExample | MarkedExample], others: Sequence[tuple[str, str]]
) -> list[tuple[str, str]]:
    """Return clauses with what they do in a letter: ask, or tell.

    Args:
        letters: Letters and messages with their marks.
        others: Clauses with their acts, beside those of the letters.
    """
    clauses = [clause for letter in letters for clause in letter.clauses()]
    clauses += [(clause, act == ASKS) for clause, act in others]
    return [(text, ASKS if asks else _TELLS) for text, asks in clauses]


@dataclass(frozen=True)
class LetterModel:
    """Says how likely each clause of a letter asks for something."""

    asks: IntentModel

    @classmethod
    def fit(cls, clauses: Sequence[tuple[str, str]], encoder: EncodesAll) -> LetterModel:
        """Learn which clauses ask.

        Args:
            clauses: Clauses with what they do, as `clauses_of_letters` returns them.
            encoder: What encodes them.
        """
        texts = [normalised(text) for text, _ in clauses]
        return cls(IntentModel.fit(texts, [act for _, act in clauses], encoder.encode_all(texts)))

    def save(self, folder: Path) -> None:
        """Write it into a folder."""
        self.asks.save(folder, _NAME)

    @classmethod
    def load(cls, folder: Path) -> LetterModel:
        """Read it from the folder that `save` wrote."""
        return cls(IntentModel.load(folder, _NAME))
