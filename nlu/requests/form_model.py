"""The model that tells an order from a question by the form of a text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from nlu.classification.terms import Terms
from nlu.requests.forms import INQUIRY, ORDERED, form_of

_BETWEEN_BLANKS = r"\S+"
_NEVER_SURER = 0.97
_INVERSE_REGULARISATION = 5.0
_ITERATIONS = 200


class FormModel:
    """Gives a text the probability that it asks how something would be, against that it orders it."""

    def __init__(self, vectoriser: TfidfVectorizer, weights: npt.NDArray[np.float32], bias: float) -> None:
        """Put a trained model together; see `fit` and `load`."""
        self._vectoriser = vectoriser
        self._weights = weights
        self._bias = bias
        self._terms = Terms([(vectoriser, weights[:, None])])

    @classmethod
    def fit(cls, texts: Sequence[str], intents: Sequence[str]) -> FormModel:
        """Learn from the examples of intents that are ordered, and of questions about rights.

        Args:
            texts: The examples.
            intents: The intent of each; others are passed over.
        """
        chosen = [
            (form_of(text), intent == INQUIRY)
            for text, intent in zip(texts, intents, strict=True)
            if intent in ORDERED or intent == INQUIRY
        ]
        vectoriser = _vectoriser()
        regression = LogisticRegression(
            C=_INVERSE_REGULARISATION, class_weight="balanced", max_iter=_ITERATIONS
        )
        regression.fit(vectoriser.fit_transform([form for form, _ in chosen]), [asks for _, asks in chosen])
        return cls(vectoriser, regression.coef_[0].astype(np.float32), float(regression.intercept_[0]))

    def inquiry(self, text: str) -> float:
        """Return how likely a text asks how something would be, never quite sure."""
        return self.inquiries([text])[0]

    def inquiries(self, texts: Sequence[str]) -> list[float]:
        """Return the same for many texts at once."""
        scores = self._terms.scores([form_of(text) for text in texts])[:, 0] + self._bias
        shares: list[float] = np.clip(1.0 / (1.0 + np.exp(-scores)), 1 - _NEVER_SURER, _NEVER_SURER).tolist()
        return shares

    def save(self, folder: Path, name: str) -> None:
        """Write the model into a folder, in files that begin with a name."""
        terms = [str(term) for term in self._vectoriser.get_feature_names_out()]
        (folder / f"{name}.json").write_text(json.dumps({"terms": terms, "bias": self._bias}), "utf-8")
        np.savez(folder / f"{name}.npz", weights=self._weights, rarity=self._vectoriser.idf_)

    @classmethod
    def load(cls, folder: Path, name: str) -> FormModel:
        """Read a model from the files that `save` wrote."""
        described = json.loads((folder / f"{name}.json").read_text("utf-8"))
        with np.load(folder / f"{name}.npz", allow_pickle=False) as arrays:
            vectoriser = _vectoriser(described["terms"])
            vectoriser.idf_ = arrays["rarity"]
            return cls(vectoriser, arrays["weights"], described["bias"])


def _vectoriser(terms: list[str] | None = None) -> TfidfVectorizer:
    return TfidfVectorizer(
        token_pattern=_BETWEEN_BLANKS,
        ngram_range=(1, 4),
        min_df=3 if terms is None else 1,
        sublinear_tf=True,
        vocabulary=terms,
        dtype=np.float32,
    )
