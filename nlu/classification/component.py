"""The classifier as a step of Rasa's pipeline."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.classification.model import IntentModel
from nlu.encoder.component import STRUCTURED_PREFIX, vector_of

PROBABILITIES = "intent_probabilities"
"""The key under which a message carries the probability of every intent; it never leaves the pipeline."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(IntentClassifier, GraphComponent):
    """Gives each message the probability of every intent."""

    def __init__(self, storage: ModelStorage, resource: Resource, model: IntentModel | None = None) -> None:
        """Hold the model, once there is one; `create` and `load` are what Rasa calls."""
        self._storage = storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LinearIntentClassifier:
        """Create the component, untrained."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LinearIntentClassifier:
        """Create the component with the model that `train` stored."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, IntentModel.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the model to the examples and store it."""
        examples = [message for message in training_data.intent_examples if message.get(TEXT)]
        self._model = IntentModel.fit(
            [message.get(TEXT) for message in examples],
            [message.get(INTENT) for message in examples],
            np.stack([vector_of(message) for message in examples]),
        )
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Classify the messages of contacts."""
        for message in messages:
            text = message.get(TEXT)
            if self._model and text and not text.startswith(STRUCTURED_PREFIX):
                message.set(PROBABILITIES, self._model.probabilities(text, vector_of(message)))
        return messages
