"""What is private stays veiled in a thread, and is uncovered for those who may."""

from __future__ import annotations

import json
from typing import Any

import pytest
from slack_bolt import BoltRequest
from sqlalchemy import select

from actions.audit.models import AuditEntry
from actions.clock.services import machine_now
from actions.conversations import log
from actions.crm import services as crm_services
from actions.crm.interfaces import ContactRecord, CrmError
from actions.slack.models import SlackCall
from bot.slack.threads import rendering
from tests.unit.slack.conftest import AGENT, DESK, OBSERVER, STRANGER, TEAM
from tests.unit.slack.thread_desk import (
    CANARY,
    Desk,
    ask_for_access,
    desk,
    pseudonymiser,
    taken,
)

__all__ = ["desk", "pseudonymiser", "taken"]


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
