"""The pseudonymiser: puts placeholders in place of personal data before a text reaches the engine."""

from __future__ import annotations

from nlu.pseudonyms.cleaning import clean
from nlu.pseudonyms.kinds import KINDS, Found, Hidden, restore
from nlu.pseudonyms.pseudonymiser import Pseudonymiser

__all__ = ["KINDS", "Found", "Hidden", "Pseudonymiser", "clean", "restore"]
