"""A browser for all tests, a stand-in gateway for each, and rules for every page that a test visits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.stub import Stub
from tests.support.components import CHROMIUM, require

ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
]
WATCH = """
  window.violations = [];
  addEventListener("securitypolicyviolation", (event) => {
    violations.push(`${event.violatedDirective} ${event.blockedURI}`);
  });
"""

Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once."""
    path = require(CHROMIUM)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        expect.set_options(timeout=8_000)
        yield browser
        browser.close()


@pytest.fixture
def stub() -> Iterator[Stub]:
    """A stand-in gateway of the test's own."""
    stub = Stub()
    yield stub
    stub.stop()


@pytest.fixture
def visit(browser: Browser, stub: Stub) -> Iterator[Visit]:
    """Opens a page of the stub: `visit(path, context=…, **options of a new context)`.

    Afterwards no page may have broken the content security policy, thrown an error, or asked another host for
    anything.
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []
    hosts: set[str] = set()

    def visit(path: str = "/", *, context: BrowserContext | None = None, **options: Any) -> Page:
        if context is None:
            context = browser.new_context(**{"viewport": {"width": 1280, "height": 860}, **options})
            context.set_default_timeout(8_000)
            context.add_init_script(WATCH)
            context.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
            contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(stub.origin + path)
        return page

    yield visit
    violations = [
        violation
        for context in contexts
        for page in context.pages
        for violation in page.evaluate("() => window.violations ?? []")
    ]
    for context in contexts:
        context.close()
    assert violations == []
    assert errors == []
    allowed = {urlsplit(stub.origin).netloc, *(urlsplit(host).netloc for host in stub.friends), ""}
    assert hosts <= allowed
