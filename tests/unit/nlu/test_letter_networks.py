"""What reads the clauses of a letter beside each other fits the encoder, and can be learned anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.gateway.vocabulary import INTENTS
from nlu.requests.letter_context import LETTERS, NOTHING
from tests.support.engine_python import answer_of


def _found(tmp_path: Path, *also: str) -> dict[str, Any]:
    script = Path(__file__).parent / "lettering.py"
    found: dict[str, Any] = json.loads(answer_of(str(script), str(tmp_path), *also, timeout=300))
    return found


def test_the_projects_networks_fit_its_encoder_and_what_cannot_be_read_is_done_without(
    tmp_path: Path,
) -> None:
    found = _found(tmp_path)

    assert found["labels"][0] == NOTHING
    assert set(found["labels"][1:]) <= set(INTENTS)
    assert found["networks"] == 3
    assert found["read"]["least"] == pytest.approx(1.0, abs=1e-5)
    assert found["read"]["most"] == pytest.approx(1.0, abs=1e-5)
    assert found["read"]["moved"] > 1e-4, "the last clause stands beside others in another order"
    assert found["missing"] is True
    assert found["broken"] is True


def test_they_are_small_enough_for_a_repository() -> None:
    assert 1_000_000 < LETTERS.stat().st_size < 6_000_000


@pytest.mark.full
def test_what_reads_is_what_learned_and_context_is_learned(tmp_path: Path) -> None:
    found = _found(tmp_path, "learn")

    assert found["apart"] < 0.01, "the same sums, padded or not"
    assert found["learned"]["asked"] > 0.8
    assert found["learned"]["told"] < 0.2
