"""Every new contact is told once; a kill, a second run and a dry run change nothing of that."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from actions import clock
from actions.cases.models import AgentTask
from actions.crm.demo import load_demo
from actions.crm.embedded import EmbeddedCrm
from actions.crm.interfaces import NewContact
from actions.crm.models import Contact
from actions.database import Database
from actions.fulfilment.models import Step
from actions.notices import services
from actions.notices.models import ContactNotice, NoticeStart

Crm = EmbeddedCrm


@pytest.fixture
def crm(database: Database) -> EmbeddedCrm:
    load_demo(database)
    return EmbeddedCrm(database)


def people(count: int, name: str = "p") -> list[NewContact]:
    return [NewContact({"email": f"{name}{number}@a.example", "name": "P"}) for number in range(count)]


def planned(database: Database) -> list[str]:
    with database.read() as session:
        return [step.payload["contact_id"] for step in session.scalars(select(Step).order_by(Step.id))]


def test_only_those_added_in_the_last_thirty_days_before_we_began_are_told(
    database: Database, crm: Crm
) -> None:
    summary = services.run(database, crm)
    assert planned(database) == ["ana"]
    assert (summary.counts["to_write"], summary.seen, summary.late) == (1, 1, 0)


def test_an_earlier_day_brings_in_those_who_were_there_before(database: Database, crm: Crm) -> None:
    with database.read() as session:
        since = clock.now(session) - timedelta(days=1000)
    summary = services.run(database, crm, since=since)
    assert "tom" in planned(database)
    assert summary.late == summary.counts["to_write"] - 1, "everybody but ana"
    assert summary.counts["by_a_person"] == 2, "omar has left, nora's mailbox bounces"
    assert summary.counts["not_needed"] == 1, "kit is restricted"
    with database.read() as session:
        (task,) = session.scalars(select(AgentTask)).all()
        assert "omar" in task.text
        assert "nora" in task.text
        assert session.get_one(NoticeStart, 1).since == since


def test_nobody_is_planned_twice_however_often_it_runs(database: Database, crm: Crm) -> None:
    crm.add(people(services.PAGE + 20))
    services.run(database, crm)
    first = planned(database)
    assert len(first) == services.PAGE + 21
    assert services.run(database, crm).counts == {"informed": services.PAGE + 21}
    assert planned(database) == first


def test_a_run_that_broke_off_is_completed_by_the_next(
    database: Database, crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    crm.add(people(services.PAGE * 2))
    pages = 0

    def broken(*arguments: object) -> list[str]:
        nonlocal pages
        pages += 1
        if pages == 2:
            raise KeyboardInterrupt
        return whole(*arguments)

    whole = services._plan
    monkeypatch.setattr(services, "_plan", broken)
    with pytest.raises(KeyboardInterrupt):
        services.run(database, crm)
    assert len(planned(database)) == services.PAGE
    monkeypatch.setattr(services, "_plan", whole)
    services.run(database, crm)
    assert len(planned(database)) == len(set(planned(database))) == services.PAGE * 2 + 1


def test_a_dry_run_counts_the_same_and_leaves_no_trace(database: Database, crm: Crm) -> None:
    crm.add(people(30))
    dry = services.run(database, crm, dry_run=True)
    with database.read() as session:
        assert session.scalars(select(ContactNotice)).all() == []
        assert session.scalars(select(NoticeStart)).all() == []
    assert services.run(database, crm).counts == dry.counts


def test_a_limit_ends_the_run_and_the_next_goes_on(database: Database, crm: Crm) -> None:
    crm.add(people(30))
    first = services.run(database, crm, limit=10)
    assert (first.counts["to_write"], first.stopped) == (10, True)
    second = services.run(database, crm, limit=100)
    assert (second.counts["to_write"], second.stopped) == (21, False)
    assert len(set(planned(database))) == 31


def test_the_daily_run_comes_a_day_after_we_began_and_then_every_day(
    database: Database, crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services.crm_services, "get_crm", lambda: crm)
    assert services.daily(database) == 0
    assert planned(database) == [], "time for a dry run first"
    for day in range(4):
        with database.write() as session:
            clock.advance(session, timedelta(hours=25))
        assert services.daily(database) == (1 if day in (0, 2) else 0)
        assert services.daily(database) == 0
        if day == 1:
            crm.add(people(1, "late"))
    assert len(planned(database)) == 2


def test_everybody_is_told_within_thirty_days_even_after_a_long_outage(
    database: Database, crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services.crm_services, "get_crm", lambda: crm)
    services.run(database, crm)
    crm.add(people(1, "early"))
    with database.write() as session:
        clock.advance(session, timedelta(days=90))
    assert services.daily(database) == 1
    assert len(planned(database)) == 2


def test_a_contact_whom_the_crm_dates_back_is_found(database: Database, crm: Crm) -> None:
    services.run(database, crm)
    with database.write() as session:
        clock.advance(session, timedelta(days=40))
    services.run(database, crm)
    crm.add(people(1))
    with database.write() as session:
        row = session.scalars(select(Contact).order_by(Contact.added_at.desc())).first()
        assert row is not None
        row.added_at -= timedelta(days=30)
    assert services.run(database, crm).counts["to_write"] == 1
