"""Takes the pictures in docs/pictures from a running demo.

.venv/bin/python -m tests.browser.pictures http://127.0.0.1:8000 docs/pictures
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.conftest import ARGUMENTS
from tests.support.components import CHROMIUM, require

WIDE = {"viewport": {"width": 1280, "height": 860}}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
ADDRESS = "priya@hartwell.example"
PATIENCE = 30_000


def take(address: str, folder: Path) -> None:
    """Take all of them."""
    folder.mkdir(parents=True, exist_ok=True)
    httpx.post(f"{address}/demo/reset", trust_env=False, timeout=30)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=require(CHROMIUM), args=ARGUMENTS)
        expect.set_options(timeout=PATIENCE)
        page = _open(browser, address, WIDE)
        page.screenshot(path=folder / "page.png")
        _chat(page, address, folder / "code.png", folder / "card.png")
        dark = _open(browser, address, {**WIDE, "color_scheme": "dark"})
        _chat(dark, address, None, folder / "dark.png")
        phone = _open(browser, address, PHONE)
        _chat(phone, address, folder / "phone.png", None)
        mail = browser.new_context(**WIDE).new_page()
        mail.goto(f"{address}/demo/mailbox")
        expect(mail.locator(".mail").first).to_be_visible()
        mail.screenshot(path=folder / "mailbox.png")
        browser.close()


def _open(browser: Browser, address: str, options: dict[str, Any]) -> Page:
    page = browser.new_context(**options).new_page()
    page.goto(address)
    page.locator(".launcher").click()
    expect(page.locator(".entry.assistant").first).to_be_visible()
    return page


def _chat(page: Page, address: str, code: Path | None, card: Path | None) -> None:
    words = page.get_by_role("textbox", name="Your message")
    words.fill("can u get rid of every record u have of me pls")
    words.press("Enter")
    _give(page, "email", ADDRESS)
    expect(page.locator(".private input[name=code]")).to_be_visible()
    page.wait_for_timeout(600)
    if code is not None:
        page.screenshot(path=code)
    if card is None:
        return
    _give(page, "code", _code(address))
    expect(page.locator(".card").first).to_be_visible()
    page.wait_for_timeout(600)
    page.screenshot(path=card)


def _give(page: Page, field: str, value: str) -> None:
    box = page.locator(f".private input[name={field}]")
    expect(box).to_be_visible()
    box.fill(value)
    box.press("Enter")


def _code(address: str) -> str:
    for _ in range(200):
        mails = httpx.get(f"{address}/demo/mailbox.json", trust_env=False, timeout=30).json()["messages"]
        codes = [mail["text"] for mail in mails if mail["to"] == ADDRESS and "code is" in mail["text"]]
        if codes:
            return "".join(filter(str.isdigit, codes[-1].split("code is", 1)[1][:12]))
    raise RuntimeError("no code came")


if __name__ == "__main__":
    take(sys.argv[1].rstrip("/"), Path(sys.argv[2]))
