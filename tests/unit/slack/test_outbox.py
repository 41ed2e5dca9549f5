"""The queue of calls to Slack: one effect each, in order, whatever happens to Slack or to us."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk import WebClient
from sqlalchemy import select, update

from actions.clock.services import machine_now
from actions.database import Database
from actions.slack import outbox, redaction
from actions.slack.models import SlackCall
from bot.slack import calling
from bot.slack.pacing import BURST
from bot.slack.sender import Sender
from tests.support.store import everywhere
from tests.unit.slack.little_slack import DROP_AFTER, DROP_BEFORE, LittleSlack

DESK = "C0DESK"


def put(
    database: Database,
    key: str,
    *,
    method: str = "chat.postMessage",
    order: str = "one",
    about: str | None = None,
    **more: Any,
) -> None:
    arguments = {"channel": DESK, "text": key, **more}
    with database.write() as session:
        outbox.enqueue(
            session, method, arguments, order_key=order, idempotency_key=key, conversation_id=about
        )


def state_of(database: Database, key: str) -> SlackCall:
    with database.read() as session:
        call = outbox.by_key(session, key)
    assert call is not None
    return call


def at_once(database: Database) -> None:
    """Let whatever waits for its next attempt be due, and whatever is being made be left behind."""
    past = machine_now() - timedelta(seconds=1)
    with database.write() as session:
        session.execute(update(SlackCall).values(not_before=past))
        session.execute(update(SlackCall).where(SlackCall.state == "sending").values(lease_until=past))


@pytest.fixture(autouse=True)
def _later_is_when_the_test_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine takes longer over a test than the queue waits before it tries again."""
    monkeypatch.setattr(outbox, "FIRST_WAIT_SECONDS", outbox.LONGEST_WAIT_SECONDS)


@pytest.fixture
def sender(database: Database, client: WebClient) -> Sender:
    return Sender(database, client)


def test_calls_are_made_in_order_and_their_arguments_destroyed(
    database: Database, sender: Sender, little_slack: LittleSlack
) -> None:
    for key in ("a", "b", "c"):
        put(database, key)
    put(database, "b", text="said again, under the same name")
    assert sender.drain() == 3
    assert little_slack.texts(DESK) == ["a", "b", "c"]
    call = state_of(database, "a")
    assert (call.state, call.channel, call.arguments) == ("done", DESK, None)
    assert call.ts == little_slack.messages[DESK][0]["ts"]


def test_what_is_rolled_back_is_never_said(
    database: Database, sender: Sender, little_slack: LittleSlack
) -> None:
    def fail() -> None:
        with database.write() as session:
            outbox.enqueue(
                session, "chat.postMessage", {"channel": DESK}, order_key="one", idempotency_key="a"
            )
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert sender.drain() == 0
    assert little_slack.calls == []


def test_arguments_are_ciphertext_while_they_wait(database: Database) -> None:
    put(database, "a", text="priya@hartwell.example")
    with database.engine.connect() as connection:
        stored = connection.exec_driver_sql("SELECT arguments FROM slack_calls").scalar_one()
    assert b"priya" not in bytes(stored)


def test_a_later_call_knows_where_an_earlier_one_was_posted(
    database: Database, sender: Sender, little_slack: LittleSlack
) -> None:
    put(database, "root")
    put(database, "reply", thread_ts=outbox.ts_of("root"))
    put(
        database,
        "change",
        method="chat.update",
        order="another",
        channel=outbox.channel_of("root"),
        ts=outbox.ts_of("root"),
        text="taken",
    )
    sender.drain()
    root, reply = little_slack.messages[DESK]
    assert (root["text"], reply["thread_ts"]) == ("taken", root["ts"])


def test_a_call_waits_for_the_one_it_refers_to_and_falls_with_it(
    database: Database, sender: Sender, little_slack: LittleSlack
) -> None:
    little_slack.troubles["chat.postMessage"] = [503, "invalid_blocks"]
    put(database, "root", order="a")
    put(database, "reply", order="b", thread_ts=outbox.ts_of("root"))
    sender.drain()
    assert [state_of(database, key).state for key in ("root", "reply")] == ["waiting", "waiting"]
    at_once(database)
    sender.drain()
    at_once(database)
    sender.drain()
    assert [state_of(database, key).state for key in ("root", "reply")] == ["failed", "failed"]
    assert state_of(database, "root").error == "invalid_blocks"
    assert DESK not in little_slack.messages


@pytest.mark.parametrize("thread", [None, "1795000000.000000"])
def test_a_message_whose_answer_was_lost_is_looked_for_before_it_is_posted_again(
    database: Database, sender: Sender, little_slack: LittleSlack, thread: str | None
) -> None:
    little_slack.troubles["chat.postMessage"] = [DROP_AFTER]
    put(database, "a", **({"thread_ts": thread} if thread else {}))
    sender.drain()
    assert state_of(database, "a").doubtful
    at_once(database)
    sender.drain()
    assert little_slack.texts(DESK) == ["a"]
    assert state_of(database, "a").ts == little_slack.messages[DESK][0]["ts"]
    looked = "conversations.replies" if thread else "conversations.history"
    assert little_slack.methods() == ["chat.postMessage", looked]


@pytest.mark.parametrize("trouble", [DROP_BEFORE, 502, "internal_error"])
def test_a_message_that_did_not_arrive_is_posted_again(
    database: Database, sender: Sender, little_slack: LittleSlack, trouble: Any
) -> None:
    little_slack.troubles["chat.postMessage"] = [trouble]
    put(database, "a")
    put(database, "b")
    sender.drain()
    assert little_slack.texts(DESK) == []
    at_once(database)
    sender.drain()
    assert little_slack.texts(DESK) == ["a", "b"]


def test_looking_may_fail_too(database: Database, sender: Sender, little_slack: LittleSlack) -> None:
    little_slack.troubles = {"chat.postMessage": [DROP_AFTER], "conversations.history": [503, DROP_BEFORE]}
    put(database, "a")
    for _attempt in range(4):
        sender.drain()
        at_once(database)
    assert little_slack.texts(DESK) == ["a"]
    assert state_of(database, "a").state == "done"


@pytest.mark.parametrize("moment", ["before the call", "after the call"])
def test_a_process_killed_in_the_middle_of_a_call_leaves_one_effect(
    database: Database, client: WebClient, little_slack: LittleSlack, moment: str
) -> None:
    put(database, "a")
    with database.write() as session:
        (call,) = outbox.claim(session, "a process that is killed", limit=1)
    if moment == "after the call":
        assert calling.Slack(client).make(call, call.arguments).kind == "done"
    second = Sender(database, client)
    assert second.drain() == 0
    at_once(database)
    assert second.drain() == 1
    assert little_slack.texts(DESK) == ["a"]
    assert state_of(database, "a").state == "done"


def test_retry_after_is_honoured_for_the_whole_method(
    database: Database, sender: Sender, little_slack: LittleSlack
) -> None:
    little_slack.troubles["chat.postMessage"] = [(429, 30)]
    put(database, "a", order="one")
    put(database, "b", order="two")
    put(database, "c", order="three", method="reactions.add", name="eyes", timestamp="1")
    before = machine_now()
    sender.drain()
    assert little_slack.methods() == ["chat.postMessage", "reactions.add"]
    held = state_of(database, "a")
    assert held.not_before - before >= timedelta(seconds=30)
    assert not held.doubtful
    assert state_of(database, "b").attempts == 0


def test_the_next_in_order_waits_and_others_do_not(
    database: Database, sender: Sender, little_slack: LittleSlack
) -> None:
    little_slack.troubles["chat.postMessage"] = [503]
    put(database, "a", order="one")
    put(database, "b", order="one")
    put(database, "c", order="two")
    sender.drain()
    assert little_slack.texts(DESK) == ["c"]
    at_once(database)
    sender.drain()
    assert little_slack.texts(DESK) == ["c", "a", "b"]


def test_what_an_administrator_can_mend_waits_for_them(
    database: Database, sender: Sender, little_slack: LittleSlack
) -> None:
    little_slack.troubles["chat.postMessage"] = ["not_in_channel", "token_revoked"]
    put(database, "a")
    for _attempt in range(3):
        sender.drain()
        at_once(database)
    assert little_slack.texts(DESK) == ["a"]


@pytest.mark.parametrize(
    ("method", "error", "state"),
    [
        ("reactions.add", "already_reacted", "done"),
        ("chat.delete", "message_not_found", "done"),
        ("chat.update", "message_not_found", "failed"),
    ],
)
def test_an_effect_that_is_there_already_counts(
    database: Database, sender: Sender, little_slack: LittleSlack, method: str, error: str, state: str
) -> None:
    little_slack.troubles[method] = [error]
    put(database, "a", method=method, ts="1")
    sender.drain()
    assert state_of(database, "a").state == state


def test_slack_dead_for_a_while_loses_nothing_and_keeps_the_order(
    database: Database, client: WebClient, little_slack: LittleSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "FIRST_WAIT_SECONDS", 0.02)
    monkeypatch.setattr(outbox, "LONGEST_WAIT_SECONDS", 0.1)
    little_slack.troubles["chat.postMessage"] = [503, DROP_AFTER, DROP_BEFORE, 500, DROP_AFTER, 503]
    for number in range(12):
        put(database, f"{number:02d}", order=f"order {number % 2}")
    sender = Sender(database, client)
    _run_until(sender, lambda: len(little_slack.texts(DESK)) == 12 and _all_done(database))
    for remainder in (0, 1):
        mine = [text for text in little_slack.texts(DESK) if int(text) % 2 == remainder]
        assert mine == [f"{number:02d}" for number in range(remainder, 12, 2)]


def test_one_channel_gets_its_messages_at_a_pace_and_in_order(
    database: Database, client: WebClient, little_slack: LittleSlack
) -> None:
    for number in range(BURST + 4):
        put(database, f"{number:02d}", order="one")
    put(database, "elsewhere", order="two", channel="C0OTHER")
    sender = Sender(database, client, posts_a_second=5.0)
    began = time.monotonic()
    _run_until(sender, lambda: _all_done(database))
    assert time.monotonic() - began >= 4 / 5.0
    assert little_slack.texts(DESK) == [f"{number:02d}" for number in range(BURST + 4)]
    texts = [given["text"] for method, given in little_slack.calls if method == "chat.postMessage"]
    assert texts.index("elsewhere") <= BURST
    # What waited for its moment was not tried in vain.
    assert state_of(database, f"{BURST + 3:02d}").attempts == 1


@everywhere
def test_two_processes_share_the_queue(
    database: Database, client: WebClient, little_slack: LittleSlack
) -> None:
    for number in range(20):
        put(database, f"{number:02d}", order="one")
    senders = [Sender(database, client), Sender(database, client)]
    stop = threading.Event()
    threads = [threading.Thread(target=sender.run, args=(stop,)) for sender in senders]
    for thread in threads:
        thread.start()
    _wait(lambda: _all_done(database))
    stop.set()
    for thread in threads:
        thread.join()
    assert little_slack.texts(DESK) == [f"{number:02d}" for number in range(20)]


def test_what_we_posted_about_somebody_is_blanked_and_what_waits_is_not_posted(
    database: Database, sender: Sender, little_slack: LittleSlack
) -> None:
    put(database, "hers", about="conversation-1")
    put(database, "his", about="conversation-2")
    sender.drain()
    put(database, "more of hers", about="conversation-1")
    with database.write() as session:
        assert redaction.redact_about(session, conversations=["conversation-1"]) == 2
    put(
        database,
        "too late",
        method="chat.update",
        ts=outbox.ts_of("hers"),
        text="hers once more",
    )
    sender.drain()
    assert little_slack.texts(DESK) == ["This was removed to protect somebody's personal data.", "his"]
    assert little_slack.messages[DESK][0]["blocks"] == []
    assert state_of(database, "too late").state == "failed"


def test_what_we_posted_about_a_case_is_blanked_with_it(
    database: Database, sender: Sender, little_slack: LittleSlack
) -> None:
    with database.write() as session:
        for case_id in (1, 2):
            given = {"channel": DESK, "text": f"case {case_id}"}
            key = f"card:{case_id}"
            outbox.enqueue(
                session, "chat.postMessage", given, order_key=key, idempotency_key=key, case_id=case_id
            )
    sender.drain()
    with database.write() as session:
        redaction.redact_about(session, cases=[1])
    sender.drain()
    assert little_slack.texts(DESK) == ["This was removed to protect somebody's personal data.", "case 2"]


def test_what_is_being_posted_while_it_is_forgotten_is_blanked_once_it_is_there(
    database: Database, sender: Sender, little_slack: LittleSlack
) -> None:
    put(database, "hers", about="conversation-1")
    with database.write() as session:
        outbox.claim(session, "a process in the middle of it", limit=1)
    with database.write() as session:
        redaction.redact_about(session, conversations=["conversation-1"])
    at_once(database)
    sender.drain()
    assert little_slack.texts(DESK) == ["This was removed to protect somebody's personal data."]


def test_what_can_no_longer_be_changed_is_deleted(
    database: Database, sender: Sender, little_slack: LittleSlack
) -> None:
    put(database, "hers", about="conversation-1")
    sender.drain()
    little_slack.troubles["chat.update"] = ["edit_window_closed"]
    with database.write() as session:
        redaction.redact_about(session, conversations=["conversation-1"])
    sender.drain()
    assert little_slack.texts(DESK) == []


def test_retention_blanks_what_is_old_and_then_forgets_the_call(
    database: Database, sender: Sender, little_slack: LittleSlack
) -> None:
    put(database, "hers", about="conversation-1")
    sender.drain()
    later = machine_now() + timedelta(days=1)
    with database.write() as session:
        redaction.redact_old(session, later, 10)
    sender.drain()
    assert little_slack.texts(DESK) == ["This was removed to protect somebody's personal data."]
    with database.write() as session:
        redaction.redact_old(session, later, 10)
        redaction.redact_old(session, later, 10)
        assert session.scalars(select(SlackCall)).all() == []


def _all_done(database: Database) -> bool:
    with database.read() as session:
        return set(session.scalars(select(SlackCall.state))) == {"done"}


def _run_until(sender: Sender, reached: Callable[[], bool]) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=sender.run, args=(stop,))
    thread.start()
    try:
        _wait(reached)
    finally:
        stop.set()
        thread.join()


def _wait(reached: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not reached():
        assert time.monotonic() < until, "the queue did not get empty"
        time.sleep(0.02)
