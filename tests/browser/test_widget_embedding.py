"""The chat on other people's pages: attributes, methods, events, colours, another origin, strict policies."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.chat import Chat
from tests.browser.conftest import Visit
from tests.browser.stub import Stub

pytestmark = pytest.mark.browser


def page_with(element: str, server: str = "") -> str:
    """A page of an adopter: the one line of HTML, and a little of their own."""
    script = f'<script type="module" src="{server}/widget.js"></script>'
    return f'<!doctype html><html lang="en"><title>Ours</title><main><h1>Ours</h1></main>{script}{element}'


@pytest.fixture
def other(stub: Stub) -> Iterator[Stub]:
    """A second server, the adopter's, whose pages may use the first and nothing else."""
    other = Stub()
    other.policy = f"default-src 'self' {stub.origin}; require-trusted-types-for 'script'"
    stub.friends.append(other.origin)
    yield other
    other.stop()


def test_it_talks_to_the_origin_of_its_script(visit: Visit, stub: Stub, other: Stub) -> None:
    other.pages["ours"] = page_with("<rightline-chat></rightline-chat>", stub.origin)
    page = visit()
    page.goto(f"{other.origin}/try/ours")
    chat = Chat(page).open()
    chat.say("hello")
    expect(chat.log).to_contain_text("You said: hello")
    assert len(stub.conversations) == 1
    assert {each.path for each in other.asked} <= {"/try/ours", "/favicon.ico"}
    assert chat.style(".panel", "border-radius") == ["14px"]


@pytest.mark.parametrize(("bundled", "files"), [(True, 1), (False, 16)])
def test_it_is_the_same_as_one_file_and_as_modules(
    visit: Visit, stub: Stub, bundled: bool, files: int
) -> None:
    stub.bundled = bundled
    chat = Chat(visit()).open()
    chat.say("hello")
    expect(chat.log).to_contain_text("You said: hello")
    widget = [each for each in stub.asked if "widget" in each.path or "/static/chat/" in each.path]
    assert len(widget) == files


def test_an_attribute_names_another_server(visit: Visit, stub: Stub, other: Stub) -> None:
    other.pages["ours"] = page_with(f'<rightline-chat server="{stub.origin}/"></rightline-chat>')
    page = visit()
    page.goto(f"{other.origin}/try/ours")
    Chat(page).open()
    assert len(stub.conversations) == 1
    assert other.conversations == {}


def test_attributes_say_how_it_is_called_and_what_it_says(visit: Visit, stub: Stub) -> None:
    labels = json.dumps({"launcher": "Fragen?", "message": "Ihre Nachricht", "contact": "Sie"})
    stub.pages["ours"] = page_with(
        f"""<rightline-chat lang="de" name="Datenschutz" greeting="Guten Tag!" policy="/policy"
          position="start" labels='{labels}'><p slot="notice">Alles bleibt hier.</p></rightline-chat>"""
    )
    chat = Chat(visit("/try/ours")).open()
    expect(chat.panel).to_have_accessible_name("Datenschutz")
    expect(chat.page.locator(".greeting")).to_have_text("Guten Tag!")
    expect(chat.page.get_by_text("Alles bleibt hier.")).to_be_visible()
    expect(chat.page.get_by_text("Your messages are stored")).to_be_hidden()
    assert chat.page.get_by_role("link", name="Read the privacy policy").get_attribute("href") == "/policy"
    chat.page.get_by_role("textbox", name="Ihre Nachricht").fill("hallo, delete")
    chat.page.keyboard.press("Enter")
    expect(chat.cases).to_contain_text("Mi., 23. Dez. 2026")
    box = chat.panel.bounding_box()
    assert box is not None
    assert box["x"] == 20
    chat.host.evaluate("host => host.setAttribute('name', 'Ihre Daten')")
    expect(chat.panel).to_have_accessible_name("Ihre Daten")
    expect(chat.log).to_contain_text("hallo, delete")


def test_labels_that_are_not_json_are_reported_and_left(visit: Visit, stub: Stub) -> None:
    stub.pages["ours"] = page_with("<rightline-chat labels='{oops'></rightline-chat>")
    page = visit()
    warnings: list[str] = []
    page.on("console", lambda message: warnings.append(message.text) if message.type == "warning" else None)
    page.goto(f"{stub.origin}/try/ours")
    expect(Chat(page).launcher).to_have_accessible_name("Privacy questions?")
    assert "must be a JSON object" in warnings[0]


def test_custom_properties_colour_it(visit: Visit, stub: Stub) -> None:
    chat = Chat(visit()).open()
    assert chat.style(".send", "background-color") == ["rgb(15, 92, 85)"]
    chat.host.evaluate("host => host.style.setProperty('--rightline-accent', 'rgb(90, 20, 120)')")
    chat.page.wait_for_timeout(200)
    assert chat.style(".send", "background-color") == ["rgb(90, 20, 120)"]


def test_methods_and_events(visit: Visit, stub: Stub) -> None:
    page = visit()
    page.evaluate(
        """() => {
          window.told = [];
          const tell = ({ type, detail }) => told.push([type, detail?.reference ?? null]);
          for (const name of ["open", "close", "case"]) addEventListener(`rightline:${name}`, tell);
        }"""
    )
    chat = Chat(page)
    chat.host.evaluate("host => host.open('Please delete me')")
    expect(chat.words).to_have_value("Please delete me")
    assert chat.focused() == "Your message"
    chat.words.press("Enter")
    chat.expect_field("email")
    chat.host.evaluate("host => host.close()")
    expect(chat.panel).to_be_hidden()
    chat.host.evaluate("host => host.open()")
    chat.host.evaluate("host => host.reset()")
    expect(chat.button("Delete my details")).to_be_enabled()
    assert len(chat.bubbles()) == 1
    assert len(stub.conversations) == 2
    assert page.evaluate("() => told") == [
        ["rightline:open", None],
        ["rightline:case", "PR-7F3K-9Q2M"],
        ["rightline:close", None],
        ["rightline:open", None],
    ]


def test_it_may_be_moved_and_removed(visit: Visit, stub: Stub) -> None:
    chat = Chat(visit()).open()
    chat.say("hello")
    expect(chat.log).to_contain_text("You said: hello")
    chat.page.evaluate(
        "() => document.querySelector('main').append(document.querySelector('rightline-chat'))"
    )
    expect(chat.panel).to_be_visible()
    chat.say("again")
    expect(chat.log).to_contain_text("You said: again")
    asked = len(stub.asked)
    chat.page.evaluate("() => document.querySelector('rightline-chat').remove()")
    chat.page.wait_for_timeout(1_000)
    assert len(stub.asked) == asked
    assert len(stub.conversations) == 1


def test_the_page_cannot_spoil_its_styles_nor_it_the_pages(visit: Visit, stub: Stub) -> None:
    stub.pages["ours"] = page_with("<rightline-chat></rightline-chat>")
    page = visit("/try/ours")
    before = page.locator("h1").evaluate("each => getComputedStyle(each).fontSize")
    page.evaluate(
        """() => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync("* { font-size: 3px; color: red; text-transform: uppercase }");
          document.adoptedStyleSheets = [sheet];
        }"""
    )
    chat = Chat(page).open()
    assert chat.style(".bubble", "font-size", "text-transform", "color") == [
        "16px",
        "none",
        "rgb(28, 33, 37)",
    ]
    page.evaluate("() => { document.adoptedStyleSheets = []; }")
    assert page.locator("h1").evaluate("each => getComputedStyle(each).fontSize") == before


def test_a_browser_without_storage_or_locks_still_talks(visit: Visit, stub: Stub) -> None:
    page = visit("/static/icon.svg")
    page.add_init_script(
        """
        for (const name of ["localStorage", "sessionStorage"])
          Object.defineProperty(window, name, { get() { throw new DOMException("no", "SecurityError"); } });
        Object.defineProperty(navigator, "locks", { value: undefined });
        """
    )
    page.goto(stub.origin)
    chat = Chat(page).open()
    chat.words.press_sequentially("hello")
    chat.words.press("Enter")
    expect(chat.log).to_contain_text("You said: hello")
    chat.button("Close").click()
    chat.launcher.click()
    expect(chat.log).to_contain_text("You said: hello")
    assert len(stub.conversations) == 1
