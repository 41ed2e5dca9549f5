"""Fixtures of this folder's tests."""

from __future__ import annotations

from tests.support.dialogue import chat
from tests.support.store import database
from tests.support.working import post_office

__all__ = ["chat", "database", "post_office"]
