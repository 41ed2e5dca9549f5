"""Encryption at rest and keyed hashes, from the one key in the settings."""

from __future__ import annotations

import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from actions.settings import get_settings

NONCE_BYTES = 12


@lru_cache(maxsize=32)
def _derived(purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=f"rightline/{purpose}".encode()).derive(
        get_settings().master_key()
    )


def encrypt(plain: bytes) -> bytes:
    """Ciphertext of `plain`: a fresh nonce, then AES-256-GCM's output."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(_derived("at-rest")).encrypt(nonce, plain, None)


def decrypt(sealed: bytes) -> bytes:
    """The plain bytes of what `encrypt` returned.

    Raises:
        cryptography.exceptions.InvalidTag: the key is another one, or the bytes were altered.
    """
    return AESGCM(_derived("at-rest")).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None)


def keyed_hash(purpose: str, *parts: str) -> str:
    """A keyed fingerprint (HMAC-SHA-256, hex) that nobody without the key can test guesses against.

    Args:
        purpose: what the fingerprint is for; the same value gets unrelated ones for different purposes.
        parts: the value; each part is length-prefixed, so that no two lists of parts look alike.
    """
    return keyed_hash_by(_derived(f"hash/{purpose}"), *parts)


def keyed_hash_by(key: bytes, *parts: str) -> str:
    """The same with a key of one's own."""
    message = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
    return hmac.new(key, message, hashlib.sha256).hexdigest()


def forget_keys() -> None:
    """Derive them anew from now on: this process goes on with other settings."""
    _derived.cache_clear()


def derived_key(purpose: str) -> bytes:
    """The key that the master key yields for a purpose; a hash's purpose is called `hash/<purpose>`."""
    return _derived(purpose)


def same(left: str, right: str) -> bool:
    """Whether two secrets are equal, in time that does not depend on where they differ."""
    return hmac.compare_digest(left.encode(), right.encode())
