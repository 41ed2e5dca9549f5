"""Gives Rasa the examples as they were checked.

Its own reader holds them against a schema and looks in each for marks that ours do not have; and it does so
twice, since Rasa remembers what it read by the name of the language that it was asked for.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.corpus import read_examples


class CheckedExamples(RasaFileImporter):
    """Reads everything else as Rasa does."""

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """Return the examples, in the files' order.

        Args:
            language: Makes no difference.
        """
        return self._examples

    @cached_property
    def _examples(self) -> TrainingData:
        return TrainingData(
            [
                Message.build(example.text, example.intent)
                for file in self._nlu_files
                for example in read_examples(Path(file))
            ]
        )
