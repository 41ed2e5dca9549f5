"""Case references: short, unguessable, and readable over the telephone."""

from __future__ import annotations

import re
import secrets
import unicodedata

# Crockford's base 32: no I, L, O or U, which are misread or spell words.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PREFIX = "PR"
LENGTH = 8
MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


def fresh() -> str:
    """A random reference such as `PR-7F3K-9Q2M`: 40 bits from `secrets`."""
    return _written("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))


def normalised(text: str) -> str | None:
    """The reference somebody meant, whatever its case, spaces and dashes, with O read as 0 and I and L as 1.

    Returns:
        The reference as we write it, or None when this is no reference at all.
    """
    letters = re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)).upper()
    if len(letters) == LENGTH + len(PREFIX) and letters.startswith(PREFIX):
        letters = letters[len(PREFIX) :]
    letters = letters.translate(MISREAD)
    if len(letters) != LENGTH or set(letters) - set(ALPHABET):
        return None
    return _written(letters)


def _written(letters: str) -> str:
    return f"{PREFIX}-{letters[:4]}-{letters[4:]}"
