"""Fixtures of this folder's tests."""

from __future__ import annotations

from tests.support.store import database
from tests.support.working import unwatched

__all__ = ["database", "unwatched"]
