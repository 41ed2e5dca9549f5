"""The models that read messages: for intents, acts and forms of clauses, and for the clauses of letters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from nlu.classification.model import IntentModel, Matrix
from nlu.classification.text import normalised
from nlu.classification.together import Together
from nlu.encoder.once import EncodedOnce, EncodesAll, Prepares
from nlu.requests.acts import ASKS, acts_of, asking, joined
from nlu.requests.beside import clauses_beside, read_beside
from nlu.requests.form_model import FormModel
from nlu.requests.interfaces import Read
from nlu.requests.letter_examples import LetterExample, is_letter
from nlu.requests.letter_model import LetterModel, clauses_of_letters
from nlu.requests.marked_examples import MarkedExample

_INTENTS = "intents"
_ACTS = "acts"
_FORMS = "forms"


@dataclass(frozen=True)
class Lessons:
    """What there is to learn from, as texts with their labels.

    Attributes:
        requests: Each with its intent: the examples, and the passages of marked messages.
        wholes: Letters and messages of several clauses that ask for one thing, with its intent.
        alone: Clauses with their acts.
        in_letters: Clauses with what they do where they stand in a letter: ask, or tell.
    """

    requests: Sequence[tuple[str, str]]
    wholes: Sequence[tuple[str, str]]
    alone: Sequence[tuple[str, str]]
    in_letters: Sequence[tuple[str, str]]

    @property
    def intents(self) -> list[tuple[str, str]]:
        """All whose intent is known."""
        return [*self.requests, *self.wholes]

    @property
    def acts(self) -> list[tuple[str, str]]:
        """Clauses with their acts, some of them once more as they stand beside others."""
        return [*self.alone, *joined(self.alone)]

    @classmethod
    def of(
        cls,
        texts: Sequence[str],
        intents: Sequence[str],
        clauses: Sequence[tuple[str, str]],
        letters: Sequence[LetterExample],
        marked: Sequence[MarkedExample],
    ) -> Lessons:
        """Gather them; the arguments are those of `Models.fit`."""
        shown = [example for each in marked for example in each.shown()]
        requests = [*zip(texts, intents, strict=True), *shown]
        wholes = [(letter.text, letter.intent) for letter in letters]
        wholes += [(each.text, each.only_intent) for each in marked if each.only_intent]
        # Most sentences of a letter only tell; those of a message are read as what stands in messages.
        told = [*clauses, *acts_of(each for each in marked if not is_letter(each.text))]
        alone = [*((text, ASKS) for text in asking(requests)), *told]
        return cls(
            requests,
            wholes,
            alone,
            clauses_of_letters([*letters, *marked], [*clauses, *acts_of(marked)]),
        )


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
        encoder: Prepares,
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
        lessons = Lessons.of(texts, intents, clauses, letters, marked)
        texts, intents = zip(*lessons.requests, strict=True)
        # While a model is fitted, which takes one processor, the texts of the next are encoded on the other.
        encoder.prepare([normalised(text) for text, _ in lessons.intents])
        encoder.prepare(read_beside(texts, intents))
        encoder.prepare([normalised(text) for text, _ in [*lessons.acts, *lessons.in_letters]])
        meant = _fitted(lessons.intents, once)
        beside = clauses_beside(texts, intents, meant, once)
        return cls(
            meant,
            _fitted([*lessons.acts, *beside], once),
            FormModel.fit(texts, intents),
            LetterModel.fit(lessons.in_letters, once),
        )

    def begin(self, texts: Sequence[str]) -> Callable[[Matrix], list[Read]]:
        """Read the terms of texts, while the encoder may be at work.

        Args:
            texts: The texts, as `normalised` returns them.

        Returns:
            What says all that there is to say of them, given the encoder's vector of each, one row a text.
        """
        terms, inquires = self._together.terms(texts), self.forms.inquiries(texts)

        def read(vectors: Matrix) -> list[Read]:
            intents, acts, letters = self._together.probabilities(terms, vectors)
            asks = [acts_in_letters[ASKS] for acts_in_letters in letters]
            return list(map(Read, vectors, intents, acts, asks, inquires))

        return read

    @cached_property
    def _together(self) -> Together:
        return Together([self.intents, self.acts, self.letters.asks])

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
