"""The spaCy pipeline: one tokenizer, and a component for each kind of value, the surest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from spacy.lang.en import English
from spacy.language import Language

# Importing a component registers its factory with spaCy.
from nlu.pseudonyms import accounts, cards, codes, emails, marks, numerals, phones, postcodes, references  # noqa: F401
from nlu.pseudonyms.reading import Splitter

COMPONENTS = (
    "rightline_marks",
    "rightline_emails",
    "rightline_numerals",
    "rightline_references",
    "rightline_accounts",
    "rightline_cards",
    "rightline_phones",
    "rightline_postcodes",
    "rightline_codes",
)
"""In order: what a component claims, later ones leave alone."""


def build(numbers: Mapping[str, Sequence[str]]) -> Language:
    """Make the pipeline.

    Args:
        numbers: the forms of the company's own numbers; see `Pseudonymiser`.
    """
    language = English()
    language.tokenizer = Splitter(language.vocab)
    for component in COMPONENTS:
        language.add_pipe(
            component, config={"patterns": dict(numbers)} if component == "rightline_accounts" else {}
        )
    return language
