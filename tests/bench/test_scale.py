"""Access, export and erasure of one contact cost the same in a CRM of a million as in one of ten thousand."""

from __future__ import annotations

import pytest

from tests.bench.bench_scale import MOST, OPERATIONS, run


@pytest.mark.full
@pytest.mark.timeout(3600)
def test_one_contact_costs_the_same_however_many_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    result = run()
    with capsys.disabled():
        print(f"\n{result.report()}")
    for operation in OPERATIONS:
        assert result.factor(operation) <= MOST, operation
