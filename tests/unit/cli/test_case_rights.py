"""What agents do about rights from the command line: read, ring back, lift, report."""

from __future__ import annotations

import pytest

from actions.cases import services as cases
from actions.clock import now
from actions.crm.embedded import EmbeddedCrm
from actions.crm.services import get_crm
from actions.database import Database
from actions.helpdesk.services import get_helpdesk
from actions.rights import access, restriction
from bot.cli.case_review import numbers
from tests.unit.cli.test_cases import database, run, said

__all__ = ["database"]


@pytest.fixture(autouse=True)
def _fresh() -> None:
    get_crm.cache_clear()
    get_helpdesk.cache_clear()


def answered(database: Database) -> str:
    """A request for access of tom's that waits for people; returns its reference."""
    crm = EmbeddedCrm(database)
    holdings = crm.holdings("tom")
    assert holdings is not None
    with database.write() as session:
        case = cases.open_case(
            session,
            right="access",
            conversation_id=None,
            received_at=now(session),
            address="tom@northgate.example",
            contact_id="tom",
        )
        access.open_answer(session, crm, case, holdings, by="dana")
        return case.reference


def test_free_text_is_listed_decided_and_sent(database: Database) -> None:
    reference = answered(database)
    shown = said("review", reference)
    assert shown.count("Re: your question") == 6
    assert "not decided yet: 1, 2, 3, 4, 5, 6" in shown
    assert "not looked through yet: telephony" in shown
    noted = said("review", reference, "--as", "dana", "--keep", "1-3,5")
    assert "noted" in noted
    said(
        "review",
        reference,
        "--as",
        "dana",
        "--redact",
        "4",
        "--passage",
        "your message",
        "--because",
        "planning",
    )
    said("review", reference, "--as", "dana", "--withhold", "6", "--because", "other_people")
    for source in ("telephony", "portal_log", "team_threads"):
        said("review", reference, "--as", "dana", "--looked", source)
    assert "Ready to be sent" in said("review", reference)
    assert "on its way" in said("review", reference, "--as", "dana", "--send")


def test_a_review_says_what_is_missing(database: Database) -> None:
    reference = answered(database)
    assert "--because" in said("review", reference, "--as", "dana", "--withhold", "1", code=2)
    assert "no list of numbers" in said("review", reference, "--as", "dana", "--keep", "one", code=2)
    assert "does not stand in piece 1" in said(
        "review",
        reference,
        "--as",
        "d",
        "--redact",
        "1",
        "--passage",
        "x y z",
        "--because",
        "planning",
        code=1,
    )
    assert run("review", reference, "--send").exit_code == 2, "nobody decides without a name"


def test_pieces_are_named_one_by_one_or_from_to() -> None:
    assert numbers("1,3") == [1, 3]
    assert numbers("2-4, 7") == [2, 3, 4, 7]


def test_only_numbers_long_on_file_are_shown_to_be_rung(database: Database) -> None:
    reference = answered(database)
    assert "+441632960101" in said("callback", reference, "--as", "dana", "--contact", "tom")
    assert "None has been on file long enough" in said("callback", reference, "--as", "d", "--contact", "ana")
    assert "no contact nobody" in said("callback", reference, "--as", "d", "--contact", "nobody", code=1)


def test_a_restriction_is_lifted_once(database: Database) -> None:
    holdings = EmbeddedCrm(database).holdings("tom")
    assert holdings is not None
    with database.write() as session:
        case = cases.open_case(
            session, right="restriction", conversation_id=None, received_at=now(session), contact_id="tom"
        )
        restriction.restrict(session, case, holdings, ground="claims", by="dana")
        reference = case.reference
    assert "ends in a week" in said("lift", reference, "--as", "dana", "--reason", "The claim is settled.")
    assert "no restriction" in said("lift", reference, "--as", "dana", "--reason", "Again.", code=1)


def test_a_breach_of_our_own_is_put_on_record(database: Database) -> None:
    about = answered(database)
    reported = said("breach", "--as", "dana", "--what", "It went to a namesake.", "--about", about)
    assert "is on record" in reported
    assert "breach report" in said("list")
