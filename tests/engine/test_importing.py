"""Rasa is given the same examples as its own reader would give it, in the same order."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from bot.paths import ENGINE_PYTHON, PROJECT
from tests.support.components import ENGINE, require

EXAMPLES = """\
version: "3.1"
nlu:
  - intent: erase
    examples: |
      - delete "my" data: all of it
      -   take EMAIL_1 off your list
      - what's #1 on file?

      - DELETE ME!!
  - intent: access
    examples: |
      - what do you hold
"""

READ_BOTH_WAYS = """
import json, sys
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.importers.rasa import RasaFileImporter

folder = sys.argv[1]
ours = TrainingDataImporter.load_from_config("config.yml", training_data_paths=[folder])
theirs = RasaFileImporter(training_data_paths=[folder])
print(json.dumps([[one.data for one in reader.get_nlu_data().nlu_examples] for reader in (ours, theirs)]))
"""


def test_rasa_is_given_what_it_would_have_read(tmp_path: Path) -> None:
    require(ENGINE)
    (tmp_path / "one.yml").write_text(EXAMPLES, encoding="utf-8")
    two = EXAMPLES.replace("erase", "restrict").replace("all of it", "none of it")
    (tmp_path / "two.yml").write_text(two, encoding="utf-8")

    done = subprocess.run(
        [str(ENGINE_PYTHON), "-W", "ignore", "-c", READ_BOTH_WAYS, str(tmp_path)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    ours, theirs = json.loads(done.stdout.splitlines()[-1])
    assert ours == theirs
    assert len(ours) == 9, "four of each file, and one that both have"
