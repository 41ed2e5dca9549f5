"""What is too old goes, in batches, unless a legal hold keeps it; and nothing of it is left in the files."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from actions import clock
from actions.audit import verify
from actions.audit.models import AuditEntry
from actions.cases import services as cases
from actions.cases.models import AgentTask, Case, CaseEvent, CaseLink, LegalHold
from actions.conversations import log
from actions.conversations.models import Conversation, Message
from actions.database import Base, Database
from actions.erasures.models import DeferredErasure
from actions.fulfilment.models import Step
from actions.fulfilment.services import plan_step
from actions.identity import services as identity
from actions.identity.models import IdentityProof, VerificationCode
from actions.limits import hit
from actions.limits.models import RateCounter
from actions.mail.models import SentLetter
from actions.preferences import services as preferences
from actions.preferences.models import Suppression
from actions.retention import services as retention
from actions.retention import sweepers
from actions.retention.interfaces import evidence_folder
from actions.retention.models import RetentionRun
from actions.retention.rules import rules
from actions.tasks.models import Task
from actions.vault import services as vault
from actions.vault.models import VaultedValue
from tests.support.store import conversation, on_sqlite

A_DAY = timedelta(days=1)


def later(database: Database, by: timedelta) -> int:
    """Move the clock, and let everything be swept that is due; returns how much went."""
    with database.write() as session:
        clock.advance(session, by)
    with capture_logs() as said:
        gone = retention.sweep(database)
    assert [one for one in said if one["event"] == "retention_failed"] == []
    return gone


def left(database: Database, table: type[Base]) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def closed_case(session: Session, place: str | None = None, state: str = "withdrawn", **more: object) -> Case:
    case = cases.open_case(
        session,
        right="erasure",
        conversation_id=place,
        received_at=clock.now(session),
        **more,  # type: ignore[arg-type]
    )
    cases.move(session, case, state, by="worker")
    return case


def newest_case(database: Database) -> None:
    """The newest case stays for its number's sake, so tests have one more."""
    with database.write() as session:
        cases.open_case(session, right="access", conversation_id=None, received_at=clock.now(session))


def test_the_vault_goes_after_hours_and_attempts_after_days(database: Database) -> None:
    place = conversation(database)
    with database.write() as session:
        chat = log.lock(session, place)
        assert chat is not None
        vault.put(session, place, "value", "something")
        identity.send_code(session, chat, "priya@hartwell.example")
        hit(session, "messages", "5/minute", place)
    assert later(database, rules().keep("vault").at_most - A_DAY / 24) == 1, "the counter of that minute"
    assert (left(database, VaultedValue), left(database, RateCounter)) == (1, 0)
    later(database, A_DAY / 12)
    assert (left(database, VaultedValue), left(database, VerificationCode)) == (0, 1)
    later(database, rules().keep("attempts").at_most)
    assert (left(database, VerificationCode), left(database, Conversation)) == (0, 1)


def test_a_proof_goes_with_the_attempts(database: Database) -> None:
    place = conversation(database)
    with database.write() as session:
        at = clock.now(session)
        session.add(
            IdentityProof(
                conversation_id=place,
                address="a@b.example",
                proven_at=at,
                expires_at=at + timedelta(minutes=30),
            )
        )
    later(database, rules().keep("attempts").at_most - A_DAY)
    assert left(database, IdentityProof) == 1
    later(database, A_DAY)
    assert left(database, IdentityProof) == 0


def test_a_conversation_goes_with_all_it_holds_but_not_while_its_case_is_open(database: Database) -> None:
    quiet, busy = conversation(database), conversation(database)
    with database.write() as session:
        for place in (quiet, busy):
            chat = log.lock(session, place)
            assert chat is not None
            log.append(session, chat, "contact", {"text": "canary"})
        done = closed_case(session, quiet)
        session.add(
            Task(
                conversation_id=quiet,
                intent="erase",
                state="over",
                case_id=done.id,
                asked_at=clock.now(session),
                data={},
            )
        )
        cases.open_case(session, right="access", conversation_id=busy, received_at=clock.now(session))
    later(database, rules().keep("conversations").at_most + A_DAY)
    with database.read() as session:
        assert list(session.scalars(select(Conversation.id))) == [busy]
        assert list(session.scalars(select(Message.conversation_id))) == [busy]
        found = session.get_one(Case, done.id)
        assert found.conversation_id is None
        (note,) = cases.notes_of(session, found)
        assert (note.kind, note.by) == ("retention", "worker")
        assert note.text == "The conversation was deleted: 90 days had passed since its last message."


def test_a_case_goes_after_years_with_all_that_hangs_on_it(database: Database) -> None:
    place = conversation(database)
    with database.write() as session:
        case = closed_case(session, place, state="fulfilled", address="priya@hartwell.example")
        other = closed_case(session)
        cases.link(session, case, other, by="dana")
        cases.add_note(session, case, "A note.", by="dana")
        cases.add_tag(session, case, "restricted", by="dana")
        cases.record_search(session, case, "crm", by="dana", found=1)
        task = cases.raise_task(session, key="k", kind="review", text="Read.", case=case)
        cases.complete(session, task, by="dana")
        step = plan_step(session, kind="mail", payload={}, key="s", case=case)
        step.state, step.done_at = "done", clock.now(session)
        session.add(
            Task(
                conversation_id=place,
                intent="erase",
                state="over",
                case_id=case.id,
                asked_at=clock.now(session),
                data={},
            )
        )
    newest_case(database)
    later(database, timedelta(days=6 * 365))
    assert left(database, Case) == 3
    later(database, timedelta(days=3))
    assert left(database, Case) == 1
    for table in (CaseEvent, CaseLink, AgentTask, Step):
        with database.read() as session:
            column = table.case_id
            assert session.scalar(select(func.count()).where(column.in_([case.id, other.id]))) == 0, table


@pytest.mark.parametrize("what", ["open", "task", "step", "deferred", "review"])
def test_a_case_of_which_something_is_still_to_be_done_stays(database: Database, what: str) -> None:
    with database.write() as session:
        case = closed_case(session, state="in_progress") if what == "open" else closed_case(session)
        at = clock.now(session)
        if what == "task":
            cases.raise_task(session, key="k", kind="review", text="Read.", case=case)
        if what == "step":
            plan_step(
                session, kind="mail", payload={}, key="s", case=case, not_before=at + timedelta(days=9999)
            )
        if what == "deferred":
            session.add(
                DeferredErasure(
                    case_id=case.id,
                    contact_id="priya",
                    ground="active_agreement",
                    state="waiting",
                    look_at=at,
                )
            )
        if what == "review":
            case.review_on = (at + timedelta(days=9999)).date()
    newest_case(database)
    later(database, timedelta(days=7 * 366))
    assert left(database, Case) == 2


def test_of_the_newest_case_nothing_but_its_number_stays(database: Database) -> None:
    with database.write() as session:
        closed_case(session)
        newest = closed_case(session, contact_id="canary", address="canary@hartwell.example")
        newest.details["plan"] = {"keep": ["canary"]}
        cases.add_note(session, newest, "canary", by="dana")
    later(database, timedelta(days=6 * 366 + 2))
    with database.read() as session:
        (left_over,) = session.scalars(select(Case)).all()
        assert left_over.id == newest.id
        assert (left_over.contact_id, left_over.address_hash, left_over.details) == (None, None, {})
        assert cases.history(session, left_over) == cases.notes_of(session, left_over) == []
    assert later(database, A_DAY) == 0, "it is emptied once"
    with database.write() as session:
        following = closed_case(session)
        assert following.id == newest.id + 1


def test_a_request_that_was_abandoned_goes_earlier(database: Database) -> None:
    with database.write() as session:
        closed_case(session, state="expired")
        closed_case(session, state="withdrawn")
    newest_case(database)
    later(database, timedelta(days=190))
    with database.read() as session:
        assert set(session.scalars(select(Case.state))) == {"withdrawn", "draft"}


def test_a_legal_hold_keeps_everything_it_covers_and_nothing_else(database: Database) -> None:
    held, free = conversation(database), conversation(database)
    with database.write() as session:
        for place, name in ((held, "priya"), (free, "tom")):
            case = closed_case(session, place, contact_id=name, address=f"{name}@hartwell.example")
            vault.put(session, place, "value", "something")
            if place == held:
                hold = cases.place_hold(session, case=case, by="dana", reason="Court order.")
        other = closed_case(session, contact_id="priya")
    newest_case(database)
    later(database, timedelta(days=2))
    with database.read() as session:
        assert list(session.scalars(select(VaultedValue.conversation_id))) == [held]
    later(database, timedelta(days=7 * 366))
    with database.read() as session:
        assert list(session.scalars(select(Conversation.id))) == [held]
        assert set(session.scalars(select(Case.contact_id))) == {"priya", None}
        assert session.get(Case, other.id) is not None
    with database.write() as session:
        cases.lift_hold(session, session.get_one(LegalHold, hold.id), by="dana")
    later(database, A_DAY)
    assert (left(database, Conversation), left(database, Case), left(database, VaultedValue)) == (0, 1, 0)


def test_what_belongs_to_no_case_goes_by_its_own_time(database: Database) -> None:
    with database.write() as session:
        for number in (1, 2):
            step = plan_step(session, kind="mail", payload={}, key=f"s{number}")
            step.state, step.done_at = "done", clock.now(session)
            task = cases.raise_task(session, key=f"t{number}", kind="call_back", text="Call.")
            cases.complete(session, task, by="dana")
        preferences.suppress(session, "email", "a@b.example", topics=["x"], reason="objection")
        preferences.suppress(session, "email", "c@d.example", topics=["x"], reason="objection")
        preferences.lift(session, "email", "a@b.example")
        hold = cases.place_hold(session, contact_id="tom", by="dana", reason="Claim.")
        cases.lift_hold(session, hold, by="dana")
    later(database, timedelta(days=31))
    with database.read() as session:
        assert list(session.scalars(select(Step.key))) == ["s2"], "the newest stays for its number's sake"
    later(database, timedelta(days=340))
    with database.read() as session:
        assert list(session.scalars(select(AgentTask.key))) == ["t2"]
        assert list(session.scalars(select(Suppression.lifted_at))) == [None]
    assert left(database, LegalHold) == 1
    later(database, timedelta(days=6 * 366))
    assert left(database, LegalHold) == 0


def test_the_words_of_letters_go_before_the_case_does(database: Database) -> None:
    with database.write() as session:
        case = closed_case(session, address="priya@hartwell.example")
        still = cases.open_case(session, right="access", conversation_id=None, received_at=clock.now(session))
        for one in (case, still):
            session.add(
                SentLetter(
                    case_id=one.id,
                    key=f"k{one.id}",
                    template="code",
                    version=3,
                    address_hash="h",
                    content={"text": "canary"},
                    attachments=[],
                    posted_at=clock.now(session),
                )
            )
    later(database, timedelta(days=2 * 366 + 1))
    with database.read() as session:
        letters = session.scalars(select(SentLetter).order_by(SentLetter.id)).all()
        assert [(letter.content, letter.version) for letter in letters] == [
            (None, 3),
            ({"text": "canary"}, 3),
        ]


def test_batches_are_bounded_and_go_on_at_once(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    small = rules().model_copy(update={"batch": 3})
    monkeypatch.setattr(retention, "rules", lambda: small)
    places = [conversation(database) for _ in range(7)]
    assert len(places) == 7
    with database.write() as session:
        clock.advance(session, rules().keep("conversations").at_most + A_DAY)
    went = [retention.sweep(database) for _ in range(4)]
    assert went == [3, 3, 1, 0]


def test_between_two_looks_an_hour_passes(database: Database) -> None:
    retention.sweep(database)
    conversation(database)
    with database.write() as session:
        session.execute(text("UPDATE conversations SET active_at = '2001-01-01 00:00:00.000000'"))
    assert retention.sweep(database) == 0
    assert later(database, timedelta(hours=1)) == 1


def test_the_audit_trail_is_told_numbers_only_and_once_a_day(database: Database) -> None:
    def one_more() -> None:
        place = conversation(database)
        with database.write() as session:
            session.execute(
                text("UPDATE conversations SET active_at = '2001-01-01 00:00:00.000000' WHERE id = :id"),
                {"id": place},
            )

    for _ in range(3):
        one_more()
        later(database, timedelta(hours=2))
    later(database, A_DAY)
    with database.read() as session:
        told = [
            (entry.subject, entry.details)
            for entry in session.scalars(select(AuditEntry).where(AuditEntry.action == "retention_applied"))
        ]
        assert told == [
            ("retention", {"rule": "conversations", "count": 1}),
            ("retention", {"rule": "conversations", "count": 2}),
        ]
        assert verify(session) is None


def test_the_oldest_audit_entries_go_and_the_rest_stays_provable(database: Database) -> None:
    with database.write() as session:
        gone = closed_case(session)
        kept = cases.open_case(session, right="access", conversation_id=None, received_at=clock.now(session))
        closed_case(session)
    later(database, timedelta(days=6 * 366 + 2))
    later(database, timedelta(days=367))
    with database.read() as session:
        subjects = set(session.scalars(select(AuditEntry.subject)))
        assert gone.reference not in subjects
        assert kept.reference in subjects, "a case that is kept keeps its entries"
        assert verify(session) is None
    with database.engine.connect() as connection:
        connection.exec_driver_sql("UPDATE audit_head SET first_id = first_id + 1")
        connection.exec_driver_sql("DELETE FROM audit_entries WHERE id = (SELECT min(id) FROM audit_entries)")
        connection.commit()
    with database.read() as session:
        assert verify(session) is not None, "nobody else may cut the chain"


def test_evidence_files_go_after_days(database: Database) -> None:
    folder = evidence_folder()
    folder.mkdir(parents=True, exist_ok=True)
    old, new = folder / "PR-OLD.html", folder / "PR-NEW.html"
    for path in (old, new):
        path.write_text("evidence")
    a_while_ago = clock.services.machine_now() - rules().keep("evidence").at_most - A_DAY
    os.utime(old, (a_while_ago.timestamp(), a_while_ago.timestamp()))
    retention.sweep(database)
    assert (old.exists(), new.exists()) == (False, True)
    new.unlink()


def test_a_rule_that_fails_does_not_keep_the_others_from_being_applied(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_session: Session, _sweep: sweepers.Sweep) -> int:
        raise RuntimeError("canary")

    monkeypatch.setattr(retention, "SWEEPERS", dict(sweepers.SWEEPERS) | {"vault": broken})
    conversation(database)
    with database.write() as session:
        clock.advance(session, rules().keep("conversations").at_most + A_DAY)
    with capture_logs() as said:
        assert retention.sweep(database) == 1
    assert [(one["rule"], one["error"]) for one in said if one["event"] == "retention_failed"] == [
        ("vault", "RuntimeError")
    ]


def test_a_clock_set_back_stops_nothing(database: Database) -> None:
    later(database, timedelta(days=1000))
    with database.write() as session:
        clock.reset(session)
        session.execute(text("UPDATE retention_runs SET more = false"))
    conversation(database)
    with database.write() as session:
        session.execute(text("UPDATE conversations SET active_at = '2001-01-01 00:00:00.000000'"))
    assert retention.sweep(database) == 1


@on_sqlite
def test_what_is_deleted_is_in_no_file_any_more(database: Database, tmp_path: Path) -> None:
    place = conversation(database)
    with database.write() as session:
        # The network is kept in the clear here, so that the search has something to find.
        session.get_one(Conversation, place).network = "canary-in-the-file"

    def stored() -> bytes:
        return b"".join(path.read_bytes() for path in tmp_path.glob("rightline.db*"))

    assert b"canary-in-the-file" in stored()
    later(database, rules().keep("conversations").at_most + A_DAY)
    assert b"canary-in-the-file" not in stored()


@on_sqlite
def test_a_reader_in_the_way_postpones_the_clearing_only(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("actions.database.wiping.WAIT_MS", 50)
    place = conversation(database)
    with database.write() as session:
        session.get_one(Conversation, place).network = "canary-in-the-file"
        clock.advance(session, rules().keep("conversations").at_most + A_DAY)
    with database.read() as reading:
        reading.scalar(select(func.count()).select_from(Conversation))
        assert retention.sweep(database) == 1
    with database.read() as session:
        assert session.get_one(RetentionRun, retention.CLEARING).more
    assert retention.sweep(database) == 0
    assert b"canary-in-the-file" not in b"".join(path.read_bytes() for path in tmp_path.glob("rightline.db*"))
    with database.read() as session:
        assert not session.get_one(RetentionRun, retention.CLEARING).more
