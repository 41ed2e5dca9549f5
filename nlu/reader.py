"""Reads single texts with a trained model, without Rasa: the pipeline of config.yml as one function."""

from __future__ import annotations

import tarfile
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import Any

from nlu.classification.text import normalised
from nlu.encoder.session import Encoder, shared_encoder
from nlu.placeholders.patterns import find_placeholders
from nlu.policy.index import PolicyIndex
from nlu.requests.models import Models
from nlu.requests.reading import read_parts
from nlu.understanding.decision import decide

CLASSIFIER = "components/train_nlu.classification.component.LinearIntentClassifier"
RETRIEVER = "components/train_nlu.policy.component.PolicyRetriever"


class ModelUnreadable(RuntimeError):
    """The file is no model of ours."""


class Reader:
    """Understands texts exactly as the engine does."""

    def __init__(self, models: Models, policy: PolicyIndex, encoder: Encoder) -> None:
        """Use trained models; `open` reads it from an archive."""
        self._models = models
        self._policy = policy
        self._encoder = encoder

    @classmethod
    def open(cls, archive: Path) -> Reader:
        """Take the classifier and the policy's index out of a model archive.

        Raises:
            ModelUnreadable: If the archive is missing, broken, or lacks one of them.
        """
        try:
            with tempfile.TemporaryDirectory() as folder, tarfile.open(archive) as stream:
                for member in stream.getmembers():
                    if member.isfile() and member.name.removeprefix("./").startswith((CLASSIFIER, RETRIEVER)):
                        member.name = Path(member.name).name
                        stream.extract(member, folder)
                return cls(Models.load(Path(folder)), PolicyIndex.load(Path(folder)), shared_encoder())
        except (OSError, tarfile.TarError, KeyError) as error:
            raise ModelUnreadable(f"{archive} is no model that can be read: {error}") from error

    def read(self, text: str, offered: Collection[str] = ()) -> dict[str, Any]:
        """Understand one text.

        Args:
            text: The message, with placeholders.
            offered: Ids of the choices on offer.

        Returns:
            The understanding in the contract's form, and the placeholders as `entities`.
        """
        vector = self._encoder.encode(normalised(text))
        sections = tuple(found.as_dict() for found in self._policy.sections(text, vector))
        probabilities = self._models.intents.probabilities(text, vector)
        parts = read_parts(text, self._models, self._encoder)
        understanding = decide(text, probabilities, offered, sections, parts)
        entities = [{"entity": found.entity, "value": found.value} for found in find_placeholders(text)]
        return {**understanding.as_dict(), "entities": entities}
