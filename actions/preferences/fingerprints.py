"""Keyed fingerprints of addresses, and the keys that make them.

A fingerprint can be compared with, but not turned back into an address. Keys can be changed: the newest makes
new fingerprints; those that older keys made are still recognised, and made anew with the newest one whenever
the address itself comes by.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from actions.settings import get_settings
from actions.vault.cipher import derived_key, keyed_hash_by

AddressKind = Literal["email", "phone", "person"]
MASTER = "master"
"""The id of the key that is derived from the master key; always known, and the only one by default."""


@dataclass(frozen=True)
class Fingerprint:
    """A fingerprint and the id of the key that made it."""

    key_id: str
    mark: str


def fingerprints(kind: AddressKind, *parts: str) -> tuple[Fingerprint, ...]:
    """An address's fingerprint by every key, the newest first.

    Args:
        kind: `email` or `phone` with the address; `person` with an address that several people share, and the
            name of the one who is meant.
        parts: what is fingerprinted, normalised but for the letters' case.
    """
    lowered = [" ".join(part.lower().split()) for part in parts]
    return tuple(Fingerprint(name, keyed_hash_by(key, kind, *lowered)) for name, key in _keys())


def current(kind: AddressKind, *parts: str) -> Fingerprint:
    """An address's fingerprint by the newest key."""
    return fingerprints(kind, *parts)[0]


def newest_key_id() -> str:
    """The id of the key that new fingerprints are made with."""
    return _keys()[0][0]


def known_key_ids() -> frozenset[str]:
    """The ids of all keys there are: a fingerprint of any other key recognises nobody any more."""
    return frozenset(name for name, _ in _keys())


@lru_cache(maxsize=1)
def _keys() -> Sequence[tuple[str, bytes]]:
    configured = get_settings().fingerprint_keys
    own = [(name, _decoded(name, secret.get_secret_value())) for name, secret in configured.items()]
    return (*own, (MASTER, derived_key("hash/suppression")))


def _decoded(name: str, encoded: str) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise ValueError(f"RIGHTLINE_FINGERPRINT_KEYS: the key '{name}' is not the base64 of 32 bytes.")
    return key
