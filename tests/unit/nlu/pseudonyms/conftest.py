from __future__ import annotations

from pathlib import Path

import pytest

from nlu.pseudonyms import Pseudonymiser


@pytest.fixture(scope="session")
def pseudonymiser() -> Pseudonymiser:
    """Without the trained recogniser, whether or not this installation has one."""
    return Pseudonymiser(recogniser=Path("untrained"))
