"""What the chat survives: reloads, other tabs, lost networks, restarts, blocked streams, refusals."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Route, expect

from tests.browser.chat import Chat
from tests.browser.conftest import Visit
from tests.browser.stub import Stub

pytestmark = pytest.mark.browser


def paths(stub: Stub, ending: str) -> int:
    """How many requests went to an address with this ending."""
    return sum(each.path.split("?")[0].endswith(ending) for each in stub.asked)


def test_a_reload_keeps_the_conversation_open_and_the_field_asked(visit: Visit, stub: Stub) -> None:
    chat = Chat(visit()).open().to_code()
    chat.words.fill("half a thought")
    before = chat.bubbles()
    chat.page.reload()
    chat.expect_field("code")
    expect(chat.panel).to_be_visible()
    assert chat.bubbles() == before
    assert chat.words.input_value() == "half a thought"
    assert len(stub.conversations) == 1


def test_tabs_share_one_conversation_live(visit: Visit, stub: Stub) -> None:
    page = visit()
    one = Chat(page).open()
    two = Chat(visit(context=page.context)).open()
    assert len(stub.conversations) == 1
    two.say("from the second tab")
    for chat in (one, two):
        expect(chat.log).to_contain_text("You said: from the second tab")
    page.bring_to_front()
    one.say("from the first")
    for chat in (one, two):
        expect(chat.log).to_contain_text("You said: from the first")
    assert one.bubbles() == two.bubbles()
    assert len(one.bubbles()) == 5


def test_tabs_opened_at_once_make_one_conversation(visit: Visit, stub: Stub) -> None:
    page = visit()
    pages = [page, visit(context=page.context), visit(context=page.context)]
    for each in pages:
        each.evaluate("() => void document.querySelector('rightline-chat').open()")
    for each in pages:
        expect(Chat(each).log).to_contain_text("What would you like?")
    assert len(stub.conversations) == 1


def test_every_request_carries_the_token_in_a_header_and_nowhere_else(visit: Visit, stub: Stub) -> None:
    chat = Chat(visit()).open()
    chat.say("hello")
    expect(chat.log).to_contain_text("You said: hello")
    spoken = [each for each in stub.asked if each.path.startswith("/api/conversations/")]
    assert {each.headers["authorization"] for each in spoken} == {f"Bearer {stub.only.token}"}
    assert not any(stub.only.token in each.path for each in stub.asked)
    assert not any("cookie" in each.headers or "referer" in each.headers for each in spoken)


def test_a_stream_goes_on_after_the_last_message_received(visit: Visit, stub: Stub) -> None:
    chat = Chat(visit()).open()
    chat.say("one")
    expect(chat.log).to_contain_text("You said: one")
    streams = paths(stub, "/events")
    assert streams == 1
    stub.stop()
    stub.start()
    chat.say("two")
    expect(chat.log).to_contain_text("You said: two")
    last = [each for each in stub.asked if each.path.endswith("/events")][-1]
    assert int(last.headers["last-event-id"]) >= 3
    assert chat.bubbles()[1:] == ["one", "You said: one", "two", "You said: two"]


@pytest.mark.parametrize("streams", ["blocked", "mute"])
def test_without_event_streams_it_polls(visit: Visit, stub: Stub, streams: str) -> None:
    stub.streams = streams
    chat = Chat(visit()).open()
    chat.say("hello")
    expect(chat.log).to_contain_text("You said: hello")
    began = time.monotonic()
    chat.say("again")
    expect(chat.log).to_contain_text("You said: again")
    assert time.monotonic() - began < 3
    assert chat.bubbles()[1:] == ["hello", "You said: hello", "again", "You said: again"]
    assert paths(stub, "/events") < 4
    expect(chat.link).to_be_hidden()


def test_words_said_while_the_server_is_away_arrive_once_and_in_order(visit: Visit, stub: Stub) -> None:
    chat = Chat(visit()).open()
    chat.say("before")
    expect(chat.log).to_contain_text("You said: before")
    stub.stop()
    chat.say("first")
    chat.say("second")
    expect(chat.link).to_contain_text("Connection lost. Trying again")
    expect(chat.page.locator("[data-state=unsent]")).to_contain_text("first")
    stub.start()
    chat.link.get_by_role("button", name="Try now").click()
    expect(chat.log).to_contain_text("You said: second")
    expect(chat.link).to_be_hidden()
    assert [body["text"] for body in stub.sent()] == ["before", "first", "second"]
    said = [each for each in chat.bubbles() if not each.startswith("You said")]
    assert said[1:] == ["before", "first", "second"]


def test_an_answer_lost_on_its_way_does_not_double_a_message(visit: Visit, stub: Stub) -> None:
    chat = Chat(visit()).open()
    stub.swallowed = 1
    chat.say("only once")
    expect(chat.log).to_contain_text("You said: only once")
    expect(chat.button("Delete my details")).to_be_disabled()
    for _ in range(40):
        if len(stub.sent()) > 1:
            break
        chat.page.wait_for_timeout(100)
    keys = {body["key"] for body in stub.sent()}
    assert len(stub.sent()) == 2
    assert len(keys) == 1
    assert chat.bubbles()[1:] == ["only once", "You said: only once"]


def test_unsent_words_survive_a_reload_and_can_be_discarded(visit: Visit, stub: Stub) -> None:
    chat = Chat(visit()).open()
    stub.refusals = [(429, {"retry-after": "30"})] * 9
    chat.say("keep me")
    expect(chat.note).to_contain_text("goes out by itself")
    chat.say("forget me")
    chat.page.reload()
    expect(chat.log).to_contain_text("forget me")
    forgotten = chat.page.locator(".entry", has_text="forget me")
    kept = chat.page.locator(".entry", has_text="keep me")
    kept.get_by_role("button", name="Discard").click()
    expect(kept).to_have_count(0)
    stub.refusals = []
    forgotten.get_by_role("button", name="Try now").click()
    expect(chat.log).to_contain_text("You said: forget me")
    assert stub.only.messages[1]["text"] == "forget me"


def test_too_many_messages_wait_their_turn(visit: Visit, stub: Stub) -> None:
    chat = Chat(visit()).open()
    stub.refusals = [(429, {"retry-after": "1"})]
    chat.say("quickly")
    expect(chat.note).to_contain_text("That was quick!")
    expect(chat.log).to_contain_text("You said: quickly")
    expect(chat.note).to_be_hidden()
    assert len(stub.sent()) == 2


def test_refused_words_come_back_to_be_changed(visit: Visit, stub: Stub) -> None:
    chat = Chat(visit()).open()
    assert chat.note.get_attribute("role") == "alert"
    for status, words in {413: "too long", 422: "change it a little", 403: "A sentence about 403."}.items():
        stub.refusals = [(status, {})]
        chat.say("take this")
        expect(chat.note).to_contain_text(words)
        expect(chat.words).to_have_value("take this")
        assert len(chat.bubbles()) == 1
        chat.button("Dismiss").click()
        expect(chat.note).to_be_hidden()
        assert chat.focused() == "Your message"


def test_a_text_above_the_limit_is_not_sent(visit: Visit, stub: Stub) -> None:
    chat = Chat(visit()).open()
    chat.say("x" * 8001)
    expect(chat.note).to_contain_text("under 8,000 characters")
    assert stub.sent() == []
    assert len(chat.words.input_value()) == 8001


def test_a_stale_choice_is_explained(visit: Visit, stub: Stub) -> None:
    chat = Chat(visit()).open()
    stub.refusals = [(409, {})]
    chat.button("Delete my details").click()
    expect(chat.note).to_contain_text("go on from the latest message")
    assert len(chat.bubbles()) == 1


def test_a_conversation_that_is_gone_is_begun_anew_and_no_word_is_lost(visit: Visit, stub: Stub) -> None:
    chat = Chat(visit()).open().to_code()
    stub.conversations.clear()
    chat.say("are you still there?")
    expect(chat.note).to_contain_text("so this is a new one. Your request PR-7F3K-9Q2M goes on.")
    expect(chat.words).to_have_value("are you still there?")
    expect(chat.button("Delete my details")).to_be_enabled()
    assert len(chat.bubbles()) == 1
    chat.words.press("Enter")
    expect(chat.log).to_contain_text("You said: are you still there?")
    assert len(stub.conversations) == 1


def test_a_wrong_token_begins_anew_and_losing_that_too_waits_to_be_asked(visit: Visit, stub: Stub) -> None:
    page = visit()
    chat = Chat(page).open()
    address = page.url
    # The page that is left must not notice it, or the note would be its own, and gone with it.
    page.goto("about:blank")
    stub.only.token = "another"
    page.goto(address)
    expect(chat.note).to_contain_text("so this is a new one.")
    expect(chat.button("Delete my details")).to_be_enabled()
    assert len(stub.conversations) == 2
    stub.conversations.clear()
    stub.stop()
    stub.start()
    expect(chat.link).to_contain_text("could not be continued")
    assert stub.conversations == {}
    chat.link.get_by_role("button", name="Try now").click()
    expect(chat.button("Delete my details")).to_be_enabled()
    expect(chat.link).to_be_hidden()


def test_a_server_that_cannot_begin_a_conversation_is_asked_ever_more_rarely(
    visit: Visit, stub: Stub
) -> None:
    page = visit()
    asked: list[float] = []

    def refuse(route: Route) -> None:
        asked.append(time.monotonic())
        route.fulfill(status=503, json={"error": {}})

    page.route("**/api/conversations", refuse)
    chat = Chat(page)
    chat.launcher.click()
    expect(chat.link).to_contain_text("Connection lost")
    page.wait_for_timeout(2_500)
    assert 2 <= len(asked) <= 5
    page.unroute("**/api/conversations")
    chat.say("hello")
    expect(chat.log).to_contain_text("You said: hello")
    assert len(stub.conversations) == 1


def test_a_crowded_server_says_when_it_goes_on(visit: Visit) -> None:
    page = visit()
    page.route(
        "**/api/conversations",
        lambda route: route.fulfill(status=429, headers={"retry-after": "2"}, json={"error": {}}),
        times=1,
    )
    chat = Chat(page)
    chat.launcher.click()
    expect(chat.link).to_contain_text("Many are asking just now. Going on in")
    expect(chat.button("Delete my details")).to_be_enabled()
    expect(chat.link).to_be_hidden()


def test_the_same_words_from_two_tabs_at_once_are_two_messages(visit: Visit, stub: Stub) -> None:
    page = visit()
    one = Chat(page).open()
    two = Chat(visit(context=page.context)).open()
    for each in (one, two):
        each.words.fill("yes")
    for each in (one, two):
        each.words.evaluate("words => words.form.requestSubmit()")
    for each in (one, two):
        expect(each.page.locator(".contact .bubble")).to_have_count(2)
        expect(each.page.locator(".assistant .bubble")).to_have_count(3)
    assert one.bubbles() == two.bubbles()
