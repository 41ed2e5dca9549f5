"""What an agent decides: refusals on a ground, authority accepted, reports, and alerts of a flood."""

from __future__ import annotations

from typing import Any

import pytest

from actions.cases import services as cases
from actions.cases.models import Case
from actions.cases.services import by_reference
from actions.crm.embedded import EmbeddedCrm
from actions.rights import breach, decisions, marketing
from tests.support.dialogue import Chat
from tests.support.working import PostOffice
from tests.unit.rights.conftest import Work


def newest(session: Any, chat: Chat) -> Case:
    case = by_reference(session, chat.cases()[-1].reference)
    assert case is not None
    return case


def refuse(chat: Chat, **how: Any) -> None:
    with chat.database.write() as session:
        decisions.refuse(
            session, newest(session, chat), by="dana", reason="No.", crm=EmbeddedCrm(chat.database), **how
        )


def objected(chat: Chat) -> None:
    chat.send("object")
    chat.prove("tom@northgate.example")
    chat.send(value="I mind.")


def test_a_refusal_names_the_rule_behind_it(chat: Chat, work: Work, post_office: PostOffice) -> None:
    objected(chat)
    refuse(chat, ground="outweighed")
    work()
    letter = next(one for one in post_office.letters if "About your request" in one.subject).text
    assert "our reasons weigh more than the objection (UK GDPR Art. 21(1))" in letter
    assert "Information Commissioner" in letter
    assert chat.cases()[-1].ground == "UK GDPR Art. 21(1)"


def test_a_refusal_without_a_ground_says_nothing_of_rules(
    chat: Chat, work: Work, post_office: PostOffice
) -> None:
    objected(chat)
    refuse(chat)
    work()
    assert not any("The rule behind it" in letter.text for letter in post_office.letters)


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"ground": "whim"}, "no ground 'whim'"),
        ({"ground": "excessive"}, "officer's sign-off"),
        ({"ground": "excessive", "signed_off_by": "Ruth"}, "has to be shown"),
    ],
)
def test_a_ground_must_be_known_and_signed_off_where_the_law_wants_it(
    chat: Chat, how: dict[str, str], message: str
) -> None:
    objected(chat)
    with pytest.raises(decisions.DecisionRefused, match=message):
        refuse(chat, **how)
    assert chat.cases()[-1].state == "awaiting_approval"


def test_excessive_is_refused_with_the_officers_name_kept(chat: Chat) -> None:
    objected(chat)
    refuse(chat, ground="excessive", signed_off_by="Ruth", evidence="Nine in a week.")
    with chat.database.read() as session:
        notes = cases.notes_of(session, newest(session, chat))
    assert any("signed off by Ruth" in note.text for note in notes)
    assert [note.text for note in notes if note.kind == "evidence"] == ["Nine in a week."]


def test_a_representative_proves_authority_before_anything_is_opened(chat: Chat, work: Work) -> None:
    chat.send(
        "on_behalf", requests=[{"name": "on_behalf", "slots": {"relation": "client", "wants": "access"}}]
    )
    chat.send(value="I am her solicitor.")
    said = chat.send(email="quill@solicitors.example")[-1]
    assert said["case"]["right"] == "other"
    with chat.database.write() as session:
        case = newest(session, chat)
        assert [task.kind for task in cases.open_tasks(session, case=case)] == ["authority"]
        decisions.approve(session, EmbeddedCrm(chat.database), case, by="dana", contact_id="priya")
    opened = chat.cases()[-1]
    assert (opened.right, opened.state, opened.contact_id) == ("access", "awaiting_approval", "priya")
    assert opened.address == "quill@solicitors.example"
    assert ("access_answer", "quill@solicitors.example") not in work()
    with chat.database.write() as session:
        case = by_reference(session, opened.reference)
        assert case is not None
        decisions.approve(session, EmbeddedCrm(chat.database), case, by="dana")
    assert ("access_answer", "quill@solicitors.example") in work()


def test_a_representative_without_a_named_contact_opens_nothing(chat: Chat) -> None:
    chat.send("on_behalf", requests=[{"name": "on_behalf", "slots": {"wants": "erase"}}])
    chat.send(value="I am his wife.")
    chat.send(email="wife@elsewhere.example")
    with chat.database.write() as session:
        decisions.approve(session, EmbeddedCrm(chat.database), newest(session, chat), by="dana")
    assert len(chat.cases()) == 1


def test_a_mis_sent_answer_pages_the_officer_and_is_linked_to_its_case(
    chat: Chat, work: Work, post_office: PostOffice
) -> None:
    chat.send("portability")
    chat.prove("tom@northgate.example")
    with chat.database.write() as session:
        found = breach.report(session, by="dana", words="Wrong file.", about=newest(session, chat))
        assert found.state == "awaiting_approval"
        assert [case.right for case, _ in cases.linked(session, found)] == ["portability"]
        assert breach.ends(found) - found.received_at == breach.HOURS
    work()
    assert post_office.to("privacy@flexiva.example")[-1].subject.startswith("Breach report")


def test_many_opt_outs_from_one_network_raise_an_alert_and_are_all_served(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marketing, "BURST", 3)
    with chat.database.write() as session:
        from actions.conversations import log

        conversation = log.lock(session, chat.id)
        assert conversation is not None
        conversation.network = "198.51.100.0/24"
    for number in range(3):
        chat.send("opt_out", email=f"someone{number}@elsewhere.example")
        chat.send(choice="cancel")
    with chat.database.read() as session:
        alerts = [task for task in cases.open_tasks(session) if task.kind == "alert"]
    assert len(alerts) == 1
    assert "3 requests" in alerts[0].text
    assert len(chat.cases()) == 3
