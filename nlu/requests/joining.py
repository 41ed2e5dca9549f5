"""What a letter asks for, by its whole and by its clauses.

The classifier of intents reads a letter as one, and each clause alone. Neither is enough: stories are full of
the words for rights that nobody asks for. A weighed mean joins what the whole says, what the clauses say that
ask, and what the last of them says, since many a letter comes to its point at its end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from nlu.requests.interfaces import Part

OF_THE_WHOLE = 0.85
OF_WHAT_ASKS = 0.33
OF_THE_LAST = 0.33
"""How much each counts, as an exponent: fitted to letters that the models had not seen (decision 27)."""

LEAST = 1e-3
"""What each share counts at least, so that no single silence rules an intent out."""

_Numbers = npt.NDArray[np.float64]


def joined_up(whole: Mapping[str, float], parts: Sequence[Part]) -> dict[str, float]:
    """Return the probability of each intent of a letter, by its whole and by its clauses.

    Args:
        whole: The probability of each where the letter is read as one.
        parts: Its clauses, with how likely each asks, as it is in letters.
    """
    if not parts:
        return dict(whole)
    names = list(whole)
    said = np.array([[part.probabilities.get(name, 0.0) for name in names] for part in parts])
    asks = np.array([part.asks_in_a_letter for part in parts])
    place = np.linspace(0.0, 1.0, len(parts)) if len(parts) > 1 else np.ones(1)
    scores = (
        OF_THE_WHOLE * _log(np.array([whole[name] for name in names]))
        + OF_WHAT_ASKS * _log(asks @ said / (asks.sum() + LEAST))
        + OF_THE_LAST * _log((said * (asks * place)[:, None]).max(axis=0))
    )
    shares = np.exp(scores - scores.max())
    return dict(zip(names, (shares / shares.sum()).tolist(), strict=True))


def _log(values: _Numbers) -> _Numbers:
    logarithms: _Numbers = np.log(values + LEAST)
    return logarithms
