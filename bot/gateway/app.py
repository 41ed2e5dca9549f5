"""The ASGI application."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp

from actions.conversations import intake
from actions.database import Database, get_database
from actions.logs import where
from actions.settings import Settings, get_settings
from bot.desk import views as desk_views
from bot.gateway import conversations, errors, pages
from bot.gateway.description import SCHEMAS, answer
from bot.gateway.dialogue import Dialogue, rightline
from bot.gateway.edge import Edge
from bot.gateway.service import gateway_of, running
from bot.plain import views as plain_views

log = structlog.get_logger(__name__)


def create_app(
    settings: Settings | None = None, database: Database | None = None, dialogue: Dialogue | None = None
) -> FastAPI:
    """The gateway as an application; its parts live as long as its lifespan.

    Args:
        settings: by default those of the process.
        database: migrated; by default that of the process.
        dialogue: the domain's part; by default the real one.
    """
    settings = settings or get_settings()
    app = _Application(
        title="Rightline",
        description="The conversation interface of a privacy-rights assistant.",
        version="1",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        # Its records of requests and validation errors hold what people wrote.
        telemetry={"tracing": False, "metrics": False, "logs": False, "operation_spans": False},
        lifespan=_lifespan(settings, database, dialogue),
    )
    app.edge = {
        "allowed_origins": settings.allowed_origins,
        "public_url": settings.public_url,
    }
    errors.install(app)
    # Side by side, not nested: who asks with a wrong method is told every right one.
    app.router.routes.extend(conversations.router.routes)
    app.router.routes.extend(desk_views.router.routes)
    app.router.routes.extend(plain_views.router.routes)
    app.add_api_route(
        "/healthz",
        _healthz,
        operation_id="is_alive",
        summary="Whether the gateway accepts messages",
        responses=errors.documented({200: answer("It does.", "Health")}),
    )
    app.add_api_route(
        "/readyz",
        _readyz,
        operation_id="is_ready",
        summary="Whether every part does its work",
        responses=errors.documented(
            {
                200: answer("All of them do.", "Readiness"),
                503: answer("Not all of them do.", "Readiness"),
            }
        ),
    )
    if settings.demo:
        from bot.demo.routes import router

        app.router.routes.extend(router.routes)
    pages.install(app, demo=settings.demo)
    return app


class _Application(FastAPI):
    """FastAPI with our edge around everything, its own error page included, and our schemas."""

    edge: dict[str, Any]

    def build_middleware_stack(self) -> ASGIApp:
        return Edge(super().build_middleware_stack(), **self.edge)

    def openapi(self) -> dict[str, Any]:
        if not self.openapi_schema:
            found = get_openapi(
                title=self.title, version=self.version, description=self.description, routes=self.routes
            )
            found["components"] = {
                "schemas": SCHEMAS,
                "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            }
            self.openapi_schema = found
        return self.openapi_schema


def _lifespan(settings: Settings, database: Database | None, dialogue: Dialogue | None) -> Any:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            chosen = database or get_database()
            gateway = await stack.enter_async_context(running(settings, chosen, dialogue or rightline()))
            if settings.demo:
                from bot.demo.service import demo

                app.state.demo = await stack.enter_async_context(demo(gateway))
            app.state.gateway = gateway
            loading = asyncio.create_task(_load_pseudonymiser())
            stack.callback(loading.cancel)
            yield

    return lifespan


async def _load_pseudonymiser() -> None:
    # In a thread: the greeting does not wait for it.
    try:
        await asyncio.to_thread(intake.pseudonymiser)
    except Exception as error:
        log.error("pseudonymiser_not_loaded", kind=type(error).__name__, at=where(error))


async def _healthz() -> Response:
    return JSONResponse({"status": "ok"})


async def _readyz(request: Request) -> Response:
    parts = await gateway_of(request).readiness.parts()
    ready = all(state == "ready" for state in parts.values())
    return JSONResponse({"ready": ready, "parts": parts}, 200 if ready else 503)
