"""Hides personal data behind placeholders."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from threading import Lock

from nlu.pseudonyms import pipeline
from nlu.pseudonyms.cleaning import clean
from nlu.pseudonyms.kinds import KINDS, Found, Hidden
from nlu.pseudonyms.kinds import restore as _restore
from nlu.pseudonyms.reading import GROUP, Reading
from nlu.pseudonyms.recogniser.component import FINGERPRINT, Recogniser, folder, load


class Pseudonymiser:
    """Finds personal data in a contact's text and puts placeholders in its place; threads may share one."""

    def __init__(
        self,
        *,
        numbers: Mapping[str, Sequence[str]] | None = None,
        public: Collection[str] = (),
        recogniser: Path | None = None,
    ) -> None:
        """Load the pipeline.

        Args:
            numbers: regular expressions of the company's own numbers, by kind (`customer`, `agreement`).
                Numbers that a text announces ("my customer number is 1234") are found without them.
            public: names that are never hidden, such as the company's own.
            recogniser: the folder of the trained recogniser of people, companies and addresses; that of this
                instance by default. Without one these stay, and it is loaded as soon as it has been trained.
        """
        self._language = pipeline.build(numbers or {})
        self._public = public
        self._source = recogniser or folder()
        self._recogniser: Recogniser | None = None
        self._lock = Lock()
        self.hide("Warm up, so that nobody waits: ｗａｒｍ@up.example 020 7946 0958")

    def hide(
        self, text: str, *, asked: str | None = None, known: Mapping[tuple[str, str], str] | None = None
    ) -> Hidden:
        """Replace the personal data of a text.

        Args:
            text: what the contact typed; it is cleaned (see `clean`), and positions are of the cleaned text.
            asked: the field that the assistant asked for, if any. Six bare digits are a code only where
                `code` was asked for, and any number of plausible length is a telephone's where `phone` was.
            known: placeholders of the conversation, by kind and normalised value. A value among them keeps
                its placeholder; a new one gets the number after the highest of its kind.

        Returns:
            The text with placeholders, and what they stand for.
        """
        cleaned = clean(text)
        found = self._find(cleaned, asked)
        names = _Names(known or {})
        pieces: list[str] = []
        placeholders: dict[str, Found] = {}
        position = 0
        for one in found:
            name = names.of(one.kind, one.value)
            placeholders.setdefault(name, one)
            pieces += [cleaned[position : one.start], name]
            position = one.end
        pieces.append(cleaned[position:])
        return Hidden(_spaced(pieces), found, placeholders)

    def whole(self, text: str, kind: str, *, known: Mapping[tuple[str, str], str] | None = None) -> Hidden:
        """Hide a whole reply as one value of a kind, such as `value` where a new surname was asked for.

        Args:
            text: the reply.
            kind: one of `KINDS`.
            known: placeholders of the conversation, as for `hide`.

        Returns:
            One placeholder; a reply that is empty once cleaned stays empty.
        """
        cleaned = clean(text)
        if not cleaned:
            return Hidden("", (), {})
        found = Found(kind, " ".join(cleaned.split()), cleaned, 0, len(cleaned))
        name = _Names(known or {}).of(kind, found.value)
        return Hidden(name, (found,), {name: found})

    @staticmethod
    def restore(text: str, values: Mapping[str, str]) -> str:
        """Put values back in place of their placeholders; see `nlu.pseudonyms.restore`."""
        return _restore(text, values)

    def _find(self, text: str, asked: str | None) -> tuple[Found, ...]:
        # spaCy's vocabulary would remember every word it ever saw, names included; a memory zone forgets
        # them, and is for one thread at a time.
        with self._lock, self._language.memory_zone():
            doc = self._language.make_doc(text)
            doc.spans[GROUP] = []
            reading = Reading.begin(doc, asked)
            for _, component in self._language.pipeline:
                doc = component(doc)
            if recogniser := self._trained():
                recogniser(doc)
            return tuple(
                Found(
                    span.label_, value, text[span.start_char : span.end_char], span.start_char, span.end_char
                )
                for span, value in reading.claimed(doc)
            )

    def _trained(self) -> Recogniser | None:
        if self._recogniser is None and (self._source / FINGERPRINT).is_file():
            self._recogniser = load(self._source, self._public)
        return self._recogniser


class _Names:
    """Gives out placeholders."""

    def __init__(self, known: Mapping[tuple[str, str], str]) -> None:
        self._names = dict(known)
        self._highest = dict.fromkeys(KINDS, 0)
        for (kind, _), name in known.items():
            number = name.rpartition("_")[2]
            self._highest[kind] = max(self._highest.get(kind, 0), int(number) if number.isdecimal() else 0)

    def of(self, kind: str, value: str) -> str:
        name = self._names.get((kind, value))
        if name is None:
            self._highest[kind] += 1
            name = self._names[kind, value] = f"{kind.upper()}_{self._highest[kind]}"
        return name


def _spaced(pieces: Iterable[str]) -> str:
    """Join pieces of text and placeholders so that no placeholder touches a word."""
    text = ""
    for piece in pieces:
        touching = text and piece and _is_wordlike(text[-1]) and _is_wordlike(piece[0])
        text += f" {piece}" if touching else piece
    return text


def _is_wordlike(character: str) -> bool:
    return character.isalnum() or character == "_"
