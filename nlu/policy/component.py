"""The retriever as a step of Rasa's pipeline."""

from __future__ import annotations

import logging
import time
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.classification.text import normalised
from nlu.encoder.component import STRUCTURED_PREFIX, vector_of
from nlu.encoder.session import shared_encoder
from nlu.home import PROJECT
from nlu.policy.index import ELSEWHERE, PolicyIndex
from nlu.policy.reading import PolicyUnreadable, read_questions

logger = logging.getLogger(__name__)

SEARCH = "policy_search"
"""The key under which a message carries what gives the sections that answer it, for its vector; it never
leaves the pipeline."""

ASK_NOTHING_OF_THE_POLICY = ("affirm", "deny", "goodbye", "greet", "out_of_scope", "stop", "thank")
EXAMPLES_OF_EACH = 120


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class PolicyRetriever(GraphComponent):
    """Finds the sections of the policy that answer a message, over the vector that the encoder gave it."""

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        index: PolicyIndex | None = None,
    ) -> None:
        """Hold the index, once there is one; `create` and `load` are what Rasa calls."""
        self._config = config
        self._storage = storage
        self._resource = resource
        self._index = index

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Say where the answers are, seen from the project's folder."""
        return {"answers": "data/policy"}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> PolicyRetriever:
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
    ) -> PolicyRetriever:
        """Create the component with the index that `train` stored."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, PolicyIndex.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Index the questions of the answers, and a few examples of what asks nothing of the policy.

        Raises:
            RasaException: If a file of the answers is malformed.
        """
        started = time.monotonic()
        try:
            asked = read_questions(PROJECT / self._config["answers"])
        except PolicyUnreadable as error:
            raise RasaException(str(error)) from error
        elsewhere = _asking_nothing(training_data)
        vectors = shared_encoder().encode_all([normalised(question.text) for question in asked])
        self._index = PolicyIndex.fit(
            [*(question.text for question in asked), *(message.get(TEXT) for message in elsewhere)],
            [*(question.key for question in asked), *(ELSEWHERE for _ in elsewhere)],
            np.vstack([vectors, *(vector_of(message) for message in elsewhere)]),
        )
        with self._storage.write_to(self._resource) as folder:
            self._index.save(folder)
        logger.info("indexed %d questions in %.1f s", len(asked), time.monotonic() - started)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Begin to find the sections for the messages of contacts."""
        for message in messages:
            text = message.get(TEXT)
            if self._index and text and not text.startswith(STRUCTURED_PREFIX):
                message.set(SEARCH, self._index.search(text))
        return messages


def _asking_nothing(training_data: TrainingData) -> list[Message]:
    found: list[Message] = []
    for intent in ASK_NOTHING_OF_THE_POLICY:
        examples = [
            message
            for message in training_data.intent_examples
            if message.get(INTENT) == intent and message.get(TEXT)
        ]
        found.extend(examples[:: max(1, len(examples) // EXAMPLES_OF_EACH)][:EXAMPLES_OF_EACH])
    return found
