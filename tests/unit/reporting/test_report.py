"""A month's report counts what was there, and shows it."""

from __future__ import annotations

import base64
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from sqlalchemy.orm import Session

from actions import clock
from actions.audit import record
from actions.cases import services as cases
from actions.cases.models import Case
from actions.database import Database
from actions.reporting.figures import count
from actions.reporting.interfaces import Figures, Month
from actions.reporting.services import as_page, write

NOVEMBER = Month(2026, 11)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The present, which a test sets by its one item: the 3rd of December at first."""
    present = [datetime(2026, 12, 3, 10, tzinfo=UTC)]
    monkeypatch.setattr(clock.services, "machine_now", lambda: present[0])
    return present


def asked(session: Session, day: date, right: str = "access", **more: object) -> Case:
    received = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    options = {"state": "awaiting_approval"} | more
    return cases.open_case(session, right=right, conversation_id=None, received_at=received, **options)  # type: ignore[arg-type]


def closed(
    session: Session, at: list[datetime], case: Case, days: int, outcome: str = "fulfilled", ground: str = ""
) -> None:
    present, at[0] = at[0], case.received_at + timedelta(days=days)
    if outcome == "refused":
        cases.decide(session, case, "refused", by="dana", reason="Because.", ground=ground)
    cases.move(session, case, outcome, by="dana" if outcome == "refused" else "worker")
    at[0] = present


@pytest.fixture
def november(database: Database, at: list[datetime]) -> Figures:
    """A November with a bit of everything."""
    with database.write() as session:
        quick = [asked(session, date(2026, 11, day)) for day in (2, 2, 3)]
        for case in quick:
            closed(session, at, case, 0)
        closed(session, at, asked(session, date(2026, 10, 1), "erasure"), 35)
        refused = asked(session, date(2026, 11, 9), "erasure")
        closed(session, at, refused, 6, "refused", "UK GDPR Art. 17(3)(e)")
        closed(session, at, asked(session, date(2026, 11, 10), "objection"), 1, "withdrawn")
        asked(session, date(2026, 11, 30), "complaint")
        asked(session, date(2026, 10, 20), "restriction")
        asked(session, date(2026, 11, 12), "access", state="draft")
        closed(session, at, asked(session, date(2026, 12, 1)), 1)
        asked(session, date(2026, 1, 5))
        at[0] = datetime(2026, 11, 20, tzinfo=UTC)
        record(
            session,
            actor="worker",
            action="retention_applied",
            subject="retention",
            details={"rule": "turns", "count": 7},
        )
        at[0] = datetime(2026, 12, 3, 10, tzinfo=UTC)
    with database.read() as session:
        return count(session, NOVEMBER)


def test_a_month_is_counted_by_what_came_and_what_ended_in_it(november: Figures) -> None:
    assert november.received == 7
    assert november.by_day[date(2026, 11, 2)] == 2
    assert len(november.by_day) == 30
    assert (len(november.closed), len(november.answered), len(november.refused)) == (6, 5, 1)
    assert november.in_time == 4, "the erasure of October took 35 days"
    assert november.without_a_person == 4
    assert november.unfinished == 1
    assert november.expired_data == {"turns": 7}


def test_each_right_has_its_own_line(november: Figures) -> None:
    lines = {right.right: right for right in november.rights}
    access = lines["access"]
    assert (access.received, access.outcome("fulfilled"), access.median_days, access.slowest_days) == (
        4,
        3,
        0,
        0,
    )
    erasure = lines["erasure"]
    assert (erasure.received, erasure.outcome("refused"), erasure.slowest_days, erasure.in_time) == (
        1,
        1,
        35,
        1,
    )
    assert lines["objection"].median_days is None
    assert "portability" not in lines


def test_what_is_late_at_the_end_is_named(november: Figures) -> None:
    assert [(one.right, one.days) for one in november.late] == [("access", 298), ("restriction", 10)]
    assert november.open_at_end == 3


def test_the_trend_covers_twelve_months(november: Figures) -> None:
    months = list(november.trend)
    assert (str(months[0]), str(months[-1]), len(months)) == ("2025-12", "2026-11", 12)
    assert november.trend[Month(2026, 10)] == 2
    assert november.trend[Month(2026, 1)] == 1


def test_days_and_months_are_those_of_london(database: Database, at: list[datetime]) -> None:
    at[0] = datetime(2026, 8, 5, tzinfo=UTC)
    with database.write() as session:
        cases.open_case(
            session,
            right="access",
            conversation_id=None,
            received_at=datetime(2026, 6, 30, 23, 30, tzinfo=UTC),
        )
    with database.read() as session:
        assert count(session, Month(2026, 6)).received == 0
        assert count(session, Month(2026, 7)).by_day[date(2026, 7, 1)] == 1


def test_the_present_month_is_counted_up_to_now(database: Database, at: list[datetime]) -> None:
    with database.write() as session:
        asked(session, date(2026, 12, 1))
    with database.read() as session:
        found = count(session, Month(2026, 12))
    assert (found.received, found.over, found.open_at_end) == (1, False, 1)
    assert "the month is not over" in as_page(found)


def test_the_page_needs_nothing_else_and_names_nobody(november: Figures, tmp_path: Path) -> None:
    path = write(november, tmp_path / "reports")
    assert path.name == "2026-11.html"
    page = path.read_text(encoding="utf-8")
    assert "Privacy requests, November 2026" in page
    assert "80 %" in page
    assert not re.search(r'<script|src="(?!data:)|url\(|@import', page)
    pictures = re.findall(r'<img src="data:image/svg\+xml;base64,([^"]+)" alt="([^"]+)"', page)
    assert len(pictures) == 5
    for picture, said in pictures:
        assert ElementTree.fromstring(base64.b64decode(picture)).tag.endswith("svg")  # our own
        assert len(said) > 20
    assert "UK GDPR Art. 17(3)(e)" in page
    assert "Because." not in page, "a reason may name somebody"


def test_an_empty_month_is_a_page_too(database: Database, at: list[datetime]) -> None:
    with database.read() as session:
        page = as_page(count(session, Month(2026, 10)))
    for part in ("Nothing was closed", "Nothing was answered", "Nothing was refused", "Nothing was due"):
        assert part in page


def test_the_same_month_gives_the_same_page(november: Figures) -> None:
    assert as_page(november) == as_page(november)


@pytest.mark.parametrize(("text", "back", "wanted"), [("2026-01", 1, "2025-12"), ("2026-11", 11, "2025-12")])
def test_months_are_counted_back_over_the_year(text: str, back: int, wanted: str) -> None:
    assert str(Month.read(text).back(back)) == wanted
    assert Month.read(wanted).back(-back) == Month.read(text)


@pytest.mark.parametrize("text", ["2026-13", "November", "2026", "2026-11-01"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Month.read(text)
