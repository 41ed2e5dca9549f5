"""A visitor who wants a person is a thread: answered from it, in order, by one person, with nothing lost."""

from __future__ import annotations

import json
import threading

import pytest
from slack_bolt import BoltRequest
from sqlalchemy import select

from actions.audit.models import AuditEntry
from actions.conversations import intake, log
from actions.conversations.interfaces import TurnInput
from actions.conversations.services import open_conversation
from actions.handover import services as handovers
from bot.desk.services import DatabaseDesk
from bot.slack.threads import catching_up, rendering
from bot.slack.threads.texts import to_plain
from tests.support.desk import agent
from tests.unit.slack.conftest import AGENT, APPROVER, DESK, OBSERVER, STRANGER
from tests.unit.slack.thread_desk import (
    CANARY,
    Desk,
    desk,
    pseudonymiser,
    taken,
)

__all__ = ["desk", "pseudonymiser", "taken"]


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
