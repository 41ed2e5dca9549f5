"""What Rasa is taught to do only once, it still does as before."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.engine_python import answer_of


def test_the_steps_of_a_message_run_as_rasa_runs_them() -> None:
    found = json.loads(answer_of(str(Path(__file__).parent / "stepping.py"), timeout=120))

    assert found["ours"] == found["theirs"]
    assert found["ours"]["ran"] == ["both", "last", "left", "right"], "what nobody wants is not run"
    assert found["ours"]["others_before"] is True
    assert set(found["ours"]["all"]) == {"last", "aside"}
    assert found["ours"]["failing"] == "GraphRunError"
    assert found["after"] == [True, False, False]
    assert found["before"] == [True, False]
