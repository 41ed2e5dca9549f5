"""One reading of the untouched set, for every test of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.evaluation.interfaces import Report
from bot.evaluation.labelled import UNTOUCHED, read_labelled
from tests.engine.running import MODELS
from tests.support.components import ENGINE, require

HERE = Path(__file__).parent
SECONDS = 900


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs the engine's environment; whichever comes first may have to train."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.engine)
            item.add_marker(pytest.mark.timeout(SECONDS))


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """What the trained model makes of the untouched set."""
    return _measured(tmp_path_factory.mktemp("evaluation"), with_engine=False)


@pytest.fixture(scope="session")
def report_with_engine(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The same, and a running engine's costs."""
    return _measured(tmp_path_factory.mktemp("evaluation"), with_engine=True)


def _measured(home: Path, *, with_engine: bool) -> Report:
    from bot.cli.model import current_model
    from bot.evaluation.measuring import Evaluator
    from bot.supervisor.layout import lay_out

    require(ENGINE)
    lines = read_labelled(UNTOUCHED)
    with pytest.MonkeyPatch.context() as patch:
        # The same place as the engine's tests, so that the model is trained once for both.
        patch.setenv("RIGHTLINE_MODELS", str(MODELS))
        evaluator = Evaluator(lay_out(home, "127.0.0.1", 0, demo=False), current_model(), print)
        return evaluator.evaluate(lines, UNTOUCHED, with_engine=with_engine, with_baseline=False).report
