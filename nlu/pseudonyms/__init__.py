"""The pseudonymiser: puts placeholders in place of personal data before a text reaches the engine."""

from __future__ import annotations

from nlu.pseudonyms.cleaning import clean
from nlu.pseudonyms.kinds import KINDS, MASKED, Found, Hidden, Seen, restore
from nlu.pseudonyms.masked.words import HealthWords, Masking
from nlu.pseudonyms.pseudonymiser import Pseudonymiser

__all__ = [
    "KINDS",
    "MASKED",
    "Found",
    "HealthWords",
    "Hidden",
    "Masking",
    "Pseudonymiser",
    "Seen",
    "clean",
    "restore",
]
