"""A visitor who wants a person is a thread: answered from it, in order, by one person, with nothing lost."""

from __future__ import annotations

import itertools
import json
import threading
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from slack_bolt import App, BoltRequest
from slack_sdk import WebClient
from sqlalchemy import select, update

from actions import clock
from actions.audit.models import AuditEntry
from actions.cases import services as cases
from actions.cases.models import Case
from actions.cases.tasks import open_tasks, raise_task
from actions.clock.services import machine_now
from actions.conversations import intake, log
from actions.conversations.interfaces import TurnInput
from actions.conversations.models import Message
from actions.conversations.services import open_conversation
from actions.crm import services as crm_services
from actions.crm.interfaces import ContactRecord, CrmError
from actions.crm.services import get_crm
from actions.database import Database
from actions.erasures import forgetters
from actions.handover import services as handovers
from actions.handover.models import Handover
from actions.helpdesk.services import get_helpdesk
from actions.retention import sweepers
from actions.retention.schedule import keeping
from actions.rights import review, search, sources
from actions.rights.search import Wanted, nobody_on_file
from actions.settings import get_settings
from actions.slack import redaction
from actions.slack.models import SlackCall, SlackThread
from actions.vault import services as vault
from bot.desk.services import DatabaseDesk
from bot.slack.app import create_app, services_of
from bot.slack.interfaces import SlackServices
from bot.slack.sender import Sender
from bot.slack.threads import catching_up, mirror, rendering, searching
from bot.slack.threads.texts import to_plain
from tests.support.desk import agent, open_the_desk
from tests.support.store import conversation
from tests.unit.slack.conftest import AGENT, APPROVER, DESK, OBSERVER, STRANGER, TEAM, slack_settings
from tests.unit.slack.little_slack import DROP_AFTER, LittleSlack

CANARY = "zelda.quark@canary.example"
SPOKEN = "I am zelda.quark@canary.example & <hurt>"


@pytest.fixture(scope="session", autouse=True)
def pseudonymiser() -> None:
    intake.pseudonymiser()


@dataclass
class Desk:
    """A visitor in line, the app over a little Slack, and everything that happens between them."""

    database: Database
    slack: LittleSlack
    services: SlackServices
    app: App
    sender: Sender
    chat: str
    handover: int
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    def settle(self) -> None:
        """Let everything that is to be said in Slack be said."""
        mirror.tick(self.database, DESK)
        self.sender.drain()

    def says(self, text: str) -> int:
        """The visitor writes."""
        with self.database.write() as session:
            return intake.accept(session, self.chat, TurnInput(text=text), to_person=handovers.heard)

    @property
    def root(self) -> str:
        return str(self.slack.messages[DESK][0]["ts"])

    def thread(self) -> list[str]:
        """What stands in the thread, its first message left out."""
        return [str(each["text"]) for each in self.slack.messages[DESK][1:]]

    def seen_by_visitor(self) -> list[tuple[str, str | None]]:
        """What colleagues and the system have said to the visitor."""
        with self.database.read() as session:
            rows = session.scalars(
                select(Message).where(
                    Message.conversation_id == self.chat, Message.sender.in_(("agent", "system"))
                )
            )
            return [(row.sender, row.body.get("text")) for row in rows]

    def deliver(self, event: dict[str, Any], *, event_id: str = "") -> int:
        """Slack delivers an event; returns the answer's status."""
        body = {
            "type": "event_callback",
            "event_id": event_id or f"Ev{next(self._numbers)}",
            "team_id": TEAM,
            "event": event,
        }
        return self.app.dispatch(BoltRequest(mode="socket_mode", body=body)).status

    def write(self, user: str, text: str, **more: Any) -> dict[str, Any]:
        """A colleague writes in the thread, and the app hears of it."""
        event = self.slack.write(DESK, user, text, self.root, **more)
        assert self.deliver(event) == 200
        self.settle()
        return event

    def press(self, user: str, action_id: str, value: str | None = None, *, stamp: str = "") -> None:
        """A colleague presses a button."""
        body = self.pressed(user, action_id, value, stamp=stamp)
        assert self.app.dispatch(BoltRequest(mode="socket_mode", body=body)).status == 200
        self.settle()

    def pressed(
        self, user: str, action_id: str, value: str | None = None, *, stamp: str = ""
    ) -> dict[str, Any]:
        """What Slack delivers of a press."""
        return {
            "type": "block_actions",
            "team": {"id": TEAM},
            "user": {"id": user, "team_id": TEAM},
            "channel": {"id": DESK},
            "container": {"message_ts": self.root},
            "message": {"ts": self.root},
            "trigger_id": "1.2.3",
            "actions": [
                {
                    "type": "button",
                    "action_id": action_id,
                    "block_id": "b",
                    "value": value or str(self.handover),
                    "action_ts": stamp or str(next(self._numbers)),
                }
            ],
        }

    def buttons(self) -> list[str]:
        """What can be pressed in the first message."""
        blocks = self.slack.messages[DESK][0]["blocks"]
        return [
            one["action_id"] for block in blocks if block["type"] == "actions" for one in block["elements"]
        ]

    def whispers(self) -> list[tuple[str, str]]:
        """Who was told what privately."""
        return [(one["user"], one["text"]) for one in self.slack.whispers]

    def reactions(self, ts: str) -> list[str]:
        message = next(one for one in self.slack.messages[DESK] if one["ts"] == ts)
        return list(message.get("reactions", []))

    def handover_row(self) -> Handover:
        with self.database.read() as session:
            found = session.get(Handover, self.handover)
        assert found is not None
        return found


@pytest.fixture
def desk(database: Database, client: WebClient, little_slack: LittleSlack) -> Desk:
    """A visitor who gave an address privately and in words, asked for a person, and is in line."""
    open_the_desk(database)
    chat = conversation(database)
    with database.write() as session:
        vault.put(session, chat, "email", CANARY)
        opened = log.lock(session, chat)
        assert opened is not None
        card = {"title": "What we hold", "rows": [{"id": "email", "label": "Email", "value": CANARY}]}
        log.append(session, opened, "assistant", {"text": f"We wrote to {CANARY}.", "card": card})
        log.append(session, opened, "contact", {"fields": ["email"]})
    with database.write() as session:
        asked = intake.accept(session, chat, TurnInput(text=SPOKEN))
        opened = log.lock(session, chat)
        assert opened is not None
        handover = handovers.request(session, opened, seq=asked).id
    services = services_of(database, slack_settings(), client)
    made = Desk(
        database, little_slack, services, create_app(services), Sender(database, client), chat, handover
    )
    made.settle()
    return made


@pytest.fixture
def taken(desk: Desk) -> Desk:
    """The same, taken by an agent."""
    desk.press(AGENT, rendering.TAKE)
    return desk


def test_who_wants_a_person_becomes_a_thread_with_what_was_said_veiled(desk: Desk) -> None:
    root, before = desk.slack.messages[DESK]
    shown = json.dumps(root["blocks"])
    assert "I am EMAIL_1 &amp; &lt;hurt&gt;" in shown
    assert "identity not proven" in shown
    assert desk.buttons() == [rendering.TAKE]
    assert before["thread_ts"] == root["ts"]
    said = json.dumps(before["blocks"])
    assert "We wrote to EMAIL_1." in said
    assert "(gave privately: email)" in said
    assert CANARY not in json.dumps(desk.slack.calls)


class KnownCrm:
    """A CRM that holds one contact, or is away."""

    def __init__(self, *, away: bool = False) -> None:
        self._away = away

    def get(self, contact_id: str) -> ContactRecord:
        if self._away:
            raise CrmError("away")
        fields = {"name": "Bo", "surname": "Quark", "email": CANARY, "company": "Canary & Sons"}
        return ContactRecord(contact_id, fields, "active", machine_now(), other_emails=("bo@old.example",))


@pytest.mark.parametrize("away", [False, True])
def test_what_the_crm_holds_of_a_contact_is_veiled_in_the_channel(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, away: bool
) -> None:
    monkeypatch.setattr(crm_services, "get_crm", lambda: KnownCrm(away=away))
    ask_for_access(desk)
    with desk.database.write() as session:
        opened = log.lock(session, desk.chat)
        assert opened is not None
        words = "Thank you, Bo. We wrote to bo@old.example, Mr QUARK of Canary & Sons, about bones."
        log.append(session, opened, "assistant", {"text": words})
    desk.says("I am Bo Quark by the way")
    desk.settle()
    posted = json.dumps(desk.slack.messages[DESK][2:])
    for secret in ("bo@old.example", "QUARK", "you, Bo"):
        assert secret not in posted
    hidden = "can't be shown now"
    shown = "Thank you, [first name]. We wrote to [email address], Mr [surname] of Canary &amp; Sons, about"
    assert (hidden if away else shown) in posted
    # Where the recogniser of names is there, it was faster.
    own = ("I am [first name] [surname] by the way", "I am PERSON_1 by the way")
    assert away or any(words in posted for words in own)
    assert "Bo Quark" not in posted


def test_who_asks_in_slack_is_not_on_the_website(desk: Desk) -> None:
    with desk.database.write() as session:
        chat = open_conversation(session, [], channel="slack").id
        opened = log.lock(session, chat)
        assert opened is not None
        handovers.request(session, opened, seq=intake.accept(session, chat, TurnInput(text="a person")))
    desk.settle()
    assert "Somebody in Slack wants a person." in desk.thread()
    assert "Somebody on the website" in json.dumps(desk.slack.messages[DESK][0])


def test_the_visitors_words_come_into_the_thread_once_and_in_order(desk: Desk) -> None:
    for number in range(5):
        desk.says(f"line {number}")
        desk.settle()
    desk.settle()
    lines = [text for text in desk.thread() if text.startswith("*visitor:*")]
    assert lines == [f"*visitor:* line {number}" for number in range(5)]


def test_taken_the_button_gives_way_and_replies_reach_the_visitor(taken: Desk) -> None:
    assert taken.buttons() == [
        rendering.HAND_BACK,
        rendering.CLOSE,
        rendering.TAKE_OVER,
        rendering.UNCOVER,
    ]
    event = taken.write(AGENT, "Hello &lt;you&gt;, see <https://example.org/a|our page> or ask <@U0DANA>")
    assert taken.seen_by_visitor()[-1] == (
        "agent",
        "Hello <you>, see our page (https://example.org/a) or ask a colleague",
    )
    assert taken.reactions(event["ts"]) == ["white_check_mark"]
    assert taken.thread().count(event["text"]) == 1, "what was written here is not put here again"


def test_a_repeated_delivery_and_a_fetched_one_are_said_once(taken: Desk) -> None:
    event = taken.slack.write(DESK, AGENT, "Hello", taken.root)
    for event_id in ("Ev-a", "Ev-a", "Ev-b"):
        taken.deliver(event, event_id=event_id)
    catching_up.catch_up(taken.services, taken.handover)
    said = [text for _sender, text in taken.seen_by_visitor() if text == "Hello"]
    assert said == ["Hello"]


def test_a_note_stays_with_colleagues(taken: Desk) -> None:
    event = taken.write(AGENT, "// she sounds upset")
    assert [text for sender, text in taken.seen_by_visitor() if sender == "agent"] == []
    assert taken.reactions(event["ts"]) == []


def test_lines_that_are_notes_stay_with_colleagues(taken: Desk) -> None:
    event = taken.write(AGENT, "Only your name.\n// we must ask legal\nUntil May.")
    assert taken.seen_by_visitor()[-1] == ("agent", "Only your name.\nUntil May.")
    taken.deliver(taken.slack.edit(DESK, event["ts"], "// all of it for us"))
    assert taken.seen_by_visitor()[-1] == ("system", "agent took a message back.")


def test_what_is_said_from_the_desks_page_stands_in_the_thread_too(taken: Desk) -> None:
    page = DatabaseDesk(taken.database)
    olga = agent(taken.database, "olga")
    page.take(olga, taken.handover, over=True)
    page.reply(olga, taken.handover, "I am here & can help", key="1")
    taken.settle()
    assert taken.thread()[-2].startswith("olga took it.")
    assert taken.thread()[-1] == "*olga* (from the desk's page): I am here &amp; can help"


def test_nothing_goes_out_before_somebody_has_taken_it(desk: Desk) -> None:
    event = desk.write(AGENT, "Hello")
    assert desk.seen_by_visitor() == []
    assert desk.reactions(event["ts"]) == ["warning"]
    user, text = desk.whispers()[-1]
    assert user == AGENT
    assert "Nobody has taken this talk" in text
    send = desk.slack.whispers[-1]["blocks"][-1]["elements"][0]
    desk.press(AGENT, send["action_id"], send["value"])
    assert desk.seen_by_visitor()[-1] == ("agent", "Hello")
    assert desk.handover_row().taken_by == "agent"
    assert desk.reactions(event["ts"]) == ["white_check_mark"]


def test_two_do_not_both_answer_unknowingly(taken: Desk) -> None:
    event = taken.write(APPROVER, "Let me answer that")
    assert [sender for sender, _text in taken.seen_by_visitor()] == ["system"]
    user, text = taken.whispers()[-1]
    assert user == APPROVER
    assert "is talking to this visitor" in text
    send, keep = taken.slack.whispers[-1]["blocks"][-1]["elements"]
    taken.press(AGENT, send["action_id"], send["value"])
    assert [sender for sender, _text in taken.seen_by_visitor()] == ["system"], "only its writer decides"
    taken.press(APPROVER, keep["action_id"], keep["value"])
    taken.press(APPROVER, send["action_id"], send["value"])
    assert "Write it again" in taken.whispers()[-1][1]
    assert taken.reactions(event["ts"]) == ["warning"]


def test_taking_over_is_told_and_the_first_one_is_held_then(taken: Desk) -> None:
    taken.press(APPROVER, rendering.TAKE_OVER)
    assert taken.seen_by_visitor()[-1] == ("system", "dana has taken over and can read this chat.")
    taken.write(AGENT, "one more thing")
    assert [sender for sender, _text in taken.seen_by_visitor()] == ["system", "system"]


def test_two_who_take_it_at_the_same_moment_are_one(desk: Desk) -> None:
    for user in (AGENT, APPROVER):
        catching_up.warm(desk.services, user)
    together = threading.Barrier(2)

    def press(user: str) -> None:
        together.wait()
        desk.app.dispatch(BoltRequest(mode="socket_mode", body=desk.pressed(user, rendering.TAKE)))

    threads = [threading.Thread(target=press, args=(user,)) for user in (AGENT, APPROVER)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    desk.settle()
    assert len(desk.seen_by_visitor()) == 1
    ((_user, told),) = desk.whispers()
    assert "took this" in told


def test_two_who_press_at_once_and_a_press_that_comes_twice_have_one_effect(desk: Desk) -> None:
    desk.press(AGENT, rendering.TAKE, stamp="7")
    desk.press(AGENT, rendering.TAKE, stamp="7")
    desk.press(APPROVER, rendering.TAKE, stamp="8")
    assert desk.seen_by_visitor() == [("system", "agent is here now and can read this chat.")]
    user, text = desk.whispers()[-1]
    assert user == APPROVER
    assert text.startswith("agent took this")


@pytest.mark.parametrize(("user", "words"), [(STRANGER, "only people with a role"), (OBSERVER, "only reads")])
def test_who_may_not_talk_is_told_and_it_is_on_record(taken: Desk, user: str, words: str) -> None:
    taken.write(user, "Hi, I am new here")
    assert [sender for sender, _text in taken.seen_by_visitor()] == ["system"]
    assert words in taken.whispers()[-1][1]
    with taken.database.read() as session:
        refused = session.scalars(select(AuditEntry).where(AuditEntry.action == "slack_refused")).all()
    assert [entry.details["what"] for entry in refused] == ["reply_to_contact"]


def test_who_may_not_take_is_told(desk: Desk) -> None:
    desk.press(OBSERVER, rendering.TAKE)
    assert desk.handover_row().state == "waiting"
    assert desk.whispers()[-1][0] == OBSERVER


def test_a_change_is_a_correction_and_a_deletion_takes_back(taken: Desk) -> None:
    first = taken.write(AGENT, "It ends on 3 March")
    taken.deliver(taken.slack.edit(DESK, first["ts"], "It ends on 3 May"))
    second = taken.write(AGENT, "Wrong window, sorry")
    taken.deliver(taken.slack.delete(DESK, second["ts"]))
    with taken.database.read() as session:
        shown = [log.render(row) for row in log.after(session, taken.chat, taken.handover_row().from_seq)]
    agents = [
        (one["text"], one.get("erased"), one.get("replaces")) for one in shown if one["from"] == "agent"
    ]
    corrected = next(one for one in shown if one.get("text") == "Corrected: It ends on 3 May")
    assert agents == [
        (None, True, None),
        ("Corrected: It ends on 3 May", None, corrected["replaces"]),
        (None, True, None),
    ]
    assert shown[-1]["text"] == "agent took a message back."
    assert "3 March" not in json.dumps(shown)
    assert "Wrong window" not in json.dumps(shown)


def test_a_link_that_slack_unfolds_is_no_change(taken: Desk) -> None:
    event = taken.write(AGENT, "see https://example.org")
    unfolded = taken.slack.edit(DESK, event["ts"], "see https://example.org")
    del unfolded["message"]["edited"]
    taken.deliver(unfolded)
    assert [text for sender, text in taken.seen_by_visitor() if sender == "agent"] == [
        "see https://example.org"
    ]


def test_a_file_does_not_go_and_its_words_do(taken: Desk) -> None:
    taken.write(AGENT, "here is the form", subtype="file_share", files=[{"id": "F1"}])
    assert taken.seen_by_visitor()[-1] == ("agent", "here is the form")
    assert "the file has not" in taken.whispers()[-1][1]


def test_what_programs_and_slack_write_is_nobodys_answer(taken: Desk) -> None:
    for more in ({"bot_id": "B1"}, {"subtype": "channel_join"}, {"subtype": "bot_message"}):
        taken.write(AGENT, "beep", **more)
    assert [sender for sender, _text in taken.seen_by_visitor()] == ["system"]


def test_elsewhere_in_the_channel_nobody_answers_a_visitor(taken: Desk) -> None:
    event = taken.slack.write(DESK, AGENT, "Lunch?", "1700000000.000001")
    assert taken.deliver(event) == 200
    assert [sender for sender, _text in taken.seen_by_visitor()] == ["system"]


@pytest.mark.parametrize(
    ("button", "told", "noted"),
    [
        (rendering.HAND_BACK, "I'm the assistant again", "handed back"),
        (rendering.CLOSE, "has left the chat", "closed the talk"),
    ],
)
def test_it_ends_for_both_sides(taken: Desk, button: str, told: str, noted: str) -> None:
    taken.press(AGENT, button)
    assert taken.handover_row().state == "over"
    assert taken.buttons() == []
    assert noted in taken.thread()[-1]
    with taken.database.read() as session:
        last = log.after(session, taken.chat, 0)[-1]
    assert told in last.body["text"]
    said_before = len(taken.thread())
    taken.says("hello assistant")
    taken.settle()
    assert len(taken.thread()) == said_before, "what is the assistant's is not colleagues' business any more"
    taken.write(AGENT, "one more thing")
    assert "this talk is over" in taken.whispers()[-1][1]


def test_what_was_written_while_we_were_away_is_fetched_in_order(taken: Desk) -> None:
    said = taken.write(AGENT, "before")
    gone = taken.write(AGENT, "gone soon")
    for text in ("first", "second"):
        taken.slack.write(DESK, AGENT, text, taken.root)
    taken.slack.edit(DESK, said["ts"], "before, corrected")
    taken.slack.delete(DESK, gone["ts"])
    catching_up.connected()
    live = taken.slack.write(DESK, AGENT, "third", taken.root)
    taken.deliver(live)
    taken.settle()
    agents = [text for sender, text in taken.seen_by_visitor() if sender == "agent" and text]
    assert agents == ["Corrected: before, corrected", "first", "second", "third"]
    assert ("system", "agent took a message back.") in taken.seen_by_visitor()


def test_an_event_that_overtakes_another_does_not_change_the_order(taken: Desk) -> None:
    first, second, third = (taken.slack.write(DESK, AGENT, text, taken.root) for text in ("1", "2", "3"))
    for event in (third, first, second):
        assert taken.deliver(event) == 200
    assert [text for sender, text in taken.seen_by_visitor() if sender == "agent"] == ["1", "2", "3"]


def test_a_thread_whose_beginning_is_gone_keeps_no_other_from_being_looked_through(taken: Desk) -> None:
    catching_up.connected()
    taken.slack.troubles["conversations.replies"] = ["thread_not_found"]
    assert catching_up.catch_up_all(taken.services) == 1
    assert catching_up.catch_up_all(taken.services) == 0


def test_a_thread_that_cannot_be_fetched_lets_nothing_overtake(taken: Desk) -> None:
    taken.slack.write(DESK, AGENT, "first", taken.root)
    catching_up.connected()
    live = taken.slack.write(DESK, AGENT, "second", taken.root)
    # The client that listeners use tries such an error again once by itself.
    taken.slack.troubles["conversations.replies"] = ["internal_error"]
    assert taken.deliver(live, event_id="Ev-x") == 500, "Slack sends it again"
    assert [text for sender, text in taken.seen_by_visitor() if sender == "agent"] == []
    assert taken.deliver(live, event_id="Ev-x") == 200
    assert [text for sender, text in taken.seen_by_visitor() if sender == "agent"] == ["first", "second"]


def test_threads_are_looked_through_every_minute(taken: Desk) -> None:
    assert catching_up.catch_up_all(taken.services) == 0
    with taken.database.write() as session:
        session.execute(update(SlackThread).values(caught_up_at=machine_now() - timedelta(minutes=2)))
    taken.slack.write(DESK, AGENT, "did you get this?", taken.root)
    assert catching_up.catch_up_all(taken.services) == 1
    assert taken.seen_by_visitor()[-1] == ("agent", "did you get this?")


def test_a_message_that_slack_refuses_is_told_in_the_thread_once(taken: Desk) -> None:
    taken.slack.troubles["chat.postMessage"] = ["invalid_blocks"]
    taken.says("what is this?")
    for _look in range(3):
        taken.settle()
    assert [text for text in taken.thread() if "Slack did not take" in text] == [taken.thread()[-1]]
    assert "what is this?" not in str(taken.thread())


def test_when_the_conversation_is_deleted_its_thread_goes_too(taken: Desk) -> None:
    taken.write(AGENT, "hello")
    with taken.database.write() as session:
        later = clock.advance(session, timedelta(days=91))
        sweepers.SWEEPERS["conversations"](session, sweepers.Sweep(later, later - timedelta(days=90), 10))
    taken.settle()
    ours = [one for one in taken.slack.messages[DESK] if "user" not in one]
    assert {one["text"] for one in ours} == {"This was removed to protect somebody's personal data."}
    with taken.database.write() as session:
        sweepers.SWEEPERS["slack"](session, sweepers.Sweep(later, later, 10))
        assert session.scalars(select(SlackThread)).all() == []


def test_a_legal_hold_keeps_the_thread(taken: Desk) -> None:
    case = ask_for_access(taken)
    with taken.database.write() as session:
        cases.place_hold(session, case=session.get_one(Case, case.id), reason="a claim", by="dana")
        later = clock.now(session) + timedelta(days=400)
        sweepers.SWEEPERS["slack"](session, sweepers.Sweep(later, later, 10))
    taken.settle()
    assert "This was removed to protect somebody's personal data." not in taken.thread()


def test_while_slack_is_away_nothing_is_lost_and_the_order_stays(desk: Desk) -> None:
    desk.slack.troubles["chat.postMessage"] = [503, DROP_AFTER, 503, 503]
    for number in range(4):
        desk.says(f"line {number}")
        desk.settle()
    for _attempt in range(8):
        with desk.database.write() as session:
            session.execute(update(SlackCall).values(not_before=machine_now() - timedelta(seconds=1)))
        desk.settle()
    lines = [text for text in desk.thread() if text.startswith("*visitor:*")]
    assert lines == [f"*visitor:* line {number}" for number in range(4)]


def test_a_value_is_uncovered_in_a_modal_for_those_who_may_and_on_record(taken: Desk) -> None:
    taken.press(AGENT, rendering.UNCOVER)
    view = taken.slack.views[-1]
    options = view["blocks"][-1]["element"]["options"]
    assert [one["value"] for one in options] == ["EMAIL_1"]
    answer = taken.app.dispatch(BoltRequest(mode="socket_mode", body=submitted(view, AGENT, "EMAIL_1")))
    shown = json.loads(answer.body)
    assert shown["response_action"] == "update"
    assert CANARY in json.dumps(shown["view"])
    with taken.database.read() as session:
        revealed = session.scalars(select(AuditEntry).where(AuditEntry.action == "value_revealed")).all()
        queued = session.scalars(select(SlackCall)).all()
    assert [(entry.actor, entry.details) for entry in revealed] == [("agent", {"placeholder": "EMAIL_1"})]
    assert all(call.arguments is None for call in queued)
    assert CANARY not in json.dumps(taken.slack.calls), "never posted"


@pytest.mark.parametrize("user", [OBSERVER, STRANGER])
def test_a_value_is_not_uncovered_for_others(taken: Desk, user: str) -> None:
    taken.press(user, rendering.UNCOVER)
    view = taken.slack.views[-1]
    assert "submit" not in view
    made_up = {"callback_id": "reveal_value", "private_metadata": str(taken.handover)}
    answer = taken.app.dispatch(BoltRequest(mode="socket_mode", body=submitted(made_up, user, "EMAIL_1")))
    assert CANARY not in answer.body
    with taken.database.read() as session:
        actions = list(session.scalars(select(AuditEntry.action)))
    assert "value_revealed" not in actions
    assert actions.count("slack_refused") == 2


def submitted(view: dict[str, Any], user: str, placeholder: str) -> dict[str, Any]:
    """The submission of the question which value."""
    state = {"values": {"which": {"placeholder": {"selected_option": {"value": placeholder}}}}}
    return {
        "type": "view_submission",
        "team": {"id": TEAM},
        "user": {"id": user, "team_id": TEAM},
        "view": {
            "id": "V1",
            "type": "modal",
            "hash": "h",
            "callback_id": view["callback_id"],
            "private_metadata": view["private_metadata"],
            "state": state,
        },
    }


def test_on_erasure_the_thread_is_blanked_and_colleagues_are_asked_to_delete_theirs(taken: Desk) -> None:
    taken.says("my secret is safe")
    taken.settle()
    taken.write(AGENT, "so is mine")
    forget(taken)
    taken.settle()
    ours = [one for one in taken.slack.messages[DESK] if "user" not in one]
    assert {one["text"] for one in ours} == {"This was removed to protect somebody's personal data."}
    assert all(one["blocks"] == [] for one in ours)
    with taken.database.read() as session:
        (task,) = open_tasks(session, kind="slack_thread")
    assert "Slack thread of handover" in task.text


def test_with_an_administrators_token_what_colleagues_wrote_goes_too(
    taken: Desk, client: WebClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = taken.write(AGENT, "she is Zelda")
    settings = get_settings().model_copy(update={"slack_admin_token": slack_settings().slack_app_token})
    monkeypatch.setattr(redaction, "get_settings", lambda: settings)
    forget(taken)
    taken.settle()
    assert event["ts"] not in [one["ts"] for one in taken.slack.messages[DESK]]


def ask_for_access(desk: Desk) -> Case:
    """The visitor asks what we hold, and somebody has to look through the team's threads."""
    with desk.database.write() as session:
        case = cases.open_case(
            session,
            right="access",
            conversation_id=desk.chat,
            received_at=clock.now(session),
            contact_id="1",
            state="in_progress",
        )
        raise_task(
            session, key=sources.task_key(case, "team_threads"), kind=sources.MANUAL, text="Look.", case=case
        )
        return case


def test_for_an_access_answer_notes_are_put_before_the_agent_once(taken: Desk) -> None:
    taken.write(AGENT, "Hello")
    taken.write(AGENT, "// she sounds &lt;upset&gt;")
    taken.write(APPROVER, "// be kind")
    case = ask_for_access(taken)
    assert searching.look(taken.services) == 1
    assert searching.look(taken.services) == 0
    with taken.database.read() as session:
        (item,) = review.items(session, session.get_one(Case, case.id))
    assert item.source == "team_threads"
    assert item.text == "// she sounds <upset>\n// be kind"


def test_for_an_access_answer_what_we_posted_is_counted(taken: Desk) -> None:
    ask_for_access(taken)
    posted = sum("user" not in one for one in taken.slack.messages[DESK])
    with taken.database.read() as session:
        nobody = nobody_on_file("", clock.now(session))
        holdings = replace(nobody, contact=replace(nobody.contact, id="1"))
        looked = search.LOOKS["slack"]
        wanted = Wanted(session, get_crm(), get_helpdesk(), holdings, ())
        assert looked(wanted).count == posted == 3
    forget(taken)
    with taken.database.read() as session:
        assert looked(replace(wanted, session=session)).count == 0


def forget(desk: Desk) -> None:
    with desk.database.write() as session:
        whom = forgetters.Forgotten("1", (), (), (desk.chat,))
        for forgetter in (forgetters.FORGETTERS["messages"], forgetters.FORGETTERS["slack"]):
            forgetter(session, whom)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("a &amp; b &lt;c&gt;", "a & b <c>"),
        ("<https://example.org>", "https://example.org"),
        ("<mailto:a@example.org|a@example.org>", "a@example.org"),
        (
            "<#C123|general> and <!here> and <!subteam^S1|@agents>",
            "a channel of ours and a colleague and a colleague",
        ),
        ("Hello :wave: at 10:30:15 :never_heard_of:", "Hello 👋 at 10:30:15 :never_heard_of:"),
        ("<!date^1795000000^{date}|26 Nov>", "26 Nov"),
        ("1 < 2 > 0", "1 < 2 > 0"),
    ],
)
def test_slacks_way_of_writing_becomes_plain_words(written: str, read: str) -> None:
    assert to_plain(written) == read


def test_a_long_text_is_cut_into_paragraphs_and_no_entity_in_half(desk: Desk) -> None:
    desk.says("<" * 3_000 + " " + "word " * 900)
    desk.settle()
    written = next(one for one in desk.slack.messages[DESK] if one["text"].startswith("*visitor:*"))
    blocks = written["blocks"]
    texts = [block["text"]["text"] for block in blocks]
    assert len(texts) > 3
    assert all(len(text) <= 3_000 for text in texts)
    assert "".join(texts).count("&lt;") == 3_000
    assert "&lt;" * 10 in texts[0]


def test_the_evidence_of_a_case_says_what_becomes_of_slack(taken: Desk) -> None:
    case = ask_for_access(taken)
    with taken.database.read() as session:
        told = {each.what: each.text for each in keeping(session, session.get_one(Case, case.id))}
    assert told["slack"] == "What was posted in Slack about it is removed there 90 days after it was posted."
    forget(taken)
    with taken.database.read() as session:
        assert "slack" not in {each.what for each in keeping(session, session.get_one(Case, case.id))}
