"""An action server that answers at once, the same for every engine: `python -m bot.bench.stub PORT`.

So what is measured is the engine: what it understands, decides, stores, and how it talks to an action server.
"""

from __future__ import annotations

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

SLOTS = ("email", "code", "phone", "name", "value", "choice")


async def webhook(request: Request) -> JSONResponse:
    """Keep the form asking for an address, whatever was said."""
    call = await request.json()
    asked = "email"
    if call.get("next_action") != "validate_request_form":
        asked = call["tracker"]["slots"].get("requested_slot")
    events = [{"event": "slot", "name": name, "value": None} for name in SLOTS]
    events.append({"event": "slot", "name": "requested_slot", "value": asked})
    return JSONResponse({"events": events, "responses": []})


def main() -> None:
    """Serve until stopped."""
    app = Starlette(routes=[Route("/webhook", webhook, methods=["POST"])])
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=False, log_level="error")


if __name__ == "__main__":
    main()
