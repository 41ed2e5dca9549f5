"""The models that read messages: for intents, acts and forms of clauses, and for the clauses of letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nlu.classification.model import IntentModel, Matrix
from nlu.classification.text import normalised
from nlu.encoder.session import Encoder
from nlu.requests.acts import ASKS, asking, joined
from nlu.requests.form_model import FormModel
from nlu.requests.letter_examples import LetterExample
from nlu.requests.letter_model import LetterModel

_INTENTS = "intents"
_ACTS = "acts"
_FORMS = "forms"


@dataclass(frozen=True)
class Models:
    """What gives the probability of each intent, of each act of a clause, and of a question by its form.

    What a clause of a letter does is told apart by a model of its own.
    """

    intents: IntentModel
    acts: IntentModel
    forms: FormModel
    letters: LetterModel

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        intents: Sequence[str],
        vectors: Matrix,
        clauses: Sequence[tuple[str, str]],
        letters: Sequence[LetterExample],
        encoder: Encoder,
    ) -> Models:
        """Train them all.

        Args:
            texts: The examples.
            intents: The intent of each.
            vectors: The encoder's vector of each, one row an example.
            clauses: What asks for nothing, each with its act.
            letters: Whole letters.
            encoder: What encodes those.
        """
        shown = list(asking(texts, intents))
        others = [*clauses, *joined([*((texts[position], ASKS) for position in shown), *clauses])]
        acts = IntentModel.fit(
            [*(texts[position] for position in shown), *(clause for clause, _ in others)],
            [*(ASKS for _ in shown), *(act for _, act in others)],
            np.vstack([vectors[shown], encoder.encode_all([normalised(clause) for clause, _ in others])]),
        )
        whole = encoder.encode_all([normalised(letter.text) for letter in letters])
        return cls(
            IntentModel.fit(
                [*texts, *(letter.text for letter in letters)],
                [*intents, *(letter.intent for letter in letters)],
                np.vstack([vectors, whole]),
            ),
            acts,
            FormModel.fit(texts, intents),
            LetterModel.fit(letters, clauses, encoder),
        )

    def save(self, folder: Path) -> None:
        """Write them into a folder."""
        self.intents.save(folder, _INTENTS)
        self.acts.save(folder, _ACTS)
        self.forms.save(folder, _FORMS)
        self.letters.save(folder)

    @classmethod
    def load(cls, folder: Path) -> Models:
        """Read them from the folder that `save` wrote."""
        return cls(
            IntentModel.load(folder, _INTENTS),
            IntentModel.load(folder, _ACTS),
            FormModel.load(folder, _FORMS),
            LetterModel.load(folder),
        )
