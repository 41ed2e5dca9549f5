"""The letters that `nlu.requests.letter_context` learns from, with what each clause asks for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from nlu.adapting.letter_learning import Sequenced
from nlu.classification.text import normalised
from nlu.corpus import read_corpus
from nlu.encoder.once import EncodedOnce, EncodesAll
from nlu.requests.clauses import Clause, clauses_of
from nlu.requests.letter_context import NOTHING, flags_of
from nlu.requests.letter_examples import is_letter, read_letters
from nlu.requests.marked_examples import read_marked
from nlu.requests.marking import stands_together
from nlu.requests.vectors import together

FOLDERS = ("marked", "context")
"""Where marked letters and messages are, beside `letters`: what is in `context`, only these networks read."""

Passages = Sequence[tuple[str, str]]


def sequenced(data: Path, encoder: EncodesAll) -> tuple[list[Sequenced], list[Sequenced]]:
    """Gather letters and messages of several clauses, and single examples.

    Args:
        data: The project's `data`.
        encoder: What gives vectors.

    Raises:
        ValueError: A file is malformed; the message names it, the line and what to mend.
    """
    examples, problems = read_corpus(data / "nlu")
    if problems:
        raise ValueError("\n".join(map(str, problems)))
    known = frozenset(example.intent for example in examples)
    folder = data / "understanding"
    texts: list[tuple[str, Passages]] = [
        (letter.text, [(passage, letter.intent) for passage in letter.asking])
        for letter in read_letters(folder / "letters", known)
    ]
    for name in filter(lambda name: (folder / name).is_dir(), FOLDERS):
        texts += [(each.text, each.asking) for each in read_marked(folder / name, known)]
    labelled = [(text, labelled_clauses(text, asking)) for text, asking in texts]
    labelled += [(each.text, [(Clause(each.text, 0), each.intent)]) for each in examples]
    once = EncodedOnce(encoder)
    once.encode_all([normalised(clause.text) for _, clauses in labelled for clause, _ in clauses])
    once.encode_all([normalised(text) for text, _ in labelled if not is_letter(text)])

    def read(text: str, clauses: Sequence[tuple[Clause, str]]) -> Sequenced:
        texts = [normalised(clause.text) for clause, _ in clauses]
        vectors = once.encode_all(texts)
        several = is_letter(text) and len(texts) > 1
        whole = together(texts, vectors) if several else once.encode_all([normalised(text)])[0]
        flags = flags_of([clause for clause, _ in clauses])
        return Sequenced(np.stack([whole, *vectors]), flags, tuple(label for _, label in clauses))

    letters, single = labelled[: len(texts)], labelled[len(texts) :]
    return [read(*each) for each in letters if each[1]], [read(*each) for each in single]


def labelled_clauses(text: str, asking: Passages) -> list[tuple[Clause, str]]:
    """Return the clauses of a text, each with what it asks for.

    Args:
        text: The text, without marks.
        asking: The passages that ask, each with its intent.
    """
    return [
        (
            clause,
            next((intent for passage, intent in asking if stands_together(clause.text, passage)), NOTHING),
        )
        for clause in clauses_of(text)
    ]
