"""Which function carries out which kind of step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from actions.fulfilment.interfaces import Handler, OwnHandler


@dataclass(frozen=True)
class Registered:
    """A kind of step: exactly one of the two functions is set."""

    handler: Handler | None = None
    own: OwnHandler | None = None


_kinds: dict[str, Registered] = {}


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register a handler for a kind of step; it runs outside any transaction and must be idempotent.

    Raises:
        ValueError: the kind has a handler already.
    """

    def register(handler: Handler) -> Handler:
        _add(kind, Registered(handler=handler))
        return handler

    return register


def handles_here(kind: str) -> Callable[[OwnHandler], OwnHandler]:
    """Register a handler that changes only our own database, committed together with the step: exactly once.

    Raises:
        ValueError: the kind has a handler already.
    """

    def register(handler: OwnHandler) -> OwnHandler:
        _add(kind, Registered(own=handler))
        return handler

    return register


def find(kind: str) -> Registered | None:
    """What is registered for a kind, if anything."""
    return _kinds.get(kind)


def kinds() -> tuple[str, ...]:
    """Every kind that can be carried out."""
    return tuple(sorted(_kinds))


def _add(kind: str, registered: Registered) -> None:
    if kind in _kinds:
        raise ValueError(f"two handlers for steps of the kind '{kind}'")
    _kinds[kind] = registered
