"""Who is told of every step a case takes, in the transaction in which it takes it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from importlib import import_module

from sqlalchemy.orm import Session

from actions.cases.models import Case, CaseEvent

Watcher = Callable[[Session, Case, CaseEvent], None]
WATCHERS = ("actions.helpdesk.case_tickets:follow",)
"""By name, since they stand on this package: whichever process moves a case finds them."""


def tell_watchers(session: Session, case: Case, event: CaseEvent) -> None:
    """Let every watcher plan what follows; one that fails stops the transaction."""
    for watcher in _watchers():
        watcher(session, case, event)


@lru_cache(maxsize=1)
def _watchers() -> tuple[Watcher, ...]:
    found = (name.partition(":") for name in WATCHERS)
    return tuple(getattr(import_module(module), function) for module, _, function in found)
