"""The action server's HTTP side: rasa-sdk's executor behind Starlette, on loopback unless told otherwise.

rasa-sdk's own Sanic server binds every interface unless told otherwise and leaves a child that outlives a
killed parent; its executor is what we need of it.
"""

from __future__ import annotations

import structlog
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from actions.logs import where
from actions.sdk.actions import ACTIONS

log = structlog.get_logger(__name__)


def create_app() -> Starlette:
    """The ASGI application: `POST /webhook` as Rasa calls it, `GET /health`."""
    executor = ActionExecutor()
    for action in ACTIONS:
        executor.register_action(action())

    async def webhook(request: Request) -> JSONResponse:
        call = await request.json()
        try:
            result = await executor.run(call)
        except (ActionExecutionRejection, ActionNotFoundException) as refusal:
            status = 404 if isinstance(refusal, ActionNotFoundException) else 400
            return JSONResponse({"error": refusal.message, "action_name": refusal.action_name}, status)
        except Exception as error:
            # Neither the request nor the error's words are logged: they may hold what a contact wrote.
            log.error(
                "action_failed", action=call.get("next_action"), kind=type(error).__name__, at=where(error)
            )
            return JSONResponse({"error": "the action failed", "action_name": call.get("next_action")}, 500)
        return JSONResponse(result.model_dump() if result else {"events": [], "responses": []})

    async def health(_: Request) -> JSONResponse:
        return JSONResponse({"status": "ok"})

    return Starlette(routes=[Route("/webhook", webhook, methods=["POST"]), Route("/health", health)])
