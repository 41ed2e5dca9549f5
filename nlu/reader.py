"""Reads single texts with a trained model, without Rasa: the pipeline of config.yml as one function."""

from __future__ import annotations

import tarfile
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import Any

from nlu.encoder.session import Encoder, shared_encoder
from nlu.languages.detector import language_of
from nlu.placeholders.patterns import find_placeholders
from nlu.policy.index import PolicyIndex
from nlu.requests import reading
from nlu.requests.models import Models
from nlu.requests.vectors import Whole
from nlu.situations.model import SituationModel
from nlu.spelling.speller import Speller
from nlu.understanding.decision import decide

STORED = (
    "components/train_nlu.spelling.component.SpellingCorrector",
    "components/train_nlu.classification.component.LinearIntentClassifier",
    "components/train_nlu.policy.component.PolicyRetriever",
    "components/train_nlu.situations.component.SituationRecogniser",
)
"""Where an archive keeps what the components learned."""


class ModelUnreadable(RuntimeError):
    """The file is no model of ours."""


class Reader:
    """Understands texts exactly as the engine does."""

    def __init__(
        self,
        speller: Speller,
        models: Models,
        policy: PolicyIndex,
        situations: SituationModel,
        encoder: Encoder,
    ) -> None:
        """Use trained models; `open` reads it from an archive."""
        self._speller = speller
        self._models = models
        self._policy = policy
        self._situations = situations
        self._encoder = encoder

    @classmethod
    def open(cls, archive: Path) -> Reader:
        """Take what the components learned out of a model archive.

        Raises:
            ModelUnreadable: If the archive is missing, broken, or lacks one of them.
        """
        try:
            with tempfile.TemporaryDirectory() as folder, tarfile.open(archive) as stream:
                for member in stream.getmembers():
                    if member.isfile() and member.name.removeprefix("./").startswith(STORED):
                        member.name = Path(member.name).name
                        stream.extract(member, folder)
                encoder = shared_encoder()
                return cls(
                    Speller.load(Path(folder), encoder.words),
                    Models.load(Path(folder)),
                    PolicyIndex.load(Path(folder)),
                    SituationModel.load(Path(folder)),
                    encoder,
                )
        except (OSError, tarfile.TarError, KeyError) as error:
            raise ModelUnreadable(f"{archive} is no model that can be read: {error}") from error

    def read(self, text: str, offered: Collection[str] = ()) -> dict[str, Any]:
        """Understand one text.

        Args:
            text: The message, with placeholders.
            offered: Ids of the choices on offer.

        Returns:
            The understanding in the contract's form, and beside it the placeholders as `entities` and the
            names of the `situations` that the text shows.
        """
        entities = [{"entity": found.entity, "value": found.value} for found in find_placeholders(text)]
        readable = self._speller.read(text)
        whole = Whole(readable, self._encoder)
        search = self._policy.search(text)
        begun = reading.begin(readable, lambda: whole.vector, self._models, self._encoder)
        clauses = [(part.clause.text, part.vector) for part in begun.clauses]
        situations = self._situations.shown(readable, whole.vector, clauses, as_written=text)
        sections = tuple(found.as_dict() for found in search(whole.vector))
        language = language_of(text, self._speller)
        probabilities, parts = begun.meant
        understanding = decide(readable, probabilities, offered, sections, parts, language)
        return {**understanding.as_dict(), "entities": entities, "situations": situations}
