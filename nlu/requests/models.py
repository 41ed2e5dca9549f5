"""The models that read messages: for intents, for what a clause does, for the form of what is said."""

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

_INTENTS = "intents"
_ACTS = "acts"
_FORMS = "forms"


@dataclass(frozen=True)
class Models:
    """What gives the probability of each intent, of each act of a clause, and of a question by its form."""

    intents: IntentModel
    acts: IntentModel
    forms: FormModel

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        intents: Sequence[str],
        vectors: Matrix,
        clauses: Sequence[tuple[str, str]],
        encoder: Encoder,
    ) -> Models:
        """Train them all.

        Args:
            texts: The examples.
            intents: The intent of each.
            vectors: The encoder's vector of each, one row an example.
            clauses: What asks for nothing, each with its act.
            encoder: What encodes those.
        """
        shown = list(asking(texts, intents))
        others = [*clauses, *joined([*((texts[position], ASKS) for position in shown), *clauses])]
        acts = IntentModel.fit(
            [*(texts[position] for position in shown), *(clause for clause, _ in others)],
            [*(ASKS for _ in shown), *(act for _, act in others)],
            np.vstack([vectors[shown], encoder.encode_all([normalised(clause) for clause, _ in others])]),
        )
        return cls(IntentModel.fit(texts, intents, vectors), acts, FormModel.fit(texts, intents))

    def save(self, folder: Path) -> None:
        """Write them into a folder."""
        self.intents.save(folder, _INTENTS)
        self.acts.save(folder, _ACTS)
        self.forms.save(folder, _FORMS)

    @classmethod
    def load(cls, folder: Path) -> Models:
        """Read them from the folder that `save` wrote."""
        return cls(
            IntentModel.load(folder, _INTENTS),
            IntentModel.load(folder, _ACTS),
            FormModel.load(folder, _FORMS),
        )
