"""Fixtures of this folder's tests."""

from __future__ import annotations

from tests.support.dialogue import chat
from tests.support.store import database

__all__ = ["chat", "database"]
