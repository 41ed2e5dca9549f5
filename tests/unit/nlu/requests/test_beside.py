"""What stands beside a request, by what the whole example asks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from nlu.requests.acts import ASKS, REFUSES, TELLS
from nlu.requests.beside import clauses_beside


class Meant:
    """Gives each clause the probabilities that a test sets."""

    def __init__(self, **known: dict[str, float]) -> None:
        self.known = known

    def probabilities_of(self, texts: Sequence[str], _vectors: Any) -> list[dict[str, float]]:
        return [next(read for word, read in self.known.items() if word in text) for text in texts]


class Nothing:
    def encode_all(self, texts: Sequence[str]) -> Any:
        return np.zeros((len(texts), 2), dtype=np.float32)


def acts_of(text: str, intent: str, other: dict[str, float]) -> list[tuple[str, str]]:
    meant: Any = Meant(clicks={intent: 0.9, "thank": 0.1}, newsletter=other)
    return clauses_beside([text], [intent], meant, Nothing())


@pytest.mark.parametrize(
    ("clause", "act"), [("I do like the newsletter", TELLS), ("I don't mind the newsletter", REFUSES)]
)
def test_what_speaks_for_something_else_is_told_or_refused(clause: str, act: str) -> None:
    found = acts_of(f"{clause}. Stop logging my clicks.", "object", {"opt_in": 0.8, "object": 0.01})

    assert found == [(f"{clause.lower()}.", act), ("stop logging my clicks.", ASKS)]


@pytest.mark.parametrize(
    ("clause", "read"),
    [
        ("Please send the newsletter.", {"opt_in": 0.8}),  # an order may be a second request
        ("The newsletter is what I like.", {"opt_in": 0.95}),  # so may anything that is sure
        ("That newsletter was nice.", {"opt_in": 0.8, "object": 0.2}),  # it speaks for the same a little
        ("That newsletter!", {"greet": 1.0}),  # a courtesy teaches nothing
    ],
)
def test_what_may_be_a_second_request_teaches_nothing(clause: str, read: dict[str, float]) -> None:
    found = acts_of(f"{clause} Stop logging my clicks.", "object", {"object": 0.0, **read})

    assert [text for text, _ in found] == ["stop logging my clicks."]


@pytest.mark.parametrize("intent", ["on_behalf", "ask_rights", "greet"])
def test_examples_that_tell_of_others_requests_teach_nothing(intent: str) -> None:
    assert acts_of("I like the newsletter. Stop logging my clicks.", intent, {"opt_in": 0.8}) == []
