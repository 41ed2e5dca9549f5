"""The conversation scripts with a real CRM behind the assistant, unchanged but for settings.

Every script is played by `./rightline test --full`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.peers.tryton import require_tryton, running
from tests.support.components import ENGINE, require
from tests.support.running import READY_SECONDS, SCRIPTS, Instance, start

SCRIPT_SECONDS = 180.0


@pytest.fixture(scope="module")
def instance() -> Iterator[Instance]:
    require(ENGINE)
    require_tryton()
    with running() as tryton:
        demo = start(tryton.settings)
        try:
            yield demo
        finally:
            demo.stop()


@pytest.mark.engine
@pytest.mark.full
@pytest.mark.timeout(READY_SECONDS + SCRIPT_SECONDS)
@pytest.mark.parametrize("script", sorted(SCRIPTS.glob("*.yml")), ids=lambda path: path.stem)
def test_a_script_plays_as_with_the_embedded_crm(instance: Instance, script: Path) -> None:
    instance.play(script)
