"""Pages, the widget and their files, as they lie in `bot/web`."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

WEB = Path(__file__).resolve().parents[1] / "web"


def install(app: FastAPI, *, demo: bool) -> None:
    """Serve the company page, the widget and, in the demo, the mailbox.

    Args:
        app: the application.
        demo: whether the demo's pages exist.
    """
    app.router.routes.append(_page("/", "index.html"))
    if demo:
        app.router.routes.append(_page("/demo/mailbox", "mailbox.html"))
    app.router.routes.append(Route("/widget.js", _widget))
    app.router.routes.append(Mount("/static", StaticFiles(directory=WEB / "static")))


def _page(address: str, name: str) -> Route:
    async def page(_: Request) -> Response:
        return FileResponse(WEB / "pages" / name, media_type="text/html; charset=utf-8")

    return Route(address, page)


def _widget(request: Request) -> Response:
    source, tag = _bundled()
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"ETag": tag})
    return Response(source, media_type="text/javascript; charset=utf-8", headers={"ETag": tag})


@lru_cache(maxsize=1)
def _bundled() -> tuple[str, str]:
    from bot.web.bundle import widget

    source = widget()
    return source, f'"{hashlib.sha256(source.encode()).hexdigest()[:32]}"'
