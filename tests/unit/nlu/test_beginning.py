"""A text has the same vector, bit by bit, whatever is encoded beside it and whoever begins with it."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from tests.support.engine_python import answer_of


@lru_cache(maxsize=1)
def _found() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer_of(str(Path(__file__).parent / "beginning.py"), timeout=120))
    return found


@pytest.mark.parametrize(
    "way", ["several", "known", "begun", "others", "after_others", "single", "more", "many", "at_once"]
)
def test_the_vector_is_that_of_a_run_alone(way: str) -> None:
    assert _found()[way] == 0.0


def test_what_is_known_is_not_encoded_again_and_what_was_begun_not_twice() -> None:
    found = _found()

    assert found["run_again"] == 0
    assert 0 < found["begun_with"] < found["run_in_all"] == 6
