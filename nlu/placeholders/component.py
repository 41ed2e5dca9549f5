"""Placeholders as entities, as a step of Rasa's pipeline."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.encoder.component import STRUCTURED_PREFIX
from nlu.placeholders.patterns import find_placeholders


def entities_of(text: str) -> list[dict[str, Any]]:
    """Return the placeholders of a text in the form of Rasa's entities."""
    return [
        {
            "entity": found.entity,
            "value": found.value,
            "start": found.start,
            "end": found.end,
            "confidence_entity": 1.0,
            "extractor": "PlaceholderExtractor",
        }
        for found in find_placeholders(text)
    ]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class PlaceholderExtractor(GraphComponent):
    """Turns each placeholder into an entity whose value is the placeholder itself."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> PlaceholderExtractor:
        """Create the component."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities of each message."""
        for message in messages:
            text = message.get(TEXT) or ""
            if not text.startswith(STRUCTURED_PREFIX):
                found = entities_of(text)
                message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages
