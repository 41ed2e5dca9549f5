"""Makes up messages in which names, firms and addresses are marked, and many more in which there are none."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from faker import Faker

from nlu.pseudonyms.recogniser.people import People
from nlu.pseudonyms.recogniser.places import Places
from nlu.pseudonyms.recogniser.templates import templates
from nlu.pseudonyms.recogniser.vocabulary import common_words

_ROOM = re.compile(r"\{(\w+)\}|\b([A-Z]+)_\d\b")
_LABELS = dict.fromkeys(("person", "first", "last", "titled"), "PERSON")
_LABELS |= {
    "company": "COMPANY",
    "address": "ADDRESS",
}
_SHARES = {"self": 34, "others": 26, "firms": 14, "homes": 12, "signatures": 14}
_NAMING = re.compile(r"\b(?:PERSON|COMPANY|ADDRESS|VALUE)_\d")
_LANGUAGES = ("pl_PL", "fr_FR", "de_DE", "la", "it_IT", "es_ES", "nl_NL", "pt_PT", "cs_CZ", "ro_RO")
_FRAMES = (
    "I am {}", "I'm {}", "this is {}", "it's {} {}", "my {} is {}", "thanks {}", "hi {}", "the {} {}",
    "from {}", "call me {}", "please {} my {}", "{} {}", "I work for {}", "what do you hold on {}",
    "delete {}", "{}", "name the {}", "regards the {}", "remove {} {}", "contact from {}", "speak to {}",
    "is it {}", "to {}",
)  # fmt: skip


@dataclass(frozen=True)
class Sentence:
    """A message with the places of what it names: `(start, end, label)`."""

    text: str
    marked: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True)
class _Segment:
    text: str
    label: str | None = None


class Sentences:
    """Draws messages."""

    def __init__(self, random: Random, examples: Sequence[str]) -> None:
        """Prepare.

        Args:
            random: where chance comes from.
            examples: real-looking messages, some with placeholders (`PERSON_1`), most without personal data.
        """
        self._random = random
        self._people = People(random)
        self._templates = templates()
        self._places = Places(random, self._people)
        self._named = [line for line in examples if _NAMING.search(line)] or self._templates["others"]
        self._plain = [line for line in examples if not _NAMING.search(line)] + self._templates["plain"]
        self._words = sorted(common_words())
        self._fillers: dict[str, Callable[[], str]] = {
            "person": self._people.full,
            "first": self._people.first,
            "last": self._people.last,
            "titled": self._people.titled,
            "company": self._places.company,
            "address": self._places.address,
            "town": self._places.town,
        }
        self._foreign = self._foreign_sentences()

    def draw(self, count: int) -> list[Sentence]:
        """Draw messages; somewhat more of them without anything to find than with."""
        return [
            self._styled(self._plain_one() if self._random.random() < 0.5 else self._marked_one())
            for _ in range(count)
        ]

    def plain(self, most: int) -> list[Sentence]:
        """Examples without personal data as they are written, each once."""
        return [Sentence(line, ()) for line in self._random.sample(self._plain, min(most, len(self._plain)))]

    def _marked_one(self) -> list[_Segment]:
        pick, chance = self._random.choice, self._random.random()
        if chance < 0.12:
            return self._filled(pick(self._named))
        section = self._random.choices(list(_SHARES), list(_SHARES.values()))[0]
        body = self._filled(pick(self._templates[section]))
        if section == "signatures":
            return [*self._example(), _Segment(pick((". ", "\n", "\n\n", " ", ", "))), *body]
        return self._around(body)

    def _around(self, body: list[_Segment]) -> list[_Segment]:
        """A sentence alone, or with others before and after it."""
        join = self._random.choice((". ", ", ", " ", "\n", " - ", " and ", "! ", "? "))
        chance = self._random.random()
        if chance < 0.45:
            return body
        if chance < 0.68:
            return [*body, _Segment(join), *self._example()]
        if chance < 0.88:
            return [*self._example(), _Segment(join), *body]
        return [*self._example(), _Segment(join), *body, _Segment(join), *self._example()]

    def _plain_one(self) -> list[_Segment]:
        chance = self._random.random()
        if chance < 0.62:
            return self._example()
        if chance < 0.72:
            return [*self._example(), _Segment(self._random.choice((". ", ", ", "\n"))), *self._example()]
        if chance < 0.76:
            return [_Segment(self._random.choice(self._foreign))]
        frame = self._random.choice(_FRAMES)
        return [_Segment(frame.format(*(self._random.choice(self._words) for _ in range(frame.count("{}")))))]

    def _example(self) -> list[_Segment]:
        return self._filled(self._random.choice(self._plain))

    def _filled(self, template: str) -> list[_Segment]:
        segments: list[_Segment] = []
        position = 0
        for match in _ROOM.finditer(template):
            segments.append(_Segment(template[position : match.start()]))
            room = (match.group(1) or match.group(2)).strip()
            fill = self._fillers.get(room.lower())
            if fill is None:
                segments.append(_Segment(stand_in(room)))
            else:
                segments.append(_Segment(fill(), _LABELS.get(room.lower())))
            position = match.end()
        segments.append(_Segment(template[position:]))
        return segments

    def _styled(self, segments: list[_Segment]) -> Sentence:
        """A message as people type: lower case, capitals, no punctuation, typing errors."""
        chance = self._random.random()
        if chance < 0.36:
            segments = [_Segment(_lower(segment.text), segment.label) for segment in segments]
        elif chance < 0.40:
            segments = [_Segment(_upper(segment.text), segment.label) for segment in segments]
        elif chance < 0.44:
            segments = [
                _Segment(segment.text if segment.label else segment.text.title(), segment.label)
                for segment in segments
            ]
        elif chance < 0.50:
            segments = [
                _Segment(segment.text.title() if segment.label else _lower(segment.text), segment.label)
                for segment in segments
            ]
        if self._random.random() < 0.25:
            segments = [
                segment if segment.label else _Segment(self._mistyped(segment.text)) for segment in segments
            ]
        if self._random.random() < 0.2:
            segments = [
                segment if segment.label else _Segment(re.sub(r"[.,!?]+", "", segment.text))
                for segment in segments
            ]
        return _put_together(segments)

    def _mistyped(self, text: str) -> str:
        """Text with a word or two that have letters swapped, missing, doubled or wrong."""
        words = text.split(" ")
        for _ in range(self._random.choice((1, 1, 2))):
            index = self._random.randrange(len(words))
            word = words[index]
            if len(word) < 4 or not word.isalpha() or re.fullmatch("x[a-z]+x", word):
                continue
            at = self._random.randrange(1, len(word) - 1)
            letter = self._random.choice("abcdefghijklmnoprstuvwy")
            words[index] = self._random.choice(
                (
                    word[:at] + word[at + 1] + word[at] + word[at + 2 :],
                    word[:at] + word[at + 1 :],
                    word[:at] + word[at] + word[at:],
                    word[:at] + letter + word[at + 1 :],
                )
            )
        return " ".join(words)

    def _foreign_sentences(self) -> list[str]:
        sentences: list[str] = []
        for locale in _LANGUAGES:
            faker = Faker(locale)
            faker.seed_instance(self._random.random())
            sentences += [faker.sentence(nb_words=self._random.randrange(3, 9)) for _ in range(40)]
        return sentences


def stand_in(kind: str) -> str:
    """The word that stands for an identifier which the pipeline has found already."""
    return f"x{kind.lower()}x"


def _lower(text: str) -> str:
    return "".join(character.lower() if len(character.lower()) == 1 else character for character in text)


def _upper(text: str) -> str:
    return "".join(character.upper() if len(character.upper()) == 1 else character for character in text)


def _put_together(segments: list[_Segment]) -> Sentence:
    text = ""
    marked: list[tuple[int, int, str]] = []
    for segment in segments:
        part = re.sub(r"[^\S\n]+", " ", segment.text)
        if segment.label:
            marked.append((len(text), len(text) + len(part), segment.label))
        text += part
    return Sentence(text, tuple(marked))
