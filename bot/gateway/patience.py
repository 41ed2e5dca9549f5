"""No patience without end for those who send slowly: a connection that says nothing is closed."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEADERS_SECONDS = 15.0


class ImpatientProtocol(HttpToolsProtocol):
    """uvicorn's protocol, which by itself waits for ever for the first request's headers to be complete."""

    _headers_due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin to wait."""
        super().connection_made(transport)
        self._headers_due = self.loop.call_later(HEADERS_SECONDS, self._give_up)

    def on_message_begin(self) -> None:
        """A further request on the same connection has its own time."""
        super().on_message_begin()
        if self._headers_due is None:
            self._headers_due = self.loop.call_later(HEADERS_SECONDS, self._give_up)

    def on_headers_complete(self) -> None:
        """They are complete: the body has limits of its own."""
        self._stop_waiting()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing to wait for any more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _stop_waiting(self) -> None:
        if self._headers_due is not None:
            self._headers_due.cancel()
            self._headers_due = None

    def _give_up(self) -> None:
        self._headers_due = None
        if not self.transport.is_closing():
            self.transport.close()
