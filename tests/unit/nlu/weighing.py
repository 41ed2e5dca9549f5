"""Run by the engine's Python: weighs the terms of texts as scikit-learn does, and as we do.

Standard input is a list of texts, the first half to learn from. The output is, for each kind of vectoriser,
the largest difference between a row of the two products, and the largest figure among them.
"""

from __future__ import annotations

import json
import sys

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from nlu.classification.terms import Terms

KINDS = {
    "words": {"ngram_range": (1, 2), "token_pattern": r"(?u)\b\w[\w']*\b"},
    "characters": {"analyzer": "char_wb", "ngram_range": (3, 4)},
    "forms": {"ngram_range": (1, 4), "token_pattern": r"\S+"},
}


def main() -> None:
    texts = json.load(sys.stdin)
    found = {}
    for kind, options in KINDS.items():
        vectoriser = TfidfVectorizer(sublinear_tf=True, dtype=np.float32, **options)
        vectoriser.fit(texts[: len(texts) // 2])
        generator = np.random.default_rng(20261126)
        weights = generator.normal(size=(len(vectoriser.vocabulary_), 5)).astype(np.float32)
        theirs = vectoriser.transform(texts) @ weights
        ours = Terms([(vectoriser, weights)]).scores(texts)
        found[kind] = [float(np.abs(theirs - ours).max()), float(np.abs(theirs).max())]
    found["several"] = _of_several(texts)
    sys.stdout.write(json.dumps(found))


def _of_several(texts: list[str]) -> list[float]:
    """The same for two models of other words, whose terms are read at once."""
    generator = np.random.default_rng(20261127)
    half = len(texts) // 2
    vectorisers = [
        TfidfVectorizer(sublinear_tf=True, dtype=np.float32, **KINDS["words"]).fit(known)
        for known in (texts[:half], texts[half:])
    ]
    learned = [
        (each, generator.normal(size=(len(each.vocabulary_), columns)).astype(np.float32))
        for each, columns in zip(vectorisers, (3, 2), strict=True)
    ]
    theirs = np.hstack([each.transform(texts) @ weights for each, weights in learned])
    return [float(np.abs(theirs - Terms(learned).scores(texts)).max()), float(np.abs(theirs).max())]


if __name__ == "__main__":
    main()
