"""Rate limits: atomic, by our clock, taken back with what they allowed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from actions import clock
from actions.database import Database
from actions.limits import LimitExceeded, hit
from actions.limits.models import RateCounter
from actions.limits.services import network_of
from actions.limits.storage import DatabaseStorage


def hits(database: Database, name: str, limit: str, who: str, times: int = 1) -> None:
    for _ in range(times):
        with database.write() as session:
            hit(session, name, limit, who)


def test_so_many_and_no_more_until_the_window_has_ended(database: Database) -> None:
    hits(database, "messages", "3/minute", "a", 3)
    with pytest.raises(LimitExceeded) as refused:
        hits(database, "messages", "3/minute", "a")
    assert 59 <= refused.value.retry_after_seconds <= 60
    hits(database, "messages", "3/minute", "b", 3)
    hits(database, "codes", "3/minute", "a", 3)
    with database.write() as session:
        clock.advance(session, timedelta(seconds=61))
    hits(database, "messages", "3/minute", "a", 3)
    with pytest.raises(LimitExceeded):
        hits(database, "messages", "3/minute", "a")


def test_a_refused_hit_does_not_count(database: Database) -> None:
    hits(database, "messages", "1/minute", "a")
    for _ in range(3):
        with pytest.raises(LimitExceeded):
            hits(database, "messages", "1/minute", "a")
    with database.read() as session:
        assert session.scalars(select(RateCounter.hits)).all() == [1]


def test_what_is_rolled_back_was_not_counted(database: Database) -> None:
    def fail() -> None:
        with database.write() as session:
            hit(session, "messages", "1/minute", "a")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    hits(database, "messages", "1/minute", "a")


def test_several_limits_hold_together(database: Database) -> None:
    hits(database, "messages", "2/minute;3/hour", "a", 2)
    with database.write() as session:
        clock.advance(session, timedelta(minutes=2))
    hits(database, "messages", "2/minute;3/hour", "a")
    with pytest.raises(LimitExceeded) as refused:
        hits(database, "messages", "2/minute;3/hour", "a")
    assert refused.value.retry_after_seconds > 3000


def test_no_hit_is_lost_between_threads(database: Database) -> None:
    def one(_: int) -> bool:
        try:
            hits(database, "messages", "50/hour", "a")
        except LimitExceeded:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(one, range(80))) == 50


def test_counters_name_nobody(database: Database) -> None:
    hits(database, "codes", "3/minute", "tom@northgate.example")
    with database.read() as session:
        assert "northgate" not in str(session.scalar(select(RateCounter.key)))


def test_the_storage_answers_what_the_library_asks(database: Database) -> None:
    with database.write() as session:
        storage = DatabaseStorage(session)
        assert storage.check()
        assert storage.get("k") == 0
        assert storage.get_expiry("k") == pytest.approx(clock.now(session).timestamp(), abs=1)
        assert [storage.incr("k", 60), storage.incr("k", 60, 2)] == [1, 3]
        assert storage.get("k") == 3
        assert storage.get_expiry("k") == pytest.approx(clock.now(session).timestamp() + 60, abs=1)
        storage.clear("k")
        assert storage.get("k") == 0
        storage.incr("k", 60)
        storage.reset()
        assert storage.get("k") == 0


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.0.0.2", "127.0.0.2"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unix", "unix"),
    ],
)
def test_whom_an_address_counts_as(address: str, expected: str) -> None:
    assert network_of(address) == expected
