"""The suppression list survives erasure, changes of key and changes of mind."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable

import pytest
from sqlalchemy import select

from actions.database import Database
from actions.preferences import fingerprints, services
from actions.preferences.models import Suppression
from actions.settings import get_settings

TOM = "tom@northgate.example"
UseKeys = Callable[..., None]


@pytest.fixture
def use_keys(monkeypatch: pytest.MonkeyPatch) -> UseKeys:
    """Set the fingerprints' keys, newest first."""
    known = {name: base64.b64encode(os.urandom(32)).decode() for name in ("2026", "2027")}

    def use(*names: str) -> None:
        content = ",".join(f'"{name}":"{known[name]}"' for name in names)
        monkeypatch.setenv("RIGHTLINE_FINGERPRINT_KEYS", f"{{{content}}}")
        get_settings.cache_clear()
        fingerprints._keys.cache_clear()

    return use


def objected(database: Database) -> None:
    with database.write() as session:
        services.suppress(session, "email", TOM, topics=["monthly_newsletter"], reason="objection")


def topics_of(database: Database, address: str = TOM) -> frozenset[str]:
    with database.read() as session:
        return services.suppressed_topics(session, "email", address)


def test_a_fingerprint_made_by_an_old_key_is_still_recognised(database: Database, use_keys: UseKeys) -> None:
    objected(database)
    use_keys("2026")
    assert topics_of(database) == {"monthly_newsletter"}
    use_keys("2027", "2026")
    assert topics_of(database) == {"monthly_newsletter"}
    assert topics_of(database, "priya@hartwell.example") == frozenset()


def test_it_is_made_anew_when_the_address_comes_by_so_that_the_old_key_can_go(
    database: Database, use_keys: UseKeys
) -> None:
    use_keys("2026")
    objected(database)
    use_keys("2027", "2026")
    with database.write() as session:
        assert services.by_key(session) == {"2026": 1}
        services.suppress(session, "email", TOM, topics=["sales_and_marketing"], reason="objection")
        assert services.by_key(session) == {"2027": 1}
    use_keys("2027")
    assert topics_of(database) == {"monthly_newsletter", "sales_and_marketing"}
    with database.read() as session:
        assert len(session.scalars(select(Suppression)).all()) == 1


def test_a_key_that_is_no_key_is_named(use_keys: UseKeys, monkeypatch: pytest.MonkeyPatch) -> None:
    use_keys("2026")
    monkeypatch.setenv("RIGHTLINE_FINGERPRINT_KEYS", '{"2026":"c2hvcnQ="}')
    get_settings.cache_clear()
    fingerprints._keys.cache_clear()
    with pytest.raises(ValueError, match="RIGHTLINE_FINGERPRINT_KEYS: the key '2026'"):
        fingerprints.current("email", TOM)


def test_an_erased_person_may_come_back_only_at_a_persons_word(database: Database) -> None:
    with database.write() as session:
        services.remember_erased(session, "email", TOM, case_reference="PR-7F3K-9Q2M")
        services.suppress(session, "email", TOM, topics=["monthly_newsletter"], reason="erasure")
        assert services.lift(session, "email", TOM)
        assert services.standing(session, "email", TOM).erased_at is not None, "marketing is another thing"
        assert services.allow_again(session, "email", TOM, by="dana", reason="a customer again")
        assert not services.allow_again(session, "email", TOM, by="dana", reason="a customer again")
        assert services.standing(session, "email", TOM).erased_at is None


def test_a_person_at_a_shared_address_is_told_from_the_others(database: Database) -> None:
    with database.write() as session:
        services.remember_erased(session, "person", "a@b.example", "Jo Whitlock", case_reference="PR")
    with database.read() as session:
        assert services.standing(session, "person", "A@B.example", " jo  whitlock ").erased_at
        assert services.standing(session, "person", "a@b.example", "Lee Nakamura").erased_at is None
        assert services.standing(session, "email", "a@b.example").erased_at is None
