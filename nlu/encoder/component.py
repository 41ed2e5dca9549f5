"""The encoder as a step of Rasa's pipeline."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.classification.text import normalised
from nlu.encoder.session import Encoder, Vector, shared_encoder
from nlu.requests.vectors import Whole
from nlu.spelling.component import readable

STRUCTURED_PREFIX = "/"
WHOLE = "whole"
"""The key under which a message of a contact carries itself with its vector; it never leaves the pipeline."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoder(DenseFeaturizer, GraphComponent):
    """Gives each message the encoder's vector; each example has it as its dense sentence feature.

    Structured input, which begins with a slash, is left alone: nothing has to be understood there.
    """

    def __init__(self, config: dict[str, Any], encoder: Encoder, name: str) -> None:
        """Use the process's encoder; `create` is what Rasa calls."""
        super().__init__(name, config)
        self._encoder = encoder

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoder:
        """Create the component, converting the encoder if that was never done."""
        return cls(config, shared_encoder(), execution_context.node_name)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Accept any configuration: there is nothing to configure."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Begin to encode the messages of contacts; whoever needs a vector first waits for it."""
        for message in messages:
            text = message.get(TEXT)
            if text and not text.startswith(STRUCTURED_PREFIX):
                message.set(WHOLE, Whole(readable(message), self._encoder))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Encode the examples."""
        examples = [message for message in training_data.training_examples if message.get(TEXT)]
        vectors = self._encoder.encode_all([normalised(message.get(TEXT)) for message in examples])
        for message, vector in zip(examples, vectors, strict=True):
            self._add(message, vector)
        return training_data

    def _add(self, message: Message, vector: Vector) -> None:
        message.add_features(Features(vector.reshape(1, -1), FEATURE_TYPE_SENTENCE, TEXT, self._identifier))


def vector_of(message: Message) -> Vector:
    """Return the vector that the encoder gave a message.

    Raises:
        ValueError: If it gave none.
    """
    whole: Whole | None = message.get(WHOLE)
    if whole is not None:
        return whole.vector
    _, sentence = message.get_dense_features(TEXT, [])
    if sentence is None:
        raise ValueError("the message was not encoded; put SentenceEncoder first in config.yml")
    vector: Vector = np.asarray(sentence.features, dtype=np.float32)[0]
    return vector
