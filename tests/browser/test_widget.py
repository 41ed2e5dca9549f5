"""The chat from opening to closing: what is shown, what is sent, what is kept, and what never is."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.browser.assistant import CASE, CODE
from tests.browser.chat import EMAIL, Chat
from tests.browser.conftest import Visit
from tests.browser.stub import Stub

pytestmark = pytest.mark.browser


def test_nothing_is_asked_of_the_server_before_the_chat_is_opened(visit: Visit, stub: Stub) -> None:
    chat = Chat(visit())
    expect(chat.launcher).to_be_visible()
    assert stub.conversations == {}
    assert chat.stored() == {}


def test_the_first_message_is_usable_within_a_second_of_opening(visit: Visit) -> None:
    took = []
    for _ in range(3):
        page = visit()
        expect(Chat(page).launcher).to_be_visible()
        milliseconds = page.evaluate(
            """async () => {
              const host = document.querySelector("rightline-chat"), began = performance.now();
              host.open();
              const there = () => host.shadowRoot.querySelector("button.choice:enabled");
              while (!there()) await new Promise(requestAnimationFrame);
              return performance.now() - began;
            }"""
        )
        took.append(milliseconds)
    assert min(took) < 1_000


def test_the_privacy_notice_comes_before_the_first_word_and_describes_the_dialog(visit: Visit) -> None:
    chat = Chat(visit()).open()
    notice = chat.page.locator(".notice")
    expect(notice).to_be_in_viewport(ratio=1)
    for words in ("stored", "kept for as long as", "fields is encrypted", "can read along"):
        expect(notice).to_contain_text(words)
    assert chat.panel.get_attribute("aria-describedby") == notice.get_attribute("id")
    first = chat.log.evaluate("log => log.firstElementChild.className")
    assert first == "notice"


def test_a_whole_erasure(visit: Visit, stub: Stub) -> None:
    chat = Chat(visit()).open().to_offer()
    card = chat.page.locator(".card")
    assert card.locator("dt").all_inner_texts() == ["Deleted", "Kept for now", "Kept as a fingerprint"]
    chat.button("Copy first, then delete").click()
    expect(chat.cases).to_contain_text("A colleague is checking it · answer by Wed, 23 Dec 2026")
    expect(chat.cases).to_contain_text("PR-7F3K-9Q2M")
    expect(chat.log.locator("strong").first).to_have_text("PR-7F3K-9Q2M")
    contents = [{k: v for k, v in body.items() if k != "key"} for body in stub.sent()]
    assert contents == [
        {"text": "please delete all my data"},
        {"fields": {"email": EMAIL}},
        {"fields": {"code": CODE}},
        {"choice": "copy_first"},
    ]
    keys = [body["key"] for body in stub.sent()]
    assert len(set(keys)) == 4
    assert all(len(key) == 32 for key in keys)


def test_private_contents_appear_nowhere_but_in_the_request(visit: Visit, stub: Stub) -> None:
    chat = Chat(visit()).open()
    chat.say("delete me")
    chat.expect_field("email")
    stub.stop()
    chat.give(EMAIL)
    expect(chat.log).to_contain_text("Not sent yet")
    assert EMAIL not in json.dumps(chat.stored())
    assert EMAIL not in chat.host.evaluate("host => host.shadowRoot.innerHTML")
    stub.start()
    chat.expect_field("code")
    chat.give(f"{CODE[:3]} {CODE[3:]}")
    expect(chat.log).to_contain_text("Thank you, Priya")
    expect(chat.log).to_contain_text("Email address, sent privately")
    expect(chat.log).to_contain_text("Code, sent privately")
    seen = chat.host.evaluate("host => host.shadowRoot.innerHTML") + json.dumps(chat.stored())
    assert EMAIL not in seen
    assert CODE not in seen
    assert {"fields": {"code": CODE}}.items() <= stub.sent()[-1].items()
    assert all("?" not in each.path or "token" not in each.path for each in stub.asked)


def test_each_field_helps_with_typing(visit: Visit, stub: Stub) -> None:
    chat = Chat(visit()).open()
    for field, expected in {
        "email": {"type": "email", "autocomplete": "email"},
        "code": {"inputmode": "numeric", "autocomplete": "one-time-code"},
        "phone": {"type": "tel", "autocomplete": "tel"},
        "name": {"type": "text", "autocomplete": "name"},
        "value": {"type": "text", "autocomplete": "off"},
    }.items():
        stub.say(stub.only, text="What is it?", ask={"field": field, "label": f"Your {field}, please"})
        asked = chat.expect_field(field)
        assert {name: asked.get_attribute(name) for name in expected} == expected
        expect(chat.page.get_by_label(f"Your {field}, please")).to_have_attribute("name", field)


def test_a_field_left_empty_or_odd_is_pointed_out_before_it_is_sent(visit: Visit, stub: Stub) -> None:
    chat = Chat(visit()).open()
    chat.say("delete me")
    chat.expect_field("email")
    chat.give("")
    expect(chat.page.locator(".problem")).to_have_text("Please fill this in first.")
    chat.give("priya at hartwell")
    expect(chat.page.locator(".problem")).to_contain_text("looks like name@example.com")
    expect(chat.field).to_have_attribute("aria-invalid", "true")
    expect(chat.field).to_be_focused()
    assert len(stub.sent()) == 1


def test_free_text_stays_possible_while_a_field_is_asked(visit: Visit, stub: Stub) -> None:
    chat = Chat(visit()).open().to_code()
    expect(chat.words).to_have_attribute("placeholder", "Or write something else")
    chat.say("why do you need that?")
    expect(chat.log).to_contain_text("You said: why do you need that?")
    expect(chat.field).to_have_count(0)


def test_a_name_typed_as_free_text_is_hidden_as_soon_as_the_server_says_so(visit: Visit, stub: Stub) -> None:
    chat = Chat(visit()).open()
    stub.hides, stub.answers = True, False
    chat.say("Priya Hartwell")
    expect(chat.page.locator(".contact .bubble")).to_have_text("Name, sent privately")
    assert "Priya" not in chat.host.evaluate("host => host.shadowRoot.innerHTML")


def test_what_comes_along_with_pasted_words_is_left_behind(visit: Visit, stub: Stub) -> None:
    chat = Chat(visit()).open()
    chat.words.fill("a\x0bb\x07c\td\ne")
    chat.words.press("Enter")
    expect(chat.log).to_contain_text("You said:")
    assert stub.sent()[0]["text"] == "abc\td\ne"


def test_an_answer_is_scrolled_to_but_never_past_the_question(visit: Visit, stub: Stub) -> None:
    chat = Chat(visit(viewport={"width": 390, "height": 600})).open().to_code()
    expect(chat.button("I can't get at that mailbox")).to_be_in_viewport(ratio=1)
    chat.say("tell me everything")
    expect(chat.log).to_contain_text("You said: tell me")
    for part in range(12):
        stub.say(stub.only, text=f"Part {part} of a long answer.")
    expect(chat.log).to_contain_text("Part 11")
    expect(chat.page.locator(".contact .bubble").last).to_be_in_viewport(ratio=1)
    more = chat.button("More below")
    more.click()
    expect(chat.page.get_by_text("Part 11")).to_be_in_viewport(ratio=1)
    expect(more).to_be_hidden()


def test_choices_and_asks_end_with_an_answer_but_not_with_a_colleagues_message(
    visit: Visit, stub: Stub
) -> None:
    chat = Chat(visit()).open().to_code()
    again = chat.button("Send it again")
    expect(again).to_be_enabled()
    expect(chat.button("Delete my details")).to_be_disabled()
    stub.say(stub.only, **{"from": "agent", "text": "I am here if you need me."})
    expect(chat.log).to_contain_text("I am here if you need me.")
    expect(chat.page.locator(".entry.agent .who")).to_contain_text("Colleague")
    expect(again).to_be_enabled()
    chat.expect_field("code")
    again.click()
    expect(again).to_be_disabled()
    expect(chat.log).to_contain_text("You said: resend_code")
    expect(chat.button("I can't get at that mailbox")).to_be_disabled()


def test_a_dangerous_choice_looks_it(visit: Visit) -> None:
    chat = Chat(visit()).open().to_offer()
    chat.page.mouse.move(5, 5)
    chat.settle()
    danger = chat.style(".choice.danger", "color", "background-color")
    usual = chat.style(".choice:not(.danger):enabled", "color", "background-color")
    assert danger[0] != usual[0]
    assert danger[1] == usual[1]


def test_the_typing_indicator_follows_pending(visit: Visit, stub: Stub) -> None:
    chat = Chat(visit()).open()
    dots = chat.page.locator(".working")
    expect(dots).to_be_hidden()
    stub.answers = False
    chat.say("hello")
    stub.think(stub.only, True)
    expect(dots).to_be_visible()
    expect(chat.panel.get_by_role("status")).to_have_text("Working on it…")
    stub.think(stub.only, False)
    expect(dots).to_be_hidden()
    expect(chat.panel.get_by_role("status")).to_have_text("")


def test_messages_carry_their_time(visit: Visit, stub: Stub) -> None:
    chat = Chat(visit(timezone_id="Asia/Kolkata")).open()
    stamped = "2026-11-23T10:42:00Z"
    stub.say(stub.only, text="Earlier.", at=stamped)
    expect(chat.page.locator("time").last).to_have_attribute("datetime", stamped)
    expect(chat.page.locator("time").last).to_contain_text("16:12")


def test_a_card_is_a_description_list_to_copy_and_keep(visit: Visit) -> None:
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    chat = Chat(page).open().to_offer()
    chat.button("Copy: What would happen").click()
    expect(chat.page.locator(".card")).to_contain_text("Copied")
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied.splitlines()[:2] == [
        "What would happen",
        "Deleted: mobile number, 14 tracked emails, settings",
    ]
    with page.expect_download() as download:
        chat.button("Download: What would happen").click()
    assert download.value.suggested_filename == "What would happen.txt"
    assert download.value.path().read_text("utf-8") == copied


def test_open_cases_are_pinned_and_closed_ones_are_not(visit: Visit, stub: Stub) -> None:
    page = visit()
    page.evaluate(
        "() => { window.told = []; addEventListener('rightline:case', (event) => told.push(event.detail)); }"
    )
    chat = Chat(page).open()
    expect(chat.cases).to_be_hidden()
    other = {"reference": "PR-2222-2222", "right": "access", "state": "in_progress"}
    stub.say(stub.only, text="Noted.", case=CASE)
    stub.say(stub.only, text="And noted.", case=other)
    expect(chat.cases.locator(".case")).to_have_count(2)
    expect(chat.cases.locator(".case").first).to_contain_text("What we hold PR-2222-2222")
    stub.say(stub.only, **{"from": "system", "text": "Done.", "case": other | {"state": "fulfilled"}})
    expect(chat.cases.locator(".case")).to_have_count(1)
    stub.say(stub.only, **{"from": "system", "text": "Done.", "case": CASE | {"state": "withdrawn"}})
    expect(chat.cases).to_be_hidden()
    told = page.evaluate("() => told")
    assert [(each["reference"], each["state"]) for each in told] == [
        ("PR-7F3K-9Q2M", "awaiting_identity"),
        ("PR-2222-2222", "in_progress"),
        ("PR-2222-2222", "fulfilled"),
        ("PR-7F3K-9Q2M", "withdrawn"),
    ]


def test_an_erased_message_keeps_its_place_and_loses_its_words(visit: Visit, stub: Stub) -> None:
    chat = Chat(visit()).open()
    chat.say("my name is Priya")
    expect(chat.log).to_contain_text("You said: my name is Priya")
    stub.erase(stub.only, 2)
    stub.erase(stub.only, 3)
    chat.page.reload()
    expect(chat.page.locator(".quiet")).to_have_count(2)
    assert chat.bubbles()[1:] == ["This message was removed."] * 2


def test_whatever_is_said_is_text(visit: Visit, stub: Stub) -> None:
    page = visit()
    chat = Chat(page).open()
    attack = '<img src=x onerror="window.hit=1"><script>window.hit=1</script> [x](javascript:window.hit=1)'
    stub.say(
        stub.only,
        text=f"{attack} javascript:alert(1) https://example.com/a?b=1. **{attack}**",
        choices=[{"id": "x", "label": attack}],
        card={"title": attack, "rows": [{"id": "x", "label": attack, "value": attack}]},
        ask={"field": "value", "label": attack},
        case={"reference": attack, "right": attack, "state": attack},
    )
    chat.expect_field("value")
    chat.say(attack)
    expect(page.locator(".contact .bubble")).to_have_text(attack)
    assert page.evaluate("() => window.hit") is None
    assert page.locator(".panel img, .panel script").count() == 0
    assert page.locator(".bubble a").evaluate_all("all => all.map(a => a.href)") == [
        "https://example.com/a?b=1"
    ]


def test_unread_messages_are_counted_on_the_launcher_and_read_by_opening(visit: Visit, stub: Stub) -> None:
    page = visit()
    chat = Chat(page).open()
    chat.button("Close").click()
    expect(chat.panel).to_be_hidden()
    stub.say(stub.only, **{"from": "agent", "text": "We have an answer."})
    page.reload()
    expect(chat.launcher).to_have_accessible_name("Privacy questions? 1 unread")
    chat.launcher.click()
    expect(chat.log).to_contain_text("We have an answer.")
    chat.button("Close").click()
    expect(chat.launcher).to_have_accessible_name("Privacy questions?")


def test_the_transcript_is_a_file_to_keep(visit: Visit) -> None:
    page = visit()
    chat = Chat(page).open().to_offer()
    chat.button("More").click()
    with page.expect_download() as download:
        chat.button("Download transcript").click()
    kept = download.value.path().read_text("utf-8")
    for words in (
        "Hello. I can show",
        "please delete all my data",
        "Email address, sent privately",
        "Kept for now: ",
    ):
        assert words in kept
    assert "PR-7F3K-9Q2M: Deletion · Waiting to know it is you · answer by Wed, 23 Dec 2026" in kept
    assert EMAIL not in kept
    assert CODE not in kept


def test_the_transcript_is_mailed_where_an_address_is_proven(visit: Visit, stub: Stub) -> None:
    chat = Chat(visit()).open()
    chat.say("hello there")
    chat.button("More").click()
    chat.button("Email me the transcript").click()
    expect(chat.note).to_contain_text("on its way")
    mailed = [each for each in stub.asked if each.path.endswith("/transcript")]
    assert [each.method for each in mailed] == ["POST"]
    stub.proven = False
    chat.button("More").click()
    chat.button("Email me the transcript").click()
    expect(chat.note).to_contain_text("A sentence about 409.")


def test_a_colleague_speaks_under_their_name(visit: Visit, stub: Stub) -> None:
    chat = Chat(visit()).open()
    chat.say("hello there")
    (conversation,) = stub.conversations.values()
    for name in ("sam", "sam", "dana"):
        stub.say(conversation, **{"from": "agent"}, agent=name, text=f"This is {name}.")
    heads = chat.log.locator(".entry.agent .who")
    expect(heads).to_have_count(3)
    assert [("unseen" in (head.get_attribute("class") or "")) for head in heads.all()] == [False, True, False]
    expect(heads.nth(2)).to_contain_text("dana (a person)")


def test_the_readers_time_zone_is_told_at_the_beginning(visit: Visit, stub: Stub) -> None:
    Chat(visit(timezone_id="Europe/Berlin")).open()
    begun = [each.body for each in stub.asked if each.path == "/api/conversations"]
    assert begun == [{"time_zone": "Europe/Berlin"}]


def test_ending_clears_this_device_in_every_tab(visit: Visit, stub: Stub) -> None:
    page = visit()
    chat = Chat(page).open()
    chat.say("hello there")
    expect(chat.log).to_contain_text("You said: hello there")
    other = Chat(visit(context=page.context))
    other.launcher.click()
    expect(other.log).to_contain_text("You said: hello there")
    page.bring_to_front()
    chat.words.fill("half a thought")
    chat.button("More").click()
    chat.button("End and clear this device").click()
    assert chat.focused() == "Keep it"
    chat.button("End and clear").click()
    expect(chat.panel).to_be_hidden()
    expect(other.panel).to_be_hidden()
    assert chat.stored() == {}
    expect(other.log).not_to_contain_text("hello there")
    chat.open()
    assert chat.bubbles() == [
        "Hello. I can show, correct, copy or delete what we hold about you. What would you like?"
    ]
    assert chat.words.input_value() == ""
    assert len(stub.conversations) == 2
