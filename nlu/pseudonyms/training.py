"""Trains the entity recogniser: `python -m nlu.pseudonyms.training`.

Its sentences are made up, always the same ones for the same sources. What it writes goes to `recognisers` in
`$RIGHTLINE_MODELS`, `$RIGHTLINE_HOME` or the project's `.rightline`, under a fingerprint of all that went in;
where that is there already, training does nothing. The training data of the engine is not among it: changing
that does not train the recogniser again.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import shutil
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from random import Random

from faker.providers.address.en_GB import Provider
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from thinc.api import fix_random_seed

from nlu.pseudonyms.reading import Splitter
from nlu.pseudonyms.recogniser import vocabulary
from nlu.pseudonyms.recogniser.component import COMPLETE, MODEL, WORDS
from nlu.pseudonyms.recogniser.fingerprint import folder
from nlu.pseudonyms.recogniser.network import NETWORK
from nlu.pseudonyms.recogniser.people import known_names
from nlu.pseudonyms.recogniser.sentences import Sentence, Sentences
from nlu.pseudonyms.recogniser.templates import messages
from nlu.pseudonyms.recogniser.vocabulary import Words

_SEED = 20241126
_SENTENCES = 12_000
_PLAIN = 5_000
_ROUNDS = 5
_BATCH = 64
_TELLING = 1_200
_KNOWN_SHARE = 0.6
_CONTRACTED = frozenset({"i", "a", "s", "m", "t", "re", "ve", "ll", "d"})
_STANDS_IN = re.compile("x[a-z]+x")
_log = logging.getLogger(__name__)


def train(target: Path, lines: list[str] | None = None) -> bool:
    """Train the recogniser unless it is there.

    Args:
        target: the folder to write; put in place whole.
        lines: messages as contacts write them, some with placeholders; by default those of the package.

    Returns:
        Whether it had to be trained.
    """
    if (target / COMPLETE).is_file():
        return False
    started = time.monotonic()
    lines = messages() if lines is None else lines
    random = Random(_SEED)  # noqa: S311 - made-up sentences are no secret
    sentences = Sentences(random, lines)
    drawn = sentences.draw(_SENTENCES) + sentences.plain(_PLAIN)
    words = _words(lines, drawn)
    shown = replace(words, names=frozenset(name for name in words.names if _is_shown(name)))
    _write(_trained(drawn, shown, random), words, target)
    _log.info("trained the recogniser on %d sentences in %.0f s", len(drawn), time.monotonic() - started)
    return True


def _words(lines: Iterable[str], drawn: Iterable[Sentence]) -> Words:
    """The words of the examples: those met more than once are ordinary, those met most often are telling."""
    names = known_names()
    common = Counter(word for line in lines for word in re.findall(r"(?<![^\W_])[a-z]+(?![^\W_])", line))
    ordinary = vocabulary.common_words() | {
        word for word, count in common.items() if count > 1 and word not in names
    }
    counts = common + Counter(
        word for sentence in drawn for word in re.findall(r"[^\W\d_]+", sentence.text.lower())
    )
    telling = [word for word, _ in counts.most_common() if word in ordinary or _STANDS_IN.fullmatch(word)][
        :_TELLING
    ]
    public = vocabulary.KNOWN_TO_ALL | {country.lower() for country in Provider.countries}
    return Words(telling=frozenset(telling) | _CONTRACTED, ordinary=ordinary, names=names, public=public)


def _is_shown(name: str) -> bool:
    """Keep some names from the recogniser while it learns, so that it learns to do without knowing them."""
    return hashlib.sha256(name.encode()).digest()[0] < 256 * _KNOWN_SHARE


def _trained(drawn: list[Sentence], words: Words, random: Random) -> Language:
    fix_random_seed(_SEED)
    language = words.blank()
    splitter = Splitter(language.vocab)
    recogniser = language.add_pipe("ner", config={"model": NETWORK})
    examples = [_example(splitter(sentence.text), sentence) for sentence in drawn]
    for label in vocabulary.LABELS:
        recogniser.add_label(label)  # type: ignore[attr-defined]
    optimizer = language.initialize(lambda: examples[:500])
    optimizer.learn_rate = 0.002
    for number in range(_ROUNDS):
        random.shuffle(examples)
        losses: dict[str, float] = {}
        for start in range(0, len(examples), _BATCH):
            language.update(examples[start : start + _BATCH], sgd=optimizer, drop=0.2, losses=losses)
        optimizer.learn_rate *= 0.6
        _log.info("round %d of %d, loss %.0f", number + 1, _ROUNDS, losses["ner"])
    return language


def _example(doc: Doc, sentence: Sentence) -> Example:
    spans = [
        doc.char_span(start, end, label=label, alignment_mode="expand")
        for start, end, label in sentence.marked
    ]
    reference = doc.copy()
    reference.ents = [span for span in spans if span is not None]
    return Example(doc, reference)


def _write(language: Language, words: Words, target: Path) -> None:
    fresh = target.with_name(f"{target.name}.{os.getpid()}")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    language.to_disk(fresh / MODEL, exclude=["vocab", "tokenizer"])
    words.save(fresh / WORDS)
    (fresh / COMPLETE).touch()
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    if not train(folder()):
        _log.info("the recogniser is up to date")
