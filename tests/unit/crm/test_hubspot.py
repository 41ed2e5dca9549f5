"""HubSpot does what every CRM must, over a socket, and its troubles end with a retry or with what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from actions.clock.services import machine_now
from actions.crm.hubspot import mapping
from actions.crm.hubspot.services import HubSpot
from actions.crm.interfaces import Crm, CrmError, CrmUnusable, NewContact
from actions.database import Database
from actions.settings import Settings
from tests.peers import hubspot
from tests.peers.hubspot import HubSpotStandIn, Trouble
from tests.support.crm_contract import NEWSLETTER, TEXTS, UPDATES, CrmContract, Person, anna
from tests.support.crm_hubspot import HubSpotHarness


@pytest.fixture(scope="module")
def server() -> Iterator[HubSpotStandIn]:
    with hubspot.running() as stand_in:
        yield stand_in


@pytest.fixture
def harness(server: HubSpotStandIn, database: Database) -> HubSpotHarness:
    server.account = type(server.account)()
    server.troubles.clear()
    server.asked.clear()
    return HubSpotHarness(server, database)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits between tries, which are not waited."""
    waits: list[float] = []
    monkeypatch.setattr("actions.connectors.web.time.sleep", waits.append)
    return waits


class TestHubSpot(CrmContract):
    """The contract."""

    @pytest.fixture
    def harness(self, harness: HubSpotHarness) -> HubSpotHarness:
        """The stand-in."""
        return harness


def test_what_was_just_written_is_found_though_searches_lag(harness: HubSpotHarness) -> None:
    harness.account.lag = 50
    harness.crm.add([NewContact(anna().fields)])
    assert len(harness.crm.find_by_email("anna@lindqvist.example")) == 1
    assert list(harness.crm.added_since(machine_now() - timedelta(days=900), None, 10)) == []


def test_no_address_stands_in_the_address_of_a_request_about_a_contact(harness: HubSpotHarness) -> None:
    number = harness.make_contact(anna())
    harness.crm.find_by_email("anna@lindqvist.example")
    harness.crm.get(number)
    harness.crm.rectify(number, {"name": "Ann"})
    harness.crm.erase(number)
    assert not [path for _, path in harness.stand_in.asked if "@" in path]


def test_properties_of_ours_are_made_when_they_are_first_needed(harness: HubSpotHarness) -> None:
    number = harness.make_contact(anna())
    assert mapping.STATE not in harness.account.made
    harness.crm.restrict(number, True)
    assert mapping.STATE in harness.account.made
    assert harness.account.contacts[number].properties[mapping.STATE] == "restricted"


def test_an_erased_contact_is_deleted_as_the_gdpr_asks_with_its_emails(harness: HubSpotHarness) -> None:
    number = harness.make_contact(Person(anna().fields, emails=9))
    harness.crm.erase(number)
    assert number not in harness.account.contacts
    assert all(email.archived for email in harness.account.emails.values())
    assert "anna@lindqvist.example" in harness.account.blocked


def test_a_reduced_contact_gets_no_email_of_any_kind(harness: HubSpotHarness) -> None:
    number = harness.make_contact(Person(anna().fields, preferences={NEWSLETTER: True, TEXTS: True}))
    harness.crm.reduce(number, ("email",))
    assert harness.account.opted_out == {"anna@lindqvist.example"}


def test_a_topic_without_a_subscription_type_is_said(harness: HubSpotHarness) -> None:
    number = harness.make_contact(anna())
    del harness.account.topics[302]
    with pytest.raises(CrmUnusable, match="no subscription type for 'technology updates'"):
        harness.crm.set_preferences(number, {UPDATES: False})


def test_an_address_that_is_taken_is_for_a_person_to_sort_out(harness: HubSpotHarness) -> None:
    harness.make_contact(anna())
    other = harness.make_contact(Person({"email": "ben@adeyemi.example"}))
    with pytest.raises(CrmUnusable, match="merge the two") as caught:
        harness.crm.rectify(other, {"email": "anna@lindqvist.example"})
    assert "anna" not in str(caught.value)


def test_where_some_of_many_are_refused_nobody_is_added(harness: HubSpotHarness) -> None:
    harness.make_contact(anna())
    new = [NewContact({"email": f"new{number}@post.example"}) for number in range(120)]
    with pytest.raises(CrmUnusable, match="none was added"):
        harness.crm.add([*new, NewContact(anna().fields)])
    assert list(harness.crm.find_by_email("new0@post.example")) == []
    assert len(harness.crm.added_since(machine_now() - timedelta(days=900), None, 500)) == 1


def test_many_of_one_moment_are_read_each_once(harness: HubSpotHarness) -> None:
    at = machine_now()
    for number in range(230):
        harness.account.put_contact({"email": f"n{number}@post.example"}, at)
    seen: list[str] = []
    after = None
    while page := harness.crm.added_since(at - timedelta(days=1), after, 50):
        seen += [contact.id for contact in page]
        after = (page[-1].added_at, page[-1].id)
    assert len(seen) == len(set(seen)) == 230


def test_more_than_a_search_gives_out_is_said(harness: HubSpotHarness) -> None:
    at = machine_now()
    for number in range(10_150):
        harness.account.put_contact({"email": f"n{number}@post.example"}, at)
    with pytest.raises(CrmUnusable, match="no more than 10000"):
        harness.crm.added_since(at - timedelta(days=1), None, 50)


CHANGES: dict[str, Callable[[Crm, str], object]] = {
    "find": lambda crm, number: crm.find_by_email("anna@lindqvist.example"),
    "holdings": lambda crm, number: crm.holdings(number),
    "preferences": lambda crm, number: crm.set_preferences(number, {NEWSLETTER: False}),
    "rectify": lambda crm, number: crm.rectify(number, {"name": "Ann"}),
    "reduce": lambda crm, number: crm.reduce(number, ("email",)),
    "erase": lambda crm, number: crm.erase(number),
}


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.parametrize(
    "trouble",
    [
        Trouble(2, 429, headers={"Retry-After": "1"}),
        Trouble(2, 500),
        Trouble(1, 503, after=True),
        Trouble(1, 0),
        Trouble(1, 0, after=True),
    ],
    ids=["too-many", "broken", "done-but-unheard", "broke-off", "broke-off-when-done"],
)
def test_what_passes_is_waited_for(
    harness: HubSpotHarness, quick: list[float], what: str, trouble: Trouble
) -> None:
    number = harness.make_contact(Person(anna().fields, emails=2))
    harness.stand_in.troubles.append(Trouble(**vars(trouble)))
    CHANGES[what](harness.crm, number)
    assert quick
    if trouble.headers:
        assert quick == [1.0, 1.0]


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.parametrize(
    ("trouble", "kind", "words"),
    [
        (Trouble(9, 500), CrmError, "INTERNAL_ERROR"),
        (Trouble(9, 429), CrmError, "TEN_SECONDLY_ROLLING"),
        (Trouble(9, 429, headers={"Retry-After": "600"}), CrmError, "tried again"),
        (Trouble(9, 401), CrmUnusable, "RIGHTLINE_HUBSPOT_TOKEN"),
        (Trouble(9, 403), CrmUnusable, "scopes"),
        (Trouble(9, 400), CrmUnusable, "VALIDATION_ERROR"),
        (Trouble(9, 301, headers={"Location": "http://127.0.0.1:1/"}), CrmError, "HubSpot"),
    ],
    ids=["broken", "too-many", "for-long", "credentials", "rights", "refused", "moved"],
)
def test_what_does_not_pass_is_said(
    harness: HubSpotHarness,
    quick: list[float],
    what: str,
    trouble: Trouble,
    kind: type[Exception],
    words: str,
) -> None:
    number = harness.make_contact(Person(anna().fields, emails=2))
    harness.stand_in.troubles.append(Trouble(**vars(trouble)))
    with pytest.raises(kind, match=words) as caught:
        CHANGES[what](harness.crm, number)
    assert "anna" not in str(caught.value).lower()
    if "Retry-After" in trouble.headers:
        assert quick == []


@pytest.mark.parametrize("body", [{}, [], "words", {"results": 7}, {"id": "1", "properties": None}], ids=str)
@pytest.mark.parametrize("what", ["find", "holdings"])
def test_an_answer_of_another_shape_is_no_answer(harness: HubSpotHarness, what: str, body: object) -> None:
    number = harness.make_contact(anna())
    harness.stand_in.troubles.append(Trouble(9, 200, body=body))
    with pytest.raises(CrmUnusable, match="HubSpot"):
        CHANGES[what](harness.crm, number)


def test_a_success_with_an_error_inside_is_none(harness: HubSpotHarness) -> None:
    number = harness.make_contact(anna())
    inside = {"status": "COMPLETE", "results": [], "numErrors": 1, "errors": [{"category": "INTERNAL_ERROR"}]}
    harness.stand_in.troubles.append(Trouble(1, 207, body=inside, only="statuses/batch/write"))
    with pytest.raises(CrmError, match="only a part"):
        harness.crm.set_preferences(number, {NEWSLETTER: False})


def test_a_server_that_says_nothing_is_not_waited_for_long(
    server: HubSpotStandIn, database: Database, harness: HubSpotHarness, quick: list[float]
) -> None:
    impatient = HubSpotHarness(server, database, seconds=0.2)
    number = impatient.make_contact(anna())
    server.troubles.append(Trouble(9, 500, seconds=1.0))
    with pytest.raises(CrmError, match="did not answer within"):
        impatient.crm.get(number)


def test_nothing_listening_is_said(database: Database, quick: list[float]) -> None:
    settings = Settings(hubspot_url="http://127.0.0.1:9", hubspot_token="x")  # type: ignore[arg-type]
    with pytest.raises(CrmError, match="cannot be reached"):
        HubSpot.of(settings, database).get("7")


def test_a_missing_token_is_said_at_the_start(database: Database) -> None:
    with pytest.raises(ValueError, match="RIGHTLINE_HUBSPOT_TOKEN"):
        HubSpot.of(Settings(), database)


def test_the_doctor_finds_nothing_wrong_and_says_what_is(harness: HubSpotHarness, quick: list[float]) -> None:
    assert [finding.state for finding in harness.crm.check()] == ["ok", "ok"]
    del harness.account.topics[302]
    harness.crm._subscriptions._until = 0.0
    (_, finding) = harness.crm.check()
    assert "'technology updates'" in finding.what
    harness.stand_in.troubles.append(Trouble(9, 401))
    (finding,) = harness.crm.check()
    assert (finding.state, "RIGHTLINE_HUBSPOT_TOKEN" in finding.mend) == ("failed", True)
