"""Hides personal data behind placeholders."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from threading import Lock

from nlu.pseudonyms import pipeline
from nlu.pseudonyms.addresses import Addresses
from nlu.pseudonyms.cleaning import clean
from nlu.pseudonyms.kinds import KINDS, MASKED, PLACEHOLDER, Found, Hidden, Seen
from nlu.pseudonyms.kinds import restore as _restore
from nlu.pseudonyms.masked.words import Masking
from nlu.pseudonyms.reading import GROUP, Reading
from nlu.pseudonyms.recogniser.component import COMPLETE, Recogniser, load
from nlu.pseudonyms.recogniser.fingerprint import folder


class Pseudonymiser:
    """Finds personal data in a contact's text and puts placeholders in its place; threads may share one."""

    def __init__(
        self,
        *,
        numbers: Mapping[str, Sequence[str]] | None = None,
        public: Collection[str] = (),
        recogniser: Path | None = None,
        masking: Masking | None = None,
    ) -> None:
        """Load the pipeline.

        Args:
            numbers: regular expressions of the company's own numbers, by kind (`customer`, `agreement`).
                Numbers that a text announces ("my customer number is 1234") are found without them.
            public: names that are never hidden, such as the company's own.
            recogniser: the folder of the trained recogniser of people, companies and addresses; that of this
                instance by default. Without one these stay, and it is loaded as soon as it has been trained.
            masking: how masked details are shown and read, and the words of health; without it no health
                data is found.
        """
        self._masking = masking or Masking()
        self._language = pipeline.build(numbers or {}, self._masking.health)
        self._addresses = Addresses()
        self._public = public
        self._source = recogniser or folder()
        self._recogniser: Recogniser | None = None
        self._lock = Lock()
        self.hide("Warm up, so that nobody waits: ｗａｒｍ@up.example 020 7946 0958")

    def look(self, text: str, *, asked: str | None = None) -> Seen:
        """Do the slow part of `hide` ahead of it, where nobody waits for what it is done in.

        Args:
            text: what the contact typed.
            asked: the field that the assistant asked for, if any.
        """
        cleaned = clean(text)
        return Seen(cleaned, *self._find(cleaned, asked))

    def hide(
        self,
        text: str,
        *,
        asked: str | None = None,
        known: Mapping[tuple[str, str], str] | None = None,
        seen: Seen | None = None,
    ) -> Hidden:
        """Replace the personal data of a text.

        Args:
            text: what the contact typed; it is cleaned (see `clean`), and positions are of the cleaned text.
            asked: the field that the assistant asked for, if any. Six bare digits are a code only where
                `code` was asked for, and any number of plausible length is a telephone's where `phone` was.
            known: placeholders of the conversation, by kind and normalised value. A value among them keeps
                its placeholder; a new one gets the number after the highest of its kind.
            seen: what `look` returned for the same text and the same field.

        Returns:
            The text with placeholders, and what they stand for.
        """
        seen = seen or self.look(text, asked=asked)
        return self._replaced(seen.cleaned, seen.found, _Names(known or {}), complete=seen.complete)

    def hide_names(self, text: str, *, known: Mapping[tuple[str, str], str] | None = None) -> Hidden:
        """Replace what only the trained recogniser sees, in a text from which the rest was hidden before.

        Args:
            text: a text that `hide` returned without a recogniser; its placeholders stay what they are.
            known: placeholders of the conversation, as for `hide`.

        Returns:
            The text with more placeholders, and what the new ones stand for.
        """
        found, complete = self._find(text, None, hidden=True)
        return self._replaced(text, found, _Names(known or {}), complete=complete)

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
        return Hidden(name, (found,), {name: found}, shown=cleaned)

    @staticmethod
    def restore(text: str, values: Mapping[str, str]) -> str:
        """Put values back in place of their placeholders; see `nlu.pseudonyms.restore`."""
        return _restore(text, values)

    def _replaced(self, cleaned: str, found: tuple[Found, ...], names: _Names, *, complete: bool) -> Hidden:
        read: list[str] = []
        shown: list[str] = []
        placeholders: dict[str, Found] = {}
        position = 0
        for one in found:
            between = cleaned[position : one.start]
            if one.kind in MASKED:
                read += [between, self._masking.read_as[one.kind]]
                shown += [between, self._masking.labels[one.kind]]
            else:
                name = names.of(one.kind, one.value)
                placeholders.setdefault(name, one)
                read += [between, name]
                shown += [between, one.raw]
            position = one.end
        rest = cleaned[position:]
        return Hidden(
            _spaced([*read, rest]),
            tuple(one for one in found if one.kind not in MASKED),
            placeholders,
            shown="".join([*shown, rest]),
            masked=tuple(dict.fromkeys(one.kind for one in found if one.kind in MASKED)),
            complete=complete,
        )

    def _find(self, text: str, asked: str | None, *, hidden: bool = False) -> tuple[tuple[Found, ...], bool]:
        # spaCy's vocabulary would remember every word it ever saw, names included; a memory zone forgets
        # them, and is for one thread at a time.
        with self._lock, self._language.memory_zone():
            doc = self._language.make_doc(text)
            doc.spans[GROUP] = []
            reading = Reading.begin(doc, asked)
            standing = set()
            if hidden:
                for match in PLACEHOLDER.finditer(text):
                    kind = match.group().rpartition("_")[0].lower()
                    reading.claim_text(doc, match.start(), match.end(), kind, match.group())
                    standing.add(match.start())
            else:
                for _, component in self._language.pipeline:
                    doc = component(doc)
            recogniser = self._trained()
            if recogniser:
                recogniser(doc)
            if not hidden:
                self._addresses(doc)
            found = tuple(
                Found(
                    span.label_, value, text[span.start_char : span.end_char], span.start_char, span.end_char
                )
                for span, value in reading.claimed(doc)
                if span.start_char not in standing
            )
            return found, recogniser is not None

    def _trained(self) -> Recogniser | None:
        if self._recogniser is None and (self._source / COMPLETE).is_file():
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
