"""The recogniser of situations as a step of Rasa's pipeline."""

from __future__ import annotations

import logging
import random
import time
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.classification.component import READING
from nlu.encoder.component import STRUCTURED_PREFIX, vector_of
from nlu.home import PROJECT
from nlu.requests.acts import ActsUnreadable, read_acts
from nlu.requests.reading import BegunReading
from nlu.situations.examples import MAY_SHOW_SITUATIONS, encoded, plain
from nlu.situations.model import Example, SituationModel
from nlu.situations.reading import SituationsUnreadable, read_situations
from nlu.spelling.component import readable

ORDINARY_AT_MOST = 12_000
"""Ordinary messages to learn from: of 16,900, which outweigh 2,700 examples, 78 of 123 situations were
recognised, of 12,000 84, with four instead of three messages named that show none."""

logger = logging.getLogger(__name__)

SITUATIONS = "situations"
"""The key under which a message's parse output names its situations."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SituationRecogniser(GraphComponent):
    """Names the situations of a message, over the vector that the encoder gave it."""

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        model: SituationModel | None = None,
    ) -> None:
        """Hold the model, once there is one; `create` and `load` are what Rasa calls."""
        self._config = config
        self._storage = storage
        self._resource = resource
        self._model = model

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Say where the examples are, seen from the project's folder."""
        return {"examples": "data/situations", "clauses": "data/understanding"}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SituationRecogniser:
        """Create the component, untrained."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SituationRecogniser:
        """Create the component with the model that `train` stored."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, SituationModel.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the situations' examples, and from the messages of the corpus as ordinary ones.

        Raises:
            RasaException: If a file of the situations is malformed.
        """
        started = time.monotonic()
        try:
            situations = read_situations(PROJECT / self._config["examples"])
            clauses = [clause for clause, _ in read_acts(PROJECT / self._config["clauses"])]
        except (SituationsUnreadable, ActsUnreadable) as error:
            raise RasaException(str(error)) from error
        ordinary = [
            Example(message.get(TEXT), vector_of(message))
            for message in training_data.intent_examples
            if message.get(TEXT) and message.get(INTENT) not in MAY_SHOW_SITUATIONS
        ]
        if len(ordinary) > ORDINARY_AT_MOST:
            chance = random.Random(len(ordinary))  # noqa: S311 - the same model from the same data
            ordinary = chance.sample(ordinary, ORDINARY_AT_MOST)
        self._model = SituationModel.fit(situations, [*encoded(situations), *plain(clauses), *ordinary])
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
        logger.info("learnt %d situations in %.1f s", len(situations), time.monotonic() - started)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Name the situations of the messages of contacts."""
        for message in messages:
            text = message.get(TEXT)
            if self._model and text and not text.startswith(STRUCTURED_PREFIX):
                reading: BegunReading | None = message.get(READING)
                parts = [(part.clause.text, part.vector) for part in reading.clauses] if reading else []
                shown = self._model.shown(readable(message), vector_of(message), parts, as_written=text)
                message.set(SITUATIONS, shown, add_to_output=True)
        return messages
