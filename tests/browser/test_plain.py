"""The chat without JavaScript: the same conversation, over the real gateway."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from actions.conversations import log
from actions.conversations.models import Conversation
from actions.conversations.offers import Speech, say
from actions.database import Database
from tests.support.store import database
from tests.unit.gateway.conftest import Running, serve
from tests.unit.gateway.fakes import FakeEngine

__all__ = ["database"]
PICTURES = os.environ.get("PICTURES", "")
pytestmark = pytest.mark.browser


@pytest.fixture
def running(tmp_path: Path, database: Database) -> Iterator[Running]:
    engine = FakeEngine(database)
    with serve(tmp_path, database, engine) as found:
        yield found
    engine.stop()


@pytest.fixture
def page(browser: Browser, running: Running) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 700})
    opened = context.new_page()
    opened.goto(f"{running.url}/")
    yield opened
    context.close()


def begin(page: Page) -> None:
    page.get_by_role("link", name="use the chat as a plain page").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Your privacy")


def speaks(running: Running, text: str, *, ask: str | None = None, card: str | None = None) -> None:
    with running.database.write() as session:
        found = session.query(Conversation).one()
        conversation = log.lock(session, found.id)
        assert conversation is not None
        rows = [{"id": "x", "label": "Surname", "value": card or ""}]
        speech = Speech(
            text,
            ask={"field": ask, "label": "The code from the email"} if ask else None,  # type: ignore[typeddict-item]
            card={"title": "What we hold", "rows": rows} if card else None,  # type: ignore[typeddict-item]
        )
        say(session, conversation, speech)


def test_a_conversation_without_javascript(running: Running, page: Page) -> None:
    begin(page)
    page.get_by_label("Your message").fill("<script>alert(1)</script> what do you hold?")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".said .contact")).to_contain_text("<script>alert(1)</script> what do you hold?")
    speaks(running, "A code is on its way.", ask="code")
    page.goto(f"{running.url}/chat")
    field = page.get_by_label("The code from the email")
    expect(field).to_have_attribute("autocomplete", "one-time-code")
    field.fill("123 456")
    page.get_by_role("button", name="Send privately").click()
    expect(page.locator(".said .contact").last).to_contain_text("Sent privately: code")
    assert "123 456" not in page.content()
    speaks(running, "Here.", card="<img src=x onerror=alert(1)>")
    page.goto(f"{running.url}/chat")
    expect(page.locator(".card dd")).to_have_text("<img src=x onerror=alert(1)>")
    page.get_by_role("button", name="End and clear this device").click()
    assert page.context.cookies() == []


def test_a_button_counts_once_and_an_old_one_is_explained(running: Running, page: Page) -> None:
    begin(page)
    other = page.context.new_page()
    other.goto(f"{running.url}/chat")
    page.get_by_role("button", name="Delete my details").click()
    expect(page.locator(".said .contact")).to_contain_text("Delete my details")
    other.get_by_role("button", name="Delete my details").click()
    expect(other.get_by_role("alert")).to_contain_text("not on offer any more")
    with running.database.read() as session:
        found = session.query(Conversation).one()
        own = [entry for entry in log.after(session, found.id, 0) if entry.sender == "contact"]
    assert len(own) == 1


def test_it_fits_320_pixels_and_axe_finds_nothing(running: Running, browser: Browser) -> None:
    page = browser.new_context(viewport={"width": 320, "height": 700}).new_page()
    page.goto(f"{running.url}/chat")
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/plain.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.context.close()


def test_the_cookie_is_ours_alone_and_other_sites_cannot_send(running: Running) -> None:
    with httpx.Client(base_url=running.url, trust_env=False) as client:
        opened = client.get("/chat")
        cookie = opened.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert "Path=/chat" in cookie
        token = client.cookies["rightline_chat"].partition(".")[2]
        assert token not in opened.text
        assert opened.headers["cache-control"] == "no-store"
        for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            refused = client.post("/chat", data={"text": "delete my data"}, headers=headers)
            assert refused.status_code == 403
        empty = client.post("/chat", data={"text": " "})
        assert empty.status_code == 422
        assert "Please write something" in empty.text
        long = client.post("/chat", data={"text": "x" * 8_001})
        assert long.status_code == 422
    with running.database.read() as session:
        found = session.query(Conversation).one()
        assert all(entry.sender != "contact" for entry in log.after(session, found.id, 0))
