"""What stands in threads is taken out again, searched for an access answer, and told in the evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from slack_sdk import WebClient
from sqlalchemy import select, update

from actions import clock
from actions.cases import services as cases
from actions.cases.models import Case
from actions.cases.tasks import open_tasks
from actions.crm.services import get_crm
from actions.helpdesk.services import get_helpdesk
from actions.retention import sweepers
from actions.retention.schedule import keeping
from actions.rights import review, search
from actions.rights.search import Wanted, nobody_on_file
from actions.settings import get_settings
from actions.slack import redaction
from actions.slack.models import SlackCall, SlackThread
from bot.slack.threads import searching
from tests.unit.slack.conftest import AGENT, APPROVER, DESK, slack_settings
from tests.unit.slack.thread_desk import (
    Desk,
    ask_for_access,
    desk,
    forget,
    pseudonymiser,
    taken,
)

__all__ = ["desk", "pseudonymiser", "taken"]


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
        # Colleagues' thread counts for whoever asks in that talk; a talk that is held in Slack does not.
        assert looked(replace(wanted, but=taken.chat)).count == posted
    with taken.database.write() as session:
        session.execute(update(SlackCall).values(order_key=f"assistant:{taken.chat}"))
    with taken.database.read() as session:
        assert looked(replace(wanted, session=session)).count == posted
        assert looked(replace(wanted, session=session, but=taken.chat)).count == 0
    forget(taken)
    with taken.database.read() as session:
        assert looked(replace(wanted, session=session)).count == 0


def test_the_evidence_of_a_case_says_what_becomes_of_slack(taken: Desk) -> None:
    case = ask_for_access(taken)
    with taken.database.read() as session:
        told = {each.what: each.text for each in keeping(session, session.get_one(Case, case.id))}
    assert told["slack"] == "What was posted in Slack about it is removed there 90 days after it was posted."
    forget(taken)
    with taken.database.read() as session:
        assert "slack" not in {each.what for each in keeping(session, session.get_one(Case, case.id))}
