"""Fixtures of this folder's tests."""

from __future__ import annotations

from tests.support.store import database

__all__ = ["database"]
