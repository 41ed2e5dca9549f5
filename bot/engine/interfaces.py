"""What the gateway asks of an engine, and how an engine may fail it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

EngineState = Literal["ready", "starting", "down"]


class EngineUnreachable(Exception):
    """Nothing was sent: nobody listens there, or what listens has no model yet."""


class EngineFailed(Exception):
    """It was sent, and what became of it is unknown; the receipt of the turn tells."""


class EngineErred(EngineFailed):
    """It answered with an error: it runs, and could not do it."""


class Engine(Protocol):
    """An engine that understands messages and calls the actions they ask for."""

    async def state(self) -> EngineState:
        """Whether messages can be sent; never fails."""
        ...

    async def prime(self, engine_session: str, requested_slot: str) -> None:
        """Tell a fresh session which slot of the form under way is asked for."""
        ...

    async def send(self, engine_session: str, text: str, turn_id: str, offered: Sequence[str]) -> None:
        """Deliver one message and wait until it has been dealt with."""
        ...
