"""The desk in a browser, beside a contact's chat, over the real gateway."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from actions.conversations import log
from actions.conversations.models import Conversation
from actions.database import Database
from actions.handover import corrections
from actions.handover import services as handovers
from actions.handover.interfaces import AgentIdentity
from actions.vault import services as vault
from tests.support.desk import open_the_desk
from tests.support.store import database
from tests.unit.gateway.conftest import Running, serve, wait_for
from tests.unit.gateway.fakes import FakeEngine

__all__ = ["database"]
pytestmark = pytest.mark.browser
CANARY = "zelda.quark@canary.example"


@pytest.fixture
def running(tmp_path: Path, database: Database) -> Iterator[Running]:
    engine = FakeEngine(database)
    with serve(tmp_path, database, engine, demo=True, smtp_port=0) as found:
        open_the_desk(found.database)
        yield found
    engine.stop()


@pytest.fixture
def contact(browser: Browser, running: Running) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 900, "height": 760})
    page = context.new_page()
    page.goto(running.url)
    page.get_by_role("button", name="Privacy questions?").click()
    expect(page.locator(".entry.assistant").first).to_be_visible()
    yield page
    context.close()


@pytest.fixture
def desk(browser: Browser, running: Running) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.goto(f"{running.url}/desk")
    yield page
    assert broken == []
    context.close()


def asks_for_a_person(running: Running, contact: Page) -> str:
    """The contact has given an address privately and waits in the line."""
    words = contact.get_by_role("textbox", name="Your message")
    words.fill(f"I am {CANARY} and want a person")
    words.press("Enter")
    expect(contact.locator(".entry.contact")).to_be_visible()

    def last() -> str | None:
        with running.database.read() as session:
            found = session.query(Conversation).order_by(Conversation.created_at.desc()).first()
            return None if found is None or found.last_seq < 3 else found.id

    identifier: str = wait_for(last)
    with running.database.write() as session:
        vault.put(session, identifier, "email", CANARY)
        conversation = log.lock(session, identifier)
        assert conversation is not None
        handovers.request(session, conversation, seq=2)
    return identifier


def test_a_contact_and_an_agent_talk(running: Running, contact: Page, desk: Page) -> None:
    asks_for_a_person(running, contact)
    desk.get_by_role("button", name="sam", exact=True).click()
    desk.get_by_role("button", name="Off duty").click()
    expect(desk.get_by_role("button", name="On duty")).to_be_visible()
    row = desk.locator(".queue .row")
    expect(row).to_contain_text("want a person")
    expect(row).to_contain_text("identity not proven")
    row.click()
    expect(desk.locator(".story")).to_contain_text("I am EMAIL_1 and want a person")
    desk.get_by_role("button", name="Take it").click()
    expect(contact.locator(".entry.system")).to_contain_text("sam is here")
    reply = desk.get_by_role("textbox", name="Your reply to the visitor")
    reply.fill("Hello, this is Sam. <b>What</b> can I do?")
    reply.press("Enter")
    said = contact.locator(".entry.agent")
    expect(said).to_contain_text("sam (a person)")
    expect(said).to_contain_text("<b>What</b> can I do?")
    expect(reply).to_have_value("")
    words = contact.get_by_role("textbox", name="Your message")
    words.fill("so what exactly do you keep?")
    words.press("Enter")
    expect(desk.locator(".story .contact").last).to_contain_text("so what exactly do you keep?")
    assert CANARY not in desk.content()
    desk.get_by_role("button", name="Show EMAIL_1").click()
    expect(desk.locator(".value.shown")).to_have_text(f"EMAIL_1: {CANARY}")
    desk.get_by_role("button", name="Hand back").click()
    expect(contact.locator(".entry.assistant").last).to_contain_text("the assistant again")
    expect(desk.locator(".actions")).to_contain_text("over")


def test_whoever_is_second_is_told_who_was_faster(
    running: Running, contact: Page, desk: Page, browser: Browser
) -> None:
    asks_for_a_person(running, contact)
    desk.get_by_role("button", name="dana", exact=True).click()
    desk.locator(".queue .row").click()
    expect(desk.get_by_role("button", name="Take it")).to_be_visible()
    with running.database.write() as session:
        handover = handovers.listed(session)[0]
        handovers.take(session, handover.id, AgentIdentity("sam", "agent"))
    desk.evaluate("document.querySelector('.take')?.click()")
    expect(desk.locator("body")).to_contain_text("sam")
    expect(desk.get_by_role("button", name="Take over")).to_be_visible()


def test_an_observer_reads_and_a_wrong_token_is_refused(running: Running, contact: Page, desk: Page) -> None:
    asks_for_a_person(running, contact)
    desk.get_by_label("Your desk token").fill("nonsense")
    desk.get_by_role("button", name="Sign in").click()
    expect(desk.locator("#state")).to_contain_text("desk invite")
    desk.get_by_role("button", name="olive", exact=True).click()
    desk.locator(".queue .row").click()
    desk.get_by_role("button", name="Take it").click()
    expect(desk.locator("#state")).to_contain_text("only reads")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(running: Running, contact: Page, desk: Page, scheme: str) -> None:
    desk.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    asks_for_a_person(running, contact)
    assert Axe().run(desk).violations_count == 0, "signing in"
    desk.get_by_role("button", name="sam", exact=True).click()
    desk.locator(".queue .row").click()
    desk.get_by_role("button", name="Take it").click()
    expect(desk.get_by_role("button", name="Hand back")).to_be_visible()
    found = Axe().run(desk)
    assert found.violations_count == 0, found.generate_report()


def test_what_a_colleague_takes_back_or_corrects_goes_from_the_contacts_page(
    running: Running, contact: Page
) -> None:
    chat = asks_for_a_person(running, contact)
    sam = AgentIdentity("sam", "agent")
    with running.database.write() as session:
        handover = handovers.of_conversation(session, chat)
        assert handover is not None
        handovers.take(session, handover.id, sam)
        wrong = handovers.reply(session, handover.id, sam, "It ends on 3 March", key="1")
        stray = handovers.reply(session, handover.id, sam, "Lunch at one?", key="2")
        assert wrong is not None
        assert stray is not None
        first, second = wrong.seq, stray.seq
    expect(contact.get_by_text("Lunch at one?")).to_be_visible()
    with running.database.write() as session:
        corrections.correct(session, chat, first, "sam", "It ends on 3 May")
        corrections.take_back(session, chat, second, "sam")
    expect(contact.get_by_text("Corrected: It ends on 3 May")).to_be_visible()
    expect(contact.get_by_text("sam took a message back.")).to_be_visible()
    expect(contact.get_by_text("3 March")).to_have_count(0)
    expect(contact.get_by_text("Lunch at one?")).to_have_count(0)
    expect(contact.get_by_text("This message was removed.")).to_have_count(2)
