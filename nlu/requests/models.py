"""The models that read messages: for intents, acts and forms of clauses, and for the clauses of letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nlu.classification.model import IntentModel, Matrix
from nlu.classification.text import normalised
from nlu.encoder.once import EncodedOnce, EncodesAll
from nlu.requests.acts import ASKS, acts_of, asking, joined
from nlu.requests.beside import clauses_beside
from nlu.requests.form_model import FormModel
from nlu.requests.letter_examples import LetterExample, is_letter
from nlu.requests.letter_model import LetterModel
from nlu.requests.marked_examples import MarkedExample

_INTENTS = "intents"
_ACTS = "acts"
_FORMS = "forms"


@dataclass(frozen=True)
class Models:
    """What gives the probability of each intent, of each act of a clause, and of a question by its form.

    What a clause of a letter does is told apart by a model of its own.
    """

    intents: IntentModel
    acts: IntentModel
    forms: FormModel
    letters: LetterModel

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        intents: Sequence[str],
        vectors: Matrix,
        clauses: Sequence[tuple[str, str]],
        letters: Sequence[LetterExample],
        marked: Sequence[MarkedExample],
        encoder: EncodesAll,
    ) -> Models:
        """Train them all.

        Args:
            texts: The examples.
            intents: The intent of each.
            vectors: The encoder's vector of each, one row an example.
            clauses: What asks for nothing, each with its act.
            letters: Whole letters.
            marked: Messages with the passages that ask.
            encoder: What encodes those.
        """
        once = EncodedOnce(encoder, zip(map(normalised, texts), vectors, strict=True))
        shown = [example for each in marked for example in each.shown()]
        texts = [*texts, *(text for text, _ in shown)]
        intents = [*intents, *(intent for _, intent in shown)]
        wholes = [(letter.text, letter.intent) for letter in letters]
        wholes += [(each.text, each.only_intent) for each in marked if each.only_intent]
        meant = _fitted([*zip(texts, intents, strict=True), *wholes], once)
        # Most sentences of a letter only tell; those of a message are read as what stands in messages.
        in_letters = [*clauses, *acts_of(marked)]
        clauses = [*clauses, *acts_of(each for each in marked if not is_letter(each.text))]
        asked = [(texts[position], ASKS) for position in asking(texts, intents)]
        beside = clauses_beside(texts, intents, meant, once)
        return cls(
            meant,
            _fitted([*asked, *clauses, *joined([*asked, *clauses]), *beside], once),
            FormModel.fit(texts, intents),
            LetterModel.fit([*letters, *marked], in_letters, once),
        )

    def save(self, folder: Path) -> None:
        """Write them into a folder."""
        self.intents.save(folder, _INTENTS)
        self.acts.save(folder, _ACTS)
        self.forms.save(folder, _FORMS)
        self.letters.save(folder)

    @classmethod
    def load(cls, folder: Path) -> Models:
        """Read them from the folder that `save` wrote."""
        return cls(
            IntentModel.load(folder, _INTENTS),
            IntentModel.load(folder, _ACTS),
            FormModel.load(folder, _FORMS),
            LetterModel.load(folder),
        )


def _fitted(examples: Sequence[tuple[str, str]], encoder: EncodesAll) -> IntentModel:
    texts = [normalised(text) for text, _ in examples]
    return IntentModel.fit(texts, [label for _, label in examples], encoder.encode_all(texts))
