"""What is longest and hardest fits what Slack takes; what is unsigned, stale or sent twice does nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from actions.cases.models import Case
from actions.slack.models import SlackDelivery
from bot.slack_standin.deliveries import encoded, post, signature
from bot.slack_standin.looking import words
from tests.slack.desk.conftest import DESK, Desk, MakeDesk
from tests.support.dialogue import Chat
from tests.support.erasing import ask_for_erasure

PRIYA = "priya@hartwell.example"


@pytest.mark.parametrize("hard", ['"', "<", "&\n"])
def test_the_longest_letter_in_the_hardest_characters_is_previewed_whole_and_sent(
    desk: Desk, chat: Chat, hard: str
) -> None:
    reference = ask_for_erasure(chat, PRIYA)
    desk.settle()
    dana = desk.person("dana")
    dana.press("refuse")
    assert dana.modal is not None
    most = {
        block["block_id"]: block["element"]["max_length"]
        for block in dana.modal.content["blocks"]
        if "max_length" in block.get("element", {})
    }
    given = {name: (hard * most[name])[: most[name]] for name in ("words", "evidence")}
    given["words"] = f"x{given['words'][2:]}x"
    shown = dana.submit("refuse_form", {"ground": "still_needed", **given})
    assert shown.errors == {}
    assert shown.view is not None
    preview = "".join(words(shown.view).split())
    assert "".join(given["words"].split()) in preview
    dana.submit("refuse_confirm")
    case = desk.case(reference)
    assert (case.state, case.reason) == ("refused", given["words"])


def test_what_is_unsigned_stale_or_replayed_has_no_effect(make_desk: MakeDesk, chat: Chat) -> None:
    desk = make_desk(transport="http")
    reference = ask_for_erasure(chat, PRIYA)
    desk.settle()
    desk.slack.deliveries.address, address = "http://127.0.0.1:9/nowhere", desk.slack.deliveries.address
    press = desk.person("dana").press("approve", wait=False)
    assert press.finished.wait(30)
    kind, body = encoded(press)
    secret = desk.slack.signing_secret
    for headers in (
        {},
        signature("somebody else's", body),
        signature(secret, body, age=301),
        signature(secret, body, age=-301),
        signature(secret, body + b" "),
    ):
        assert post(address, body, {"Content-Type": kind, **headers}, within=15) == (401, b"")
    assert desk.case(reference).state == "awaiting_approval"
    with desk.database.read() as session:
        assert session.scalar(select(func.count()).select_from(SlackDelivery)) == 0
    signed = {"Content-Type": kind, **signature(secret, body)}
    for _time in range(3):
        assert post(address, body, signed, within=15)[0] == 200
    case = desk.case(reference)
    assert (case.decided_by, case.state) == ("dana", "scheduled")
    # A form that is sent again puts nothing on record twice.
    desk.slack.deliveries.address = address
    agent = desk.person("agent")
    agent.command("/privacy", "log", channel=DESK)
    agent.submit(
        "log_request",
        {"right": "access", "channel": "telephone", "words": "A copy, please.", "proof": "not_yet"},
    )
    kind, body = encoded(desk.slack.deliveries.made[-1])
    for _time in range(2):
        post(address, body, {"Content-Type": kind, **signature(secret, body)}, within=15)
    with desk.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 2
