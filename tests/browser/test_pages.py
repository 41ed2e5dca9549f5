"""The company page and the demo's mailbox."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.chat import Chat, assert_accessible
from tests.browser.conftest import Visit
from tests.browser.stub import Stub

pytestmark = pytest.mark.browser

MAIL: list[dict[str, Any]] = [
    {
        "to": "tom@northgate.example",
        "subject": "Your code from Flexiva privacy",
        "text": "Someone asked about their data. The code is 481 206. It works once, until 10:54.",
        "html": "<p>not shown</p>",
        "attachments": [],
        "at": "2026-11-23T10:44:00Z",
    },
    {
        "to": "priya@hartwell.example",
        "subject": "A copy of your details",
        "text": "<b>Here</b> is the copy you asked for. Telephone 020 123 456; your code was 123 456 789.",
        "html": "",
        "attachments": [{"name": "details.csv", "text": "name,surname\r\nPriya,H"}],
        "at": "2026-11-23T10:50:00Z",
    },
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_company_page_is_accessible_down_to_320_pixels(visit: Visit, scheme: str) -> None:
    page = visit(color_scheme=scheme)
    expect(page.get_by_role("link", name="Demo mailbox")).to_be_visible()
    assert_accessible(page)
    page.set_viewport_size({"width": 320, "height": 568})
    assert_accessible(page)
    assert page.evaluate("() => document.documentElement.scrollWidth") == 320


def test_a_right_opens_the_chat_with_words_ready_to_send(visit: Visit, stub: Stub) -> None:
    chat = Chat(visit())
    chat.button("Ask for deletion").click()
    expect(chat.words).to_have_value("Please delete all my data")
    chat.words.press("Enter")
    chat.expect_field("email")


def test_outside_the_demo_nothing_leads_to_a_mailbox(visit: Visit, stub: Stub) -> None:
    stub.demo = False
    page = visit("/static/icon.svg")
    with page.expect_response("**/demo/mailbox.json") as answer:
        page.goto(stub.origin)
    assert answer.value.status == 404
    expect(page.get_by_role("button", name="Open the chat")).to_be_visible()
    expect(page.locator("#mailbox")).to_be_hidden()


def test_without_javascript_the_page_says_how_else_to_ask(visit: Visit, browser: Any, stub: Stub) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(stub.origin)
    expect(page.locator("noscript p")).to_contain_text("JavaScript is off")
    expect(page.locator("noscript p")).to_be_visible()
    links = page.locator("noscript a").evaluate_all("all => all.map((each) => each.href)")
    assert links == [f"{stub.origin}/chat", "https://flexiva.co.uk/support", "https://www.flexiva.co.uk/"]
    expect(page.get_by_role("button")).to_have_count(0)
    context.close()


def test_the_mailbox_shows_the_newest_first_and_keeps_looking(visit: Visit, stub: Stub) -> None:
    page = visit("/demo/mailbox")
    expect(page.get_by_text("No mail yet")).to_be_visible()
    stub.mail = MAIL[:1]
    expect(page.get_by_role("heading", name="Your code from Flexiva privacy")).to_be_visible()
    stub.mail = MAIL
    expect(page.locator(".mail")).to_have_count(2)
    subjects = page.locator(".mail h2").all_inner_texts()
    assert subjects == ["A copy of your details", "Your code from Flexiva privacy"]
    expect(page.get_by_role("status")).to_have_text("New mail to priya@hartwell.example.")
    expect(page.locator(".mail").first).to_contain_text("<b>Here</b> is the copy")
    assert_accessible(page)
    stub.mail = []
    expect(page.get_by_text("No mail yet")).to_be_visible()
    expect(page.locator(".mail")).to_have_count(0)


def test_a_code_is_easily_copied_and_an_attachment_kept(visit: Visit, stub: Stub) -> None:
    stub.mail = MAIL
    page = visit("/demo/mailbox", permissions=["clipboard-read", "clipboard-write"])
    expect(page.locator(".mail .code")).to_have_count(1)
    page.get_by_role("button", name="Copy code 481 206").click()
    assert page.evaluate("() => navigator.clipboard.readText()") == "481206"
    with page.expect_download() as download:
        page.get_by_role("button", name="Download details.csv").click()
    assert download.value.suggested_filename == "details.csv"
    assert download.value.path().read_bytes() == b"name,surname\r\nPriya,H"


def test_a_mailbox_out_of_reach_says_so_and_comes_back(visit: Visit, stub: Stub) -> None:
    stub.mail = MAIL
    page = visit("/demo/mailbox", viewport={"width": 320, "height": 568})
    expect(page.locator(".mail")).to_have_count(2)
    assert page.evaluate("() => document.documentElement.scrollWidth") == 320
    stub.stop()
    expect(page.get_by_role("status")).to_contain_text("cannot be reached")
    stub.start()
    expect(page.get_by_role("status")).to_contain_text("2 in the mailbox")
