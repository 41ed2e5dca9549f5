"""Run by the engine's Python: the language of each text of a JSON list on standard input, as a JSON list."""

from __future__ import annotations

import json
import sys

from nlu.classification.text import normalised
from nlu.corpus import read_corpus
from nlu.encoder.session import shared_encoder
from nlu.home import PROJECT
from nlu.languages.detector import language_of
from nlu.spelling.speller import Speller


def main() -> None:
    examples, _ = read_corpus(PROJECT / "data" / "nlu")
    speller = Speller.of((normalised(example.text) for example in examples), shared_encoder().words)
    json.dump([language_of(text, speller) for text in json.load(sys.stdin)], sys.stdout)


if __name__ == "__main__":
    main()
