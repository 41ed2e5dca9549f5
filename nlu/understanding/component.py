"""The decision as the last step of Rasa's pipeline."""

from __future__ import annotations

import logging
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, METADATA
from rasa.shared.nlu.training_data.message import Message

from nlu.classification.component import READING
from nlu.encoder.component import vector_of
from nlu.policy.component import SEARCH
from nlu.requests.reading import BegunReading
from nlu.spelling.component import LANGUAGE, readable
from nlu.understanding.decision import decide

UNDERSTANDING = "understanding"
logger = logging.getLogger(__name__)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Understanding(GraphComponent):
    """Writes what a message means, and the intent that the rules go by."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Understanding:
        """Create the component."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Decide about each classified message."""
        for message in messages:
            reading: BegunReading | None = message.get(READING)
            if reading is None:
                continue
            offered = (message.get(METADATA) or {}).get("offered") or ()
            search = message.get(SEARCH)
            found = search(vector_of(message)) if search else ()
            probabilities, parts = reading.meant
            understanding = decide(
                readable(message),
                probabilities,
                offered,
                tuple(section.as_dict() for section in found),
                parts,
                message.get(LANGUAGE),
            )
            intent = {"name": understanding.effective_intent, "confidence": understanding.confidence}
            message.set(INTENT, intent, add_to_output=True)
            message.set(INTENT_RANKING_KEY, [intent], add_to_output=True)
            turn = (message.get(METADATA) or {}).get("turn")
            if turn is not None:
                logger.info("understood turn=%s decision=%s", turn, understanding.decision)
            message.set(UNDERSTANDING, understanding.as_dict(), add_to_output=True)
        return messages
