"""No contact sees, changes or learns the existence of another's data, however two conversations interleave.

What the first contact is told, and their record at the end, is the same whether the second one acts as well
and is on file, or does nothing and was never there.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.database import Base, Database
from actions.database.tables import METADATA
from actions.database.wiping import wipe
from tests.support.two_contacts import Act, Contact, Told, Who, staged

TOM = Contact("tom", "tom@northgate.example", ("Aldous", "northgate", "1632960101", "7700900101"))
PRIYA = Contact("priya", "priya@hartwell.example", ("Raman", "hartwell", "1632960102", "7700900102"))
JO = Contact("jo", "accounts@millbrook.example", ("Whitlock", "7700900105"))
LEE = Contact("lee", "accounts@millbrook.example", ("Nakamura", "7700900106"))
SHARED = "accounts@millbrook.example"

WHO = st.sampled_from(("first", "second"))
PROVEN = st.sampled_from(
    (
        "access",
        "portability",
        "source",
        "rectify",
        "restrict",
        "object",
        "erase",
        "opt_in",
        "view_preferences",
    )
)
ASKED = st.sampled_from(
    ("request_status", "withdraw_request", "why_date", "undo", "complaint", "stop", "erase")
)
PROVING = st.builds(Act, WHO, st.just("proves"), intent=PROVEN)
ASKING = st.builds(Act, WHO, st.just("asks"), intent=ASKED)
PRESSING = st.builds(Act, WHO, st.just("presses"), button=st.integers(0, 5))
ADDRESSES = st.sampled_from(("own", "other", "other", "shared", "unknown"))
CODES = st.sampled_from(("own", "crossed", "crossed", "wrong"))
ANY = st.one_of(
    PROVING,
    ASKING,
    ASKING,
    PRESSING,
    PRESSING,
    st.builds(Act, WHO, st.just("asks"), intent=PROVEN),
    st.builds(Act, WHO, st.just("types_address"), address=ADDRESSES),
    st.builds(Act, WHO, st.just("types_code"), code=CODES),
    st.builds(Act, WHO, st.just("types_words")),
    st.builds(Act, WHO, st.just("waits")),
)
# Most stories begin with somebody who has shown who they are: the rest is about what they may see then.
ACTS = st.tuples(st.lists(PROVING, max_size=3), st.lists(ANY, min_size=4, max_size=12)).map(
    lambda parts: [*parts[0], *parts[1]]
)
QUICK = settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
THOROUGH = settings(QUICK, max_examples=150)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with every table and nothing in it."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    database = Database(f"sqlite:///{path}")
    assert METADATA is Base.metadata
    Base.metadata.create_all(database.engine)
    wipe(database)
    database.dispose()
    return path


def played(
    template: Path, folder: Path, two: dict[Who, Contact], acts: list[Act], *, alone: bool
) -> dict[Who, Told]:
    with pytest.MonkeyPatch.context() as patch:
        for old in folder.glob("played.db*"):
            old.unlink()
        absent = two["second"].id if alone else ""
        stage = staged(template, folder / "played.db", two, SHARED, patch, absent)
        try:
            return stage.play(acts, only="first" if alone else None)
        finally:
            stage.database.dispose()


def undisturbed(template: Path, folder: Path, first: Contact, second: Contact, acts: list[Act]) -> None:
    """Both act, or the first alone: the first cannot tell; and neither reads anything of the other's."""
    two: dict[Who, Contact] = {"first": first, "second": second}
    both = played(template, folder, two, acts, alone=False)
    alone = played(template, folder, two, acts, alone=True)
    assert both["first"].said == alone["first"].said
    assert both["first"].record == alone["first"].record
    for me, other in (("first", second), ("second", first)):
        for secret in other.secrets:
            assert not any(secret.lower() in text.lower() for text in both[me].said), secret
            if first.address != second.address:
                assert not any(secret.lower() in text.lower() for text in both[me].letters), secret


PAIRS = st.sampled_from(((TOM, PRIYA), (JO, LEE), (PRIYA, TOM), (TOM, JO), (LEE, PRIYA)))


@QUICK
@given(acts=ACTS, pair=PAIRS)
def test_neither_of_two_learns_anything_of_the_other(
    template: Path, tmp_path: Path, acts: list[Act], pair: tuple[Contact, Contact]
) -> None:
    undisturbed(template, tmp_path, *pair, acts)


@pytest.mark.full
@pytest.mark.timeout(3600)
@THOROUGH
@given(acts=ACTS, pair=PAIRS)
def test_nobody_learns_anything_of_anybody(
    template: Path, tmp_path: Path, acts: list[Act], pair: tuple[Contact, Contact]
) -> None:
    undisturbed(template, tmp_path, *pair, acts)
