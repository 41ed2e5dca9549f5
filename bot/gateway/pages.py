"""Pages, the widget and their files, as they lie in `bot/web`."""

from __future__ import annotations

import gzip
import hashlib
from functools import lru_cache
from pathlib import Path

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
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
    app.router.routes.append(_page("/desk", "desk.html"))
    if demo:
        app.router.routes.append(_page("/demo/mailbox", "mailbox.html"))
    app.router.routes.append(Route("/widget.js", _widget))
    app.router.routes.append(Mount("/static", StaticFiles(directory=WEB / "static")))


def _page(address: str, name: str) -> Route:
    # Not asynchronous: it reads a file, in a thread.
    def page(request: Request) -> Response:
        return _tagged(request, (WEB / "pages" / name).read_bytes(), "text/html; charset=utf-8")

    return Route(address, page)


def _widget(request: Request) -> Response:
    return _tagged(request, _bundled(), "text/javascript; charset=utf-8")


def _tagged(request: Request, content: bytes, media_type: str) -> Response:
    """The content, or word that the browser has it already."""
    # The same mark for both forms: a browser keeps one of them.
    headers = {"Vary": "Accept-Encoding", "ETag": f'"{hashlib.sha256(content).hexdigest()[:32]}"'}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        content = _gzipped(content)
        headers["Content-Encoding"] = "gzip"
    return Response(content, media_type=media_type, headers=headers)


@lru_cache(maxsize=16)
def _gzipped(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


@lru_cache(maxsize=1)
def _bundled() -> bytes:
    from bot.web.bundle import widget

    return widget().encode()
