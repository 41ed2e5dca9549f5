"""The speller as the first step of Rasa's pipeline; it also tells which language a message is in."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.classification.text import normalised
from nlu.encoder.session import shared_encoder
from nlu.languages.detector import language_of, warm_up
from nlu.spelling.speller import Speller

READABLE = "readable"
"""The key under which a message carries its text as it was meant; it never leaves the pipeline."""

LANGUAGE = "language"
"""The key under which it carries its language, where that is surely not English."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SpellingCorrector(GraphComponent):
    """Gives each message its text as it was meant; the steps after it read that."""

    def __init__(self, storage: ModelStorage, resource: Resource, speller: Speller | None = None) -> None:
        """Hold the speller, once there is one; `create` and `load` are what Rasa calls."""
        self._storage = storage
        self._resource = resource
        self._speller = speller

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SpellingCorrector:
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
    ) -> SpellingCorrector:
        """Create the component with the words that `train` stored."""
        with model_storage.read_from(resource) as folder:
            warm_up()
            return cls(model_storage, resource, Speller.load(folder, shared_encoder().words))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the words of the examples and store them."""
        texts = [message.get(TEXT) for message in training_data.intent_examples if message.get(TEXT)]
        self._speller = Speller.of(map(normalised, texts), shared_encoder().words)
        with self._storage.write_to(self._resource) as folder:
            self._speller.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Read the messages of contacts."""
        for message in messages:
            text = message.get(TEXT)
            if self._speller and text and not text.startswith("/"):
                message.set(READABLE, self._speller.read(text))
                message.set(LANGUAGE, language_of(text, self._speller))
        return messages


def readable(message: Message) -> str:
    """Return a message's text as it was meant, or as it stands where no speller has read it."""
    text: str = message.get(READABLE) or message.get(TEXT) or ""
    return text
