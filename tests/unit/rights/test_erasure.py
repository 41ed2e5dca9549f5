"""What an erasure deletes, makes anonymous and keeps, on what ground and until when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from actions.cases import services as cases
from actions.cases.models import Case
from actions.cases.services import by_reference
from actions.crm.demo import state
from actions.crm.embedded import EmbeddedCrm
from actions.helpdesk.embedded import EmbeddedHelpdesk
from actions.rights import decisions, grounds
from tests.support.dialogue import Chat
from tests.support.working import PostOffice
from tests.unit.rights.conftest import Work


def proposed(chat: Chat, address: str) -> dict[str, Any]:
    chat.send("erase")
    return chat.prove(address)[-1]


def rows(message: dict[str, Any]) -> dict[str, str]:
    return {row["id"]: row["value"] for row in message["card"]["rows"]}


def newest(session: Any, chat: Chat) -> Case:
    case = by_reference(session, chat.cases()[-1].reference)
    assert case is not None
    return case


def approve(chat: Chat, **how: Any) -> None:
    with chat.database.write() as session:
        decisions.approve(session, EmbeddedCrm(chat.database), newest(session, chat), by="dana", **how)


def test_every_kind_of_record_has_its_action_ground_and_review_date(chat: Chat) -> None:
    EmbeddedHelpdesk(chat.database).create_ticket("Log-in", "Can't log in", "tom@northgate.example", key="1")
    shown = rows(proposed(chat, "tom@northgate.example"))
    assert shown["anonymised"] == "support tickets (1)"
    assert "kept" not in shown
    assert "2032" in shown["record"]
    chat.send(choice="erase")
    records = {record["record"]: record for record in chat.cases()[-1].details["plan"]["records"]}
    assert records["tracked_emails"]["action"] == "delete"
    assert records["tickets"]["action"] == "anonymise"
    assert {name: records[name]["ground"] for name in ("suppression", "case")} == {
        "suppression": "no_marketing",
        "case": "request_record",
    }
    assert all(record["review_on"] for record in records.values() if record["action"] == "keep")
    for record in records.values():
        assert (record["ground"] is not None) == (record["action"] == "keep")
        assert record["ground"] is None or grounds.to_keep(record["ground"]).source


def test_the_terms_of_an_agreement_are_for_its_signatories_only(
    chat: Chat, work: Work, post_office: PostOffice
) -> None:
    shown = rows(proposed(chat, "priya@hartwell.example"))
    assert "Flexiva support" not in shown["kept"]
    assert "202" not in shown["kept"]
    chat.send(choice="erase")
    approve(chat)
    chat.pass_time(timedelta(hours=25))
    work()
    letter = post_office.to("priya@hartwell.example")[-1].text
    assert "the day the agreement ends" in letter
    assert "Flexiva support and hosting" not in letter
    chat.send("stop")


def test_a_signatory_is_told_the_terms(chat: Chat, work: Work, post_office: PostOffice) -> None:
    shown = rows(proposed(chat, "grace@hartwell.example"))
    assert "(Flexiva support and hosting, until " in shown["kept"]
    chat.send(choice="erase")
    approve(chat)
    chat.pass_time(timedelta(hours=25))
    work()
    assert "How long: " in post_office.to("grace@hartwell.example")[-1].text
    assert "the day the agreement ends" not in post_office.to("grace@hartwell.example")[-1].text


def test_a_successor_lets_the_rest_go_too(chat: Chat, work: Work) -> None:
    plan = proposed(chat, "priya@hartwell.example")
    assert [choice["id"] for choice in plan["choices"]] == ["copy_first", "erase", "not_now", "successor"]
    assert chat.send(choice="successor")[-1]["ask"]["field"] == "value"
    noted = chat.send(value="Lena Marsh, lena@hartwell.example")[-1]
    assert [choice["id"] for choice in noted["choices"]] == ["copy_first", "erase", "not_now"]
    chat.send(choice="erase")
    assert chat.cases()[-1].details["successor"].startswith("Lena")
    approve(chat, replaced=True)
    chat.pass_time(timedelta(hours=25))
    assert ("erasure_done", "priya@hartwell.example") in work()
    with chat.database.read() as session:
        assert state(session)["priya"] == {"state": "erased"}


def test_a_legal_hold_stops_an_erasure_and_the_contact_hears_the_usual_words(chat: Chat) -> None:
    with chat.database.write() as session:
        cases.place_hold(session, by="dana", reason="A claim is threatened.", contact_id="tom")
    proposed(chat, "tom@northgate.example")
    said = chat.send(choice="erase")[-1]
    assert said["case"]["state"] == "awaiting_approval"
    assert "legal" not in said["text"]
    with pytest.raises(decisions.DecisionRefused, match="legal hold"):
        approve(chat)
    assert chat.cases()[-1].state == "awaiting_approval"


def test_a_hold_placed_during_the_waiting_time_keeps_everything(chat: Chat, work: Work) -> None:
    proposed(chat, "tom@northgate.example")
    chat.send(choice="erase")
    with chat.database.write() as session:
        decisions.hold(session, newest(session, chat), by="dana", reason="A court has asked for it.")
    chat.pass_time(timedelta(hours=25))
    work()
    with chat.database.read() as session:
        assert state(session)["tom"]["state"] == "active"


def test_what_people_delete_by_hand_is_said_and_given_to_them(
    chat: Chat, work: Work, post_office: PostOffice
) -> None:
    proposed(chat, "tom@northgate.example")
    chat.send(choice="erase")
    chat.pass_time(timedelta(hours=25))
    work()
    assert "our telephone system" in post_office.to("tom@northgate.example")[-1].text
    with chat.database.read() as session:
        kinds = [task.kind for task in cases.open_tasks(session, case=newest(session, chat))]
        searched = cases.searches_of(session, newest(session, chat))
    assert kinds.count("manual_source") == 3
    assert {each.source for each in searched if not each.searched} == {"web_logs", "backups", "products"}
