"""One case's evidence tells somebody who was not there what happened, and how to check it."""

from __future__ import annotations

import json
import re
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from actions.cases import services as cases
from actions.cases.deadlines import zone
from actions.cases.models import Case
from actions.cases.states import TRANSITIONS
from actions.crm import services as crm_services
from actions.database import Database
from actions.evidence.gathering import gather
from actions.evidence.interfaces import Evidence
from actions.evidence.services import as_page, write
from actions.evidence.words import words
from actions.fulfilment import registry
from actions.retention.interfaces import evidence_folder
from actions.rights import decisions
from actions.rights.grounds import grounds
from actions.wording.interfaces import STRENGTH
from tests.support.dialogue import Chat
from tests.support.working import PostOffice, work

PRIYA = "priya@hartwell.example"


@pytest.fixture
def erased(chat: Chat, post_office: PostOffice) -> Case:
    """Priya's erasure under an active agreement: asked, proven, approved after a question, carried out."""
    assert not post_office.letters
    chat.send("erase")
    chat.prove(PRIYA)
    chat.send(choice="erase")
    (case,) = chat.cases()
    work(chat.database)
    with chat.database.write() as session:
        found = session.get_one(Case, case.id)
        cases.ask_contact(session, found, "Which of your two numbers is it?", by="dana")
    chat.pass_time(timedelta(days=2))
    work(chat.database)
    with chat.database.write() as session:
        found = session.get_one(Case, case.id)
        cases.clarified(session, found, by="dana", answer="Both <numbers>.")
        cases.add_note(session, found, "Only for colleagues.", by="dana")
        cases.record_searches(session, found, {"crm": 1}, {"backups": "Beyond use."}, by="dana")
        decisions.approve(session, crm_services.get_crm(), found, by="dana")
    chat.pass_time(timedelta(hours=25))
    work(chat.database)
    return case


def of(database: Database, case: Case, *, with_notes: bool = False) -> Evidence:
    with database.read() as session:
        return gather(session, session.get_one(Case, case.id), with_notes=with_notes)


def test_it_tells_the_whole_story_in_order(chat: Chat, erased: Case) -> None:
    found = of(chat.database, erased)
    assert found.state == "fulfilled"
    told = [line.text for line in found.story]
    assert [line.at for line in found.story] == sorted(line.at for line in found.story)
    for part in (
        "A request was made in the chat on our website (deletion).",
        "The right code was entered",
        "We asked: Which of your two numbers is it?",
        "The answer: Both <numbers>.",
        "Decided: approved.",
        "All but what a ground keeps was deleted in the CRM.",
        "The CRM was read again, and what should be gone is gone.",
        "A letter was sent: “What we deleted, and what we still keep",
        "All of it was done",
    ):
        assert any(part in line for line in told), part
    assert not any("colleagues" in line for line in told)
    assert any(
        "Only for colleagues." in line.text for line in of(chat.database, erased, with_notes=True).story
    )


def test_it_gives_clock_identity_plan_searches_proofs_letters_and_trail(chat: Chat, erased: Case) -> None:
    found = of(chat.database, erased)
    assert found.clock.in_time is True
    # Two days and 25 hours: whoever asks in the last hour of a day sees one more date.
    late = found.clock.received_at.astimezone(zone()).hour == 23
    assert found.clock.days_taken == (4 if late else 3)
    assert found.clock.rows[0]["label"].startswith("UK GDPR Art. 12(3)")
    assert len(found.identity.proven) == 1
    assert found.decision is not None
    assert (found.decision.decision, found.decision.by) == ("approved", "dana")
    assert found.plan is not None
    assert "mobile number" in " ".join(found.plan.deleted)
    assert "service agreement (policy 3 and 9.4" in found.plan.ground
    kept = {one.label: one for one in found.plan.records if one.action == "keep"}
    assert kept
    assert all(one.ground for one in kept.values())
    searched = {one.source: (one.searched, one.note) for one in found.searches}
    assert searched["crm"] == (True, "")
    assert searched["backups"] == (False, "Beyond use.")
    assert any(step.proof and step.state == "done" for step in found.steps)
    letters = {letter.template: letter for letter in found.letters}
    assert letters["erasure_done_kept"].sent_at is not None
    assert letters["erasure_done_kept"].version >= 1
    assert found.trail.chain_broken == ""
    assert found.trail.entries
    assert all(entry.holds for entry in found.trail.entries)
    done = [entry.details for entry in found.trail.entries if entry.action == "step_done"]
    assert {"crm_reduce", "crm_prove_erasure"} <= {each["kind"] for each in done}
    assert "erasure_done_kept" in {each.get("letter") for each in done}
    assert {one.what for one in found.keeping} >= {"letters", "case", "audit"}


def test_colleagues_are_not_spoken_to_as_the_contact_is(chat: Chat, erased: Case) -> None:
    with chat.database.read() as session:
        stored = session.get_one(Case, erased.id).details["plan"]
    spoken = [one["label"] for one in stored["records"]]
    assert any(re.search(r"\byour?\b", label) for label in spoken)
    plan = of(chat.database, erased).plan
    assert plan is not None
    assert len(plan.records) == len(spoken)
    told = [*plan.deleted, *plan.kept, plan.ground, *(f"{one.label} {one.ground}" for one in plan.records)]
    assert [line for line in told if re.search(r"\b(you|your)\b", line)] == []
    assert "the contact's newsletter settings" in plan.deleted
    for words_of in (*words().records.values(), *(each.colleagues for each in grounds().keep.values())):
        assert not re.search(r"\b(you|your)\b", words_of), words_of
    known = {one["record"] for one in stored["records"]} | {"letters", "further"}
    assert words().records.keys() <= known


def test_the_page_needs_nothing_else_and_escapes_what_people_wrote(chat: Chat, erased: Case) -> None:
    page = as_page(of(chat.database, erased))
    assert "Both &lt;numbers&gt;." in page
    assert not re.search(r"<(script|link|img|iframe)\b|\bsrc=|@import|url\(", page)
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page
    for anchor in re.findall(r'href="#(\w+)"', page):
        assert f'id="{anchor}"' in page
    assert erased.reference in page
    assert "None" not in page.replace("None of", "")


def test_the_files_say_the_same_and_are_for_their_owner_only(
    chat: Chat, erased: Case, tmp_path: Path
) -> None:
    found = of(chat.database, erased)
    page, data = write(found, tmp_path / "out")
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in (page, data))
    assert erased.reference in page.read_text(encoding="utf-8")
    read = json.loads(data.read_text(encoding="utf-8"))
    assert read["reference"] == erased.reference
    assert read["clock"]["received_at"].endswith("Z")
    assert read["clock"]["due_on"] == found.clock.due_on.isoformat()
    assert len(read["trail"]["entries"]) == len(found.trail.entries)
    assert read["letters"][-1]["text"] == found.letters[-1].text
    write(found, tmp_path / "out")
    assert len(list((tmp_path / "out").iterdir())) == 2


def test_a_day_later_the_words_are_gone_and_the_facts_are_still_there(chat: Chat, erased: Case) -> None:
    written = write(of(chat.database, erased), evidence_folder())
    chat.pass_time(timedelta(days=2))
    work(chat.database)
    assert not any(path.exists() for path in written), "evidence that lies about is forgotten too"
    found = of(chat.database, erased)
    page = as_page(found)
    assert PRIYA not in page
    assert "Both" not in page
    assert "Its words are not kept any more." in page
    assert all(letter.sent_at for letter in found.letters)
    assert found.plan is not None
    assert found.trail.chain_broken == ""


def test_an_altered_entry_and_a_broken_chain_are_shown(chat: Chat, erased: Case) -> None:
    with chat.database.engine.connect() as connection:
        connection.exec_driver_sql(
            f"UPDATE audit_entries SET actor = 'sam' WHERE subject = '{erased.reference}' AND actor = 'dana'"
        )
        connection.commit()
    found = of(chat.database, erased)
    assert not all(entry.holds for entry in found.trail.entries)
    assert "what stands in it is not what was written" in found.trail.chain_broken
    assert "The chain is broken at entry" in as_page(found)


def test_a_case_of_which_little_is_known_can_be_shown_too(chat: Chat) -> None:
    chat.send("erase")
    (case,) = chat.cases()
    found = of(chat.database, case)
    assert found.plan is None
    assert found.letters == ()
    assert "No letter was written about this case." in as_page(found)
    assert "Not over yet" in as_page(found)


def test_every_transition_and_every_kind_of_proof_has_words() -> None:
    named = {name for names in TRANSITIONS.values() for name in names.values()} | {"case_opened"}
    assert set(words().transitions) == named
    assert set(words().identity) == set(STRENGTH)


def test_no_words_are_left_of_steps_that_are_gone() -> None:
    from actions.fulfilment import handlers

    assert handlers.MODULES
    assert set(words().steps) <= set(registry.kinds())
    assert set(words().proofs) <= set(words().steps)
