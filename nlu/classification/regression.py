"""Logistic regression over features of which some are dense and the rest sparse.

Scikit-learn's takes one matrix; with the encoder's vectors in a sparse one it takes more than twice as long.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Fitted:
    """A fitted regression: its labels, a row of weights for each feature (dense ones first), and the bias."""

    labels: list[str]
    coefficients: Matrix
    bias: Matrix


def fit(
    dense: Matrix, sparse: Any, labels: Sequence[str], *, inverse_regularisation: float, iterations: int
) -> Fitted:
    """Fit a multinomial logistic regression whose classes weigh the same, however many examples each has.

    Args:
        dense: Dense features, one row an example.
        sparse: Sparse features in the same order, a SciPy CSR matrix.
        labels: The class of each example.
        inverse_regularisation: How freely weights may grow, as scikit-learn's `C`.
        iterations: At most so many of L-BFGS.
    """
    problem = _Problem(dense, sparse, labels, inverse_regularisation)
    found = minimize(
        problem.loss_and_gradient,
        np.zeros(problem.size),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": iterations, "gtol": 1e-3},
    )
    weights = problem.shaped(found.x)
    return Fitted(problem.labels, np.ascontiguousarray(weights[:-1]), np.ascontiguousarray(weights[-1]))


class _Problem:
    def __init__(
        self, dense: Matrix, sparse: Any, labels: Sequence[str], inverse_regularisation: float
    ) -> None:
        self.labels = sorted(set(labels))
        positions = {label: position for position, label in enumerate(self.labels)}
        self._classes = np.array([positions[label] for label in labels])
        examples = len(self._classes)
        counts = np.bincount(self._classes, minlength=len(self.labels))
        self._weights = (examples / (len(self.labels) * counts))[self._classes].astype(np.float32)
        self._rows = np.arange(examples)
        self._dense = np.ascontiguousarray(dense, dtype=np.float32)
        self._sparse = sparse.tocsr()
        # A product with the transposed matrix is quick only if that is stored by rows, too.
        self._dense_transposed = np.ascontiguousarray(self._dense.T)
        self._sparse_transposed = self._sparse.T.tocsr()
        self._width = self._dense.shape[1]
        self._features = self._width + self._sparse.shape[1]
        self._penalty = 1.0 / inverse_regularisation
        self.size = (self._features + 1) * len(self.labels)

    def shaped(self, flat: npt.NDArray[np.float64]) -> Matrix:
        return flat.astype(np.float32).reshape(self._features + 1, len(self.labels))

    def loss_and_gradient(self, flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        weights = self.shaped(flat)
        scores = self._dense @ weights[: self._width] + self._sparse @ weights[self._width : -1] + weights[-1]
        scores -= scores.max(axis=1, keepdims=True)
        exponentials = np.exp(scores)
        sums = exponentials.sum(axis=1, keepdims=True)
        losses = np.log(sums[:, 0]) - scores[self._rows, self._classes]
        errors = exponentials / sums
        errors[self._rows, self._classes] -= 1.0
        errors *= self._weights[:, None]
        gradient = np.empty(weights.shape, dtype=np.float64)
        gradient[: self._width] = self._dense_transposed @ errors
        gradient[self._width : -1] = self._sparse_transposed @ errors
        gradient[-1] = errors.sum(axis=0)
        gradient[:-1] += self._penalty * weights[:-1]
        penalty = 0.5 * self._penalty * float(np.square(weights[:-1], dtype=np.float64).sum())
        return float((self._weights * losses).sum()) + penalty, gradient.ravel()
