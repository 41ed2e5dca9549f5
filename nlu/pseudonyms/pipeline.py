"""The spaCy pipeline: one tokenizer, and a component for each kind of value, the surest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from spacy.lang.en import English
from spacy.language import Language

# Importing a component registers its factory with spaCy.
from nlu.pseudonyms import accounts, codes, emails, marks, numerals, phones, postcodes, references  # noqa: F401
from nlu.pseudonyms.masked import banking, cards, health, papers, passwords  # noqa: F401
from nlu.pseudonyms.masked.words import HealthWords
from nlu.pseudonyms.reading import Splitter

COMPONENTS = (
    "rightline_marks",
    "rightline_passwords",
    "rightline_emails",
    "rightline_numerals",
    "rightline_references",
    "rightline_papers",
    "rightline_banking",
    "rightline_cards",
    "rightline_accounts",
    "rightline_phones",
    "rightline_postcodes",
    "rightline_codes",
    "rightline_health",
)
"""In order: what a component claims, later ones leave alone."""


def build(numbers: Mapping[str, Sequence[str]], words: HealthWords) -> Language:
    """Make the pipeline.

    Args:
        numbers: the forms of the company's own numbers; see `Pseudonymiser`.
        words: of health.
    """
    language = English()
    language.tokenizer = Splitter(language.vocab)
    settings: dict[str, dict[str, Any]] = {
        "rightline_accounts": {"patterns": {kind: list(forms) for kind, forms in numbers.items()}},
        "rightline_health": {name: list(words) for name, words in vars(words).items()},
    }
    for component in COMPONENTS:
        language.add_pipe(component, config=settings.get(component, {}))
    return language
