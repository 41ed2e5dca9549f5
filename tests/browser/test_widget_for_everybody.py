"""The chat for everybody: axe-core in every state, and what axe does not see."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.assistant import CODE
from tests.browser.chat import EMAIL, Chat, assert_accessible
from tests.browser.conftest import Visit
from tests.browser.stub import Stub

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
NARROW = {"viewport": {"width": 320, "height": 568}}


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def light_and_dark(chat: Chat, state: str) -> None:
    """Has axe-core look at the page as it is, in both schemes."""
    for scheme in ("light", "dark"):
        chat.page.emulate_media(color_scheme=scheme)
        chat.settle()
        assert_accessible(chat.page, f"{state}, {scheme}")


def test_axe_finds_nothing_from_opening_to_closing(visit: Visit) -> None:
    chat = Chat(visit()).open()
    light_and_dark(chat, "greeting")
    chat.say("delete me")
    chat.expect_field("email")
    chat.give("")
    expect(chat.page.locator(".problem")).not_to_be_empty()
    light_and_dark(chat, "field with a mistake")
    chat.give(EMAIL)
    chat.expect_field("code")
    light_and_dark(chat, "code")
    chat.give(CODE)
    expect(chat.button("Just delete")).to_be_enabled()
    light_and_dark(chat, "card and choices")
    chat.button("More").click()
    light_and_dark(chat, "menu")
    chat.button("End and clear this device").click()
    light_and_dark(chat, "question")
    chat.button("Close").click()
    light_and_dark(chat, "closed")


def test_axe_finds_nothing_in_trouble_nor_with_more_people(visit: Visit, stub: Stub) -> None:
    chat = Chat(visit()).open()
    stub.refusals = [(422, {})]
    chat.say("hello")
    expect(chat.note).to_be_visible()
    stub.say(stub.only, **{"from": "agent", "text": "Sam here."})
    stub.say(stub.only, **{"from": "system", "text": "Sam has joined."})
    stub.say(stub.only, **{"from": "contact", "text": None, "erased": True})
    stub.think(stub.only, True)
    expect(chat.page.locator(".working")).to_be_visible()
    light_and_dark(chat, "note, colleague, system, erased, typing")
    stub.stop()
    chat.say("hello")
    expect(chat.link).to_be_visible()
    expect(chat.button("Discard")).to_be_visible()
    light_and_dark(chat, "no connection")


@pytest.mark.parametrize("size", [PHONE, NARROW], ids=["phone", "narrow"])
def test_axe_finds_nothing_where_the_panel_fills_the_screen(visit: Visit, size: dict[str, object]) -> None:
    chat = Chat(visit(**size)).open().to_offer()
    chat.settle()
    assert_accessible(chat.page)


def test_a_whole_erasure_by_keyboard_alone(visit: Visit, stub: Stub) -> None:
    page = visit()
    chat = Chat(page)
    expect(chat.launcher).to_be_visible()
    press(page, "Shift+Tab")
    assert chat.focused() == "Privacy questions?"
    assert chat.style(".launcher", "outline-style") == ["solid"]
    press(page, "Enter")
    expect(chat.button("Delete my details")).to_be_enabled()
    assert chat.focused() == "Your message"
    page.keyboard.type("please delete all my data")
    press(page, "Shift+Enter")
    page.keyboard.type("thanks")
    press(page, "Enter")
    chat.expect_field("email")
    assert chat.focused() == "email"
    page.keyboard.type(EMAIL)
    press(page, "Enter")
    chat.expect_field("code")
    assert chat.focused() == "code"
    page.keyboard.type(CODE)
    press(page, "Tab")
    assert chat.focused() == "Send privately"
    press(page, "Space")
    expect(chat.button("Just delete")).to_be_enabled()
    assert chat.focused() == "Your message"
    press(page, "Shift+Tab")
    while chat.focused() != "Copy first, then delete":
        press(page, "Shift+Tab")
    assert chat.style("button:focus", "outline-style") == ["solid"]
    press(page, "Enter")
    expect(chat.log).to_contain_text("The copy is on its way")
    assert chat.focused() == "Your message"
    press(page, "Escape")
    expect(chat.panel).to_be_hidden()
    assert chat.focused() == "Privacy questions?"
    assert stub.sent()[0]["text"] == "please delete all my data\nthanks"


def test_escape_closes_the_menu_first_and_gives_the_focus_back(visit: Visit) -> None:
    chat = Chat(visit()).open()
    chat.button("More").press("Enter")
    chat.button("End and clear this device").press("Enter")
    assert chat.focused() == "Keep it"
    press(chat.page, "Escape")
    expect(chat.button("Download transcript")).to_be_hidden()
    expect(chat.panel).to_be_visible()
    assert chat.focused() == "More"
    expect(chat.button("More")).to_have_attribute("aria-expanded", "false")
    press(chat.page, "Escape")
    expect(chat.panel).to_be_hidden()


def test_news_never_takes_the_focus_from_somebody_writing(visit: Visit, stub: Stub) -> None:
    chat = Chat(visit()).open()
    chat.words.fill("a thought of my")
    stub.say(stub.only, text="Which one?", ask={"field": "value", "label": "Which"})
    chat.expect_field("value")
    chat.page.keyboard.type(" own")
    expect(chat.words).to_have_value("a thought of my own")


def test_messages_are_announced_once_each(visit: Visit, stub: Stub) -> None:
    chat = Chat(visit()).open()
    assert chat.log.get_attribute("aria-label") == "Conversation"
    assert chat.log.get_attribute("aria-live") in (None, "polite")
    chat.log.evaluate(
        """log => {
          window.announced = [];
          new MutationObserver((changes) => {
            for (const { addedNodes } of changes)
              for (const node of addedNodes) {
                const hidden = node.nodeType === 1 && node.closest("[aria-hidden=true]");
                if (!hidden && node.textContent.trim()) announced.push(node.textContent);
              }
          }).observe(log, { childList: true, subtree: true });
        }"""
    )
    chat.say("hello")
    expect(chat.log).to_contain_text("You said: hello")
    expect(chat.page.locator("[data-state=sending]")).to_have_count(0)
    announced = [text for text in chat.page.evaluate("() => announced") if text != "Sending…"]
    assert len(announced) == 2
    assert announced[0].startswith("You ")
    assert announced[0].endswith("hello") or "hello" in announced[0]
    assert announced[1].startswith("Assistant ")
    assert "You said: hello" in announced[1]


def test_a_history_is_not_read_out_when_the_page_is_opened_again(visit: Visit) -> None:
    chat = Chat(visit()).open()
    chat.say("hello")
    expect(chat.log).to_contain_text("You said: hello")
    page = chat.page
    page.add_init_script(
        """
        window.read = 0;
        new MutationObserver(() => {
          const log = document.querySelector("rightline-chat")?.shadowRoot?.querySelector("[role=log]");
          if (!log || log.watched) return;
          log.watched = true;
          new MutationObserver((changes) => {
            const nodes = changes.flatMap(({ addedNodes }) => [...addedNodes]);
            const added = nodes.some((node) => node.matches?.(".entry"));
            if (added && log.getAttribute("aria-busy") !== "true") window.read++;
          }).observe(log, { childList: true });
        }).observe(document, { childList: true, subtree: true });
        """
    )
    page.reload()
    expect(chat.log).to_contain_text("You said: hello")
    expect(chat.log).to_have_attribute("aria-busy", "false")
    assert page.evaluate("() => read") == 0


def test_a_new_message_is_announced_while_the_panel_is_closed(visit: Visit, stub: Stub) -> None:
    chat = Chat(visit()).open()
    chat.button("Close").click()
    expect(chat.panel).to_be_hidden()
    stub.say(stub.only, **{"from": "agent", "text": "There you are."})
    chat.page.evaluate("() => dispatchEvent(new Event('online'))")
    expect(chat.page.get_by_role("status")).to_have_text("1 unread")


@pytest.mark.parametrize("size", [PHONE, NARROW], ids=["phone", "narrow"])
def test_on_a_small_screen_it_fills_the_screen_and_nothing_is_cut_off(
    visit: Visit, size: dict[str, object]
) -> None:
    page = visit(**size)
    chat = Chat(page).open().to_offer()
    box = chat.panel.bounding_box()
    assert box is not None
    assert (box["x"], box["y"]) == (0, 0)
    assert (
        (box["width"], box["height"]) == tuple(page.viewport_size.values()) if page.viewport_size else False
    )
    assert chat.panel.evaluate("dialog => dialog.matches(':modal')")
    cut = chat.panel.evaluate(
        """panel => [...panel.querySelectorAll("*")]
          .filter((each) => !each.closest(".unseen") && each.scrollWidth > each.clientWidth + 1
            && getComputedStyle(each).display !== "inline")
          .map((each) => each.outerHTML.slice(0, 80))"""
    )
    assert cut == []
    press(page, "Escape")
    expect(chat.panel).to_be_hidden()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_every_control_is_large_enough_to_touch_and_every_input_to_read(visit: Visit) -> None:
    chat = Chat(visit(**PHONE)).open().to_code()
    chat.settle()
    small = chat.panel.evaluate(
        """panel => [...panel.querySelectorAll("button:enabled, input, textarea")]
          .map((each) => [each.innerText || each.name, each.getBoundingClientRect()])
          .filter(([, box]) => box.width && (box.width < 44 || box.height < 44)).map(([name]) => name)"""
    )
    assert small == []
    sizes = chat.panel.evaluate(
        """panel => [...panel.querySelectorAll("input, textarea")]
          .map((each) => getComputedStyle(each).fontSize)"""
    )
    assert sizes == ["16px", "16px"]


def test_a_touch_screen_is_not_given_a_keyboard_unasked(visit: Visit) -> None:
    chat = Chat(visit(**PHONE)).open()
    assert chat.focused() == "Conversation"
    chat.button("Delete my details").tap()
    chat.expect_field("email")
    assert chat.focused() == "Conversation"


def test_at_twice_the_size_everything_is_still_there(visit: Visit) -> None:
    chat = Chat(visit(viewport={"width": 640, "height": 430}, device_scale_factor=2)).open().to_code()
    chat.words.scroll_into_view_if_needed()
    reference = chat.page.locator(".case .reference")
    for locator in (chat.words, chat.field, chat.button("Close"), chat.button("Send it again"), reference):
        locator.scroll_into_view_if_needed()
        expect(locator).to_be_in_viewport(ratio=0.95)
    assert_accessible(chat.page)


def test_it_grows_with_the_readers_own_text_size_whatever_the_page_does_to_its_root(
    visit: Visit, stub: Stub
) -> None:
    script = '<script type="module" src="/widget.js"></script>'
    stub.pages["tiny"] = (
        f'<!doctype html><html lang="en"><title>t</title>{script}<rightline-chat></rightline-chat>'
    )
    page = visit("/try/tiny")
    page.evaluate("() => document.documentElement.style.setProperty('font-size', '6px')")
    chat = Chat(page).open()
    assert chat.style(".bubble", "font-size") == ["16px"]


def test_reduced_motion_is_followed(visit: Visit) -> None:
    chat = Chat(visit(reduced_motion="reduce")).open()
    for selector in (".panel", ".entry", ".working i", ".send"):
        assert chat.style(selector, "animation-name", "transition-duration") == ["none", "0s"]
    chat.page.emulate_media(reduced_motion="no-preference")
    assert chat.style(".working i", "animation-name") == ["breathe"]


def test_dark_mode_is_followed_unless_the_page_says_otherwise(visit: Visit) -> None:
    chat = Chat(visit(color_scheme="dark")).open()
    dark = chat.style(".panel", "background-color")
    chat.page.emulate_media(color_scheme="light")
    light = chat.style(".panel", "background-color")
    assert (light, dark) == (["rgb(255, 255, 255)"], ["rgb(22, 25, 28)"])
    chat.host.evaluate("host => host.setAttribute('theme', 'dark')")
    assert chat.style(".panel", "background-color") == dark


def test_forced_colours_leave_every_control_an_edge(visit: Visit) -> None:
    chat = Chat(visit(forced_colors="active")).open().to_code()
    for selector in (
        ".send",
        ".filled",
        ".choice:enabled",
        ".private input",
        "textarea",
        ".bubble",
        ".panel",
    ):
        style, width = chat.style(selector, "border-top-style", "border-top-width")
        assert (selector, style, width) == (selector, "solid", "1px")


def test_it_turns_round_where_one_reads_from_the_right(visit: Visit, stub: Stub) -> None:
    script = '<script type="module" src="/widget.js"></script>'
    body = f"<title>t</title>{script}<main><h1>t</h1></main><rightline-chat></rightline-chat>"
    stub.pages["rtl"] = f'<!doctype html><html lang="ar" dir="rtl">{body}'
    chat = Chat(visit("/try/rtl")).open()
    box = chat.panel.bounding_box()
    assert box is not None
    assert box["x"] == 20
    chat.say("hello")
    mine = chat.page.locator(".contact .bubble").bounding_box()
    assert mine is not None
    assert mine["x"] < box["x"] + box["width"] / 2
    assert_accessible(chat.page)
