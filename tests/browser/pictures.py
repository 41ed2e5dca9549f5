"""Takes the pictures in docs/pictures from a running demo.

.venv/bin/python -m tests.browser.pictures http://127.0.0.1:8000 docs/pictures
"""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
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
DESK = {"viewport": {"width": 1280, "height": 800}}
FRIDAY = 4
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
        _handover(browser, address, folder)
        browser.close()


def _open(browser: Browser, address: str, options: dict[str, Any]) -> Page:
    page = browser.new_context(**options).new_page()
    page.goto(address)
    page.locator(".launcher").click()
    expect(page.locator(".entry.assistant").first).to_be_visible()
    return page


def _chat(page: Page, address: str, code: Path | None, card: Path | None) -> None:
    _write(page, "can u get rid of every record u have of me pls")
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


def _handover(browser: Browser, address: str, folder: Path) -> None:
    """A contact and a colleague talk; on a morning on which somebody is there."""
    _until_a_morning(address)
    desk = browser.new_context(**DESK).new_page()
    desk.goto(f"{address}/desk")
    desk.get_by_role("button", name="sam", exact=True).click()
    desk.get_by_role("button", name="Off duty").click()
    expect(desk.get_by_role("button", name="On duty")).to_be_visible()
    contact = _open(browser, address, WIDE)
    _write(contact, f"I wrote to you twice from {ADDRESS} and nobody answered. I want to talk to a person")
    row = desk.locator(".queue .row").first
    expect(row).to_be_visible()
    row.click()
    desk.get_by_role("button", name="Take it").click()
    expect(contact.locator(".entry.system")).to_contain_text("sam is here")
    reply = desk.get_by_role("textbox", name="Your reply to the visitor")
    reply.fill("Hello, this is Sam. I am sorry about that. I stay with you until it is sorted.")
    reply.press("Enter")
    expect(contact.locator(".entry.agent")).to_be_visible()
    _write(contact, "thank you. Did they ever reach the right team?")
    expect(desk.locator(".story .contact").last).to_contain_text("the right team")
    contact.wait_for_timeout(600)
    contact.screenshot(path=folder / "handover.png")
    desk.screenshot(path=folder / "desk.png")


def _until_a_morning(address: str) -> None:
    now = _advance(address, 0)
    morning = (now + timedelta(days=1)).replace(hour=10, minute=0, second=0, microsecond=0)
    while morning.weekday() > FRIDAY:
        morning += timedelta(days=1)
    _advance(address, int((morning - now).total_seconds()))


def _advance(address: str, seconds: int) -> datetime:
    moved = httpx.post(
        f"{address}/demo/clock", json={"advance": f"PT{seconds}S"}, trust_env=False, timeout=30
    )
    return datetime.fromisoformat(moved.raise_for_status().json()["now"])


def _write(page: Page, text: str) -> None:
    words = page.get_by_role("textbox", name="Your message")
    words.fill(text)
    words.press("Enter")


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
