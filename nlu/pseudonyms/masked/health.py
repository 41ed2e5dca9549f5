"""Finds what a text tells of somebody's health: a word of the lexicon that the sentence says of a person."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.util import filter_spans

from nlu.pseudonyms.lexicon import listed
from nlu.pseudonyms.reading import Reading, Splitter

_QUALIFYING = frozenset(
    listed(
        """
        a an the some any very quite rather really now both had have mild moderate severe serious bad
        worse chronic acute terminal advanced early late end recent ongoing previous past old new long
        term short sudden minor major form kind bit touch bout case episode episodes history symptoms
        signs degree left right and or , - / of ( my his her their clinical postnatal post natal
        traumatic diagnosed undiagnosed
        """
    )
)
_DESCRIBING = frozenset(
    listed(
        """
        stage type grade i ii iii iv 1 2 3 4 - breast lung bowel skin prostate ovarian brain blood liver
        kidney heart bone throat stomach pancreatic cervical testicular thyroid colon rectal womb
        """
    )
)
"""Words before a condition that are a part of it and are masked with it."""
_MOST_QUALIFYING = 7
_POSSESSIVE = frozenset(listed("my his her their our your"))
_HAVING = frozenset(
    listed(
        """
        have has had having got get getting gets caught developed contracted survived survive beat
        beating fight fighting fought battle battling battled undergoing undergo underwent needed need
        needing suffer suffers suffered suffering ve s d
        """
    )
)
_TAKING = frozenset(listed("on take takes took taking prescribed given"))
_BEING = frozenset(listed("am is was are were be been being become became feel feeling felt m s re"))
_LINKED = {
    "with": frozenset(
        listed(
            "diagnosed diagnosis living live lives lived struggling struggle dealing coping born ill hospital"
        )
    ),
    "from": frozenset(
        listed("suffer suffers suffered suffering recover recovered recovering died dying die dies")
    ),
    "of": frozenset(listed("died dying die dies because diagnosis survivor sufferer")),
    "for": frozenset(
        listed(
            "treated treatment medication tablets pills hospital therapy surgery operated seen tested work"
        )
    ),
    "to": frozenset(listed("due owing")),
    "is": frozenset(listed("condition illness disease diagnosis problem")),
    ":": frozenset(listed("condition illness disease diagnosis medication health")),
}
_WHEN = frozenset(listed("during after since before"))
_PERSONS = frozenset(
    listed(
        """
        i we he she they who me im ive my his her our their mum mother dad father wife husband son
        daughter partner brother sister child baby colleague friend boss mam mom gran nan uncle aunt
        grandfather grandmother
        """
    )
)
_REACH = 6
_SENTENCE_ENDS = frozenset(".!?;\n")
_DIAGNOSED = re.compile(
    r"(?<![^\W_])(?:been|was|were|got|is|am|just|newly|recently) diagnosed (?:with|as having|as) "
    r"(?P<value>[^.,;:!?\n()]+)",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(
    r" (?:and|but|so|which|that|in|last|this|at|by|when|while|two|three|since|please|who|because"
    r"|years?|after|before|i|on|if)\b",
    re.IGNORECASE,
)
_MOST_UNLISTED_WORDS = 5
_DOSE = re.compile(
    r"(?<![^\W_])(?!taking|takes|about|daily|around|given|another|every|twice|prescribed)"
    r"(?P<before>[a-z]{5,}) \d+(?:\.\d+)? ?(?:mg|mcg|micrograms?|milligrams?)(?![^\W_])"
    r"|(?<![^\W_])\d+(?:\.\d+)? ?(?:mg|mcg|micrograms?|milligrams?)(?: of)? (?P<after>[a-z]{5,})",
    re.IGNORECASE,
)


class Health:
    """Claims what the lexicon knows of health where a sentence says it of somebody."""

    def __init__(
        self,
        nlp: Language,
        conditions: list[str],
        states: list[str],
        medicines: list[str],
        not_before: list[str],
    ) -> None:
        """Prepare; see `HealthWords`."""
        split = Splitter(nlp.vocab)
        self._matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
        for name, words in (("condition", conditions), ("state", states), ("medicine", medicines)):
            if words:
                self._matcher.add(name, [split(word) for word in words])
        self._not_before = frozenset(not_before)

    def __call__(self, doc: Doc) -> Doc:
        """Claim the health data of a text."""
        if not self._matcher:
            return doc
        reading = Reading.of(doc)
        spans = filter_spans(self._matcher(doc, as_spans=True))
        terms = {index for span in spans for index in range(span.start, span.end)}
        for span in spans:
            start = _with_description(reading, span.start)
            said = self._is_said_of_somebody(reading, span.label_, start, span.end, terms)
            if said and reading.free(start, span.end):
                reading.claim(doc, start, span.end, "health", "")
        for start, end in _unlisted(reading.text):
            reading.claim_text(doc, start, end, "health", "")
        return doc

    def _is_said_of_somebody(
        self, reading: Reading, name: str, start: int, end: int, terms: set[int]
    ) -> bool:
        words = reading.lowers
        following = words[end] if end < len(words) else ""
        if following in self._not_before:
            return False
        if name == "medicine":
            return True
        anchor = start - 1
        while anchor >= max(0, start - _MOST_QUALIFYING) and (
            anchor in terms
            or words[anchor].isdecimal()
            or (words[anchor] in _QUALIFYING and not _anchors(words[anchor]))
        ):
            anchor -= 1
        if anchor < 0:
            return False
        word = words[anchor]
        before = words[anchor - 1] if anchor else ""
        if word in _POSSESSIVE or (word == "s" and before in {"'", "’"} and words[anchor - 2] in _PERSONS):
            return word != "your"
        if word in _LINKED and _reached(words, anchor, _LINKED[word]):
            return True
        personal = _reached(words, anchor, _PERSONS)
        if name == "state":
            return personal and (word in _BEING or word in _HAVING)
        return personal and (word in _HAVING or word in _TAKING or word in _WHEN)


def _with_description(reading: Reading, start: int) -> int:
    first = start
    while first and reading.lowers[first - 1] in _DESCRIBING:
        first -= 1
    while first < start and reading.lowers[first] in {"i", "-"}:
        first += 1
    return first


def _anchors(word: str) -> bool:
    return word in _POSSESSIVE or word in _HAVING or word in _LINKED


def _reached(words: list[str], anchor: int, wanted: frozenset[str]) -> bool:
    """Tell whether one of some words stands shortly before another in the same sentence."""
    for index in range(anchor - 1, max(-1, anchor - 1 - _REACH), -1):
        if words[index] in wanted:
            return True
        if words[index] in _SENTENCE_ENDS:
            return False
    return False


def _unlisted(text: str) -> Iterator[tuple[int, int]]:
    """What somebody was diagnosed with, or takes in milligrams, whether or not the lexicon has it."""
    for match in _DIAGNOSED.finditer(text):
        value = _CLAUSE_END.split(match.group("value"))[0].rstrip()
        words = value.split(" ")
        if value and len(words) <= _MOST_UNLISTED_WORDS:
            yield match.start("value"), match.start("value") + len(value)
    for match in _DOSE.finditer(text):
        group = "before" if match.group("before") else "after"
        yield match.span(group)


@Language.factory(
    "rightline_health",
    default_config={"conditions": [], "states": [], "medicines": [], "not_before": []},
)
def _create_health(
    nlp: Language,
    name: str,
    conditions: list[str],
    states: list[str],
    medicines: list[str],
    not_before: list[str],
) -> Health:
    return Health(nlp, conditions, states, medicines, not_before)
