"""The classifier as a step of Rasa's pipeline."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.encoder.component import STRUCTURED_PREFIX, vector_of
from nlu.encoder.session import shared_encoder
from nlu.home import PROJECT
from nlu.requests.acts import ActsUnreadable, read_acts
from nlu.requests.letter_examples import LettersUnreadable, read_letters
from nlu.requests.marked_examples import MarkedUnreadable, read_marked
from nlu.requests.models import Models
from nlu.requests.reading import begin
from nlu.spelling.component import readable

READING = "reading"
"""The key under which a message carries the probability of every intent, and its clauses with those of their
own; it never leaves the pipeline."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(IntentClassifier, GraphComponent):
    """Gives each message, and each of its clauses, the probability of every intent."""

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        models: Models | None = None,
    ) -> None:
        """Hold the models, once there are some; `create` and `load` are what Rasa calls."""
        self._config = config
        self._storage = storage
        self._resource = resource
        self._models = models

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Say where what is learned beside the examples is, seen from the project's folder."""
        return {
            "clauses": "data/understanding",
            "letters": "data/understanding/letters",
            "marked": "data/understanding/marked",
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LinearIntentClassifier:
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
    ) -> LinearIntentClassifier:
        """Create the component with the models that `train` stored."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, Models.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the models to the examples and store them.

        Raises:
            RasaException: If a file of clauses, of letters or of marked messages is malformed.
        """
        examples = [message for message in training_data.intent_examples if message.get(TEXT)]
        intents = {message.get(INTENT) for message in examples}
        try:
            self._models = Models.fit(
                [message.get(TEXT) for message in examples],
                [message.get(INTENT) for message in examples],
                np.stack([vector_of(message) for message in examples]),
                read_acts(PROJECT / self._config["clauses"]),
                read_letters(PROJECT / self._config["letters"], intents),
                read_marked(PROJECT / self._config["marked"], intents),
                shared_encoder(),
            )
        except (ActsUnreadable, LettersUnreadable, MarkedUnreadable) as error:
            raise RasaException(str(error)) from error
        with self._storage.write_to(self._resource) as folder:
            self._models.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Classify the messages of contacts."""
        for message in messages:
            text = message.get(TEXT)
            if self._models and text and not text.startswith(STRUCTURED_PREFIX):
                vector = partial(vector_of, message)
                message.set(READING, begin(readable(message), vector, self._models, shared_encoder()))
        return messages
