"""The chat as somebody in front of a browser meets it."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.assistant import CODE

EMAIL = "priya@hartwell.example"


class Chat:
    """One page with the widget on it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.host = page.locator("rightline-chat")
        self.launcher = page.locator(".launcher")
        self.panel = page.get_by_role("dialog")
        self.log = page.locator(".panel [role=log]")
        self.words = page.get_by_role("textbox", name="Your message")
        self.field = page.locator(".private input")
        self.note = page.locator(".note")
        self.link = page.locator(".bar:not(.note)")
        self.cases = page.locator(".cases")

    def open(self) -> Chat:
        """Opens the panel and waits for the greeting."""
        self.launcher.click()
        expect(self.button("Delete my details")).to_be_enabled()
        return self

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def say(self, text: str) -> None:
        self.words.fill(text)
        self.words.press("Enter")

    def give(self, value: str) -> None:
        """Enters a value in the private field."""
        self.field.fill(value)
        self.field.press("Enter")

    def expect_field(self, name: str) -> Locator:
        field = self.page.locator(f".private input[name={name}]")
        expect(field).to_be_visible()
        return field

    def to_code(self) -> Chat:
        """Goes on to where a code is asked for."""
        self.say("please delete all my data")
        self.expect_field("email")
        self.give(EMAIL)
        self.expect_field("code")
        return self

    def to_offer(self) -> Chat:
        """Goes on to where the plan is shown and a copy offered."""
        self.to_code()
        self.give(CODE)
        expect(self.button("Just delete")).to_be_enabled()
        return self

    def bubbles(self) -> list[str]:
        """What was said, in order."""
        return [text.strip() for text in self.page.locator(".bubble").all_inner_texts()]

    def focused(self) -> str:
        """What the focused element is called, or failing that which it is."""
        name: str = self.page.evaluate(
            """() => {
              let element = document.activeElement;
              while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
              const label = element.getAttribute("aria-label") || element.name;
              return label || element.innerText.trim() || element.tagName;
            }"""
        )
        return name

    def style(self, selector: str, *properties: str) -> list[str]:
        """Computed style of the first match."""
        values: list[str] = self.page.locator(selector).first.evaluate(
            "(element, names) => names.map((name) => getComputedStyle(element).getPropertyValue(name))",
            list(properties),
        )
        return values

    def stored(self) -> dict[str, Any]:
        """All that the page keeps in the browser."""
        kept: dict[str, Any] = self.page.evaluate("() => ({ ...localStorage, ...sessionStorage })")
        return kept

    def settle(self) -> None:
        """Lets animations end, which would blur colours."""
        self.page.wait_for_function(
            "() => document.getAnimations().every((each) => each.playState !== 'running')"
        )
        self.page.wait_for_timeout(250)


def assert_accessible(page: Page, state: str = "") -> None:
    """No rule of axe-core is broken, in any of its standards."""
    found = Axe().run(page)
    assert found.violations_count == 0, f"{state}: {found.generate_report()}"
