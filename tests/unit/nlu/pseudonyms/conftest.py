from __future__ import annotations

import pytest

from nlu.pseudonyms import Pseudonymiser


@pytest.fixture(scope="session")
def pseudonymiser() -> Pseudonymiser:
    return Pseudonymiser()
