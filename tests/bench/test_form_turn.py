"""A form turn costs at most half of what it costs under the configuration that `rasa init` writes."""

from __future__ import annotations

import pytest

from tests.bench.bench_form_turn import MOST, run


@pytest.mark.full
@pytest.mark.engine
@pytest.mark.timeout(4 * 3600)
def test_a_form_turn_costs_at_most_half(capsys: pytest.CaptureFixture[str]) -> None:
    result = run()
    with capsys.disabled():
        print(f"\n{result.report()}")

    assert result.ratio <= MOST
