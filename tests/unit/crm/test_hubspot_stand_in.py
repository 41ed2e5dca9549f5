"""An independent client of HubSpot finds in the stand-in what it expects of HubSpot.

It knows contacts, companies and associations; of subscriptions only an older interface, which we do not use.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hubspot import HubSpot
from hubspot.crm.contacts import (
    ApiException,
    BatchInputSimplePublicObjectBatchInputForCreate,
    BatchInputSimplePublicObjectId,
    BatchReadInputSimplePublicObjectId,
    PublicGdprDeleteInput,
    PublicObjectSearchRequest,
    SimplePublicObjectBatchInputForCreate,
    SimplePublicObjectId,
    SimplePublicObjectInput,
)
from hubspot.crm.properties import PropertyCreate

from actions.database import Database
from tests.peers import hubspot
from tests.peers.hubspot import TOKEN, HubSpotStandIn, Trouble
from tests.support.crm_contract import Person, anna
from tests.support.crm_hubspot import HubSpotHarness


@pytest.fixture
def harness(database: Database) -> Iterator[HubSpotHarness]:
    with hubspot.running() as stand_in:
        yield HubSpotHarness(stand_in, database)


@pytest.fixture
def client(harness: HubSpotHarness) -> Any:
    return HubSpot(access_token=TOKEN, host=harness.stand_in.url)


def test_a_contact_is_read_with_its_company_and_its_history(harness: HubSpotHarness, client: Any) -> None:
    number = harness.make_contact(anna())
    found = client.crm.contacts.basic_api.get_by_id(
        number,
        properties=["firstname", "phone"],
        properties_with_history=["email"],
        associations=["companies"],
    )
    assert (found.id, found.archived) == (number, False)
    assert found.properties["firstname"] == "Anna"
    assert found.properties["phone"] == "+441632960201"
    assert [version.value for version in found.properties_with_history["email"]] == ["anna@lindqvist.example"]
    (company,) = found.associations["companies"].results
    assert client.crm.companies.basic_api.get_by_id(company.id).properties["name"] == "Harbour Foods Ltd"


def test_a_contact_is_read_by_its_address(harness: HubSpotHarness, client: Any) -> None:
    number = harness.make_contact(Person(anna().fields, other_emails=("anna.l@post.example",)))
    for address in ("anna@lindqvist.example", "anna.l@post.example"):
        found = client.crm.contacts.basic_api.get_by_id(address, id_property="email")
        assert found.id == number


def test_what_our_connector_changed_is_what_the_client_reads(harness: HubSpotHarness, client: Any) -> None:
    number = harness.make_contact(anna())
    harness.crm.rectify(number, {"surname": "Lind"})
    harness.crm.restrict(number, True)
    found = client.crm.contacts.basic_api.get_by_id(number, properties=["lastname", "rightline_state"])
    assert (found.properties["lastname"], found.properties["rightline_state"]) == ("Lind", "restricted")
    harness.crm.erase(number)
    with pytest.raises(ApiException) as caught:
        client.crm.contacts.basic_api.get_by_id(number)
    assert caught.value.status == 404


def test_what_the_client_wrote_is_what_our_connector_reads(harness: HubSpotHarness, client: Any) -> None:
    made = client.crm.contacts.batch_api.create(
        BatchInputSimplePublicObjectBatchInputForCreate(
            inputs=[
                SimplePublicObjectBatchInputForCreate(
                    properties={"email": "carl@post.example", "firstname": "Carl"}, associations=[]
                )
            ]
        )
    )
    (contact,) = harness.crm.find_by_email("carl@post.example")
    assert (contact.id, contact.first_name) == (made.results[0].id, "Carl")
    client.crm.contacts.basic_api.update(
        contact.id, simple_public_object_input=SimplePublicObjectInput(properties={"firstname": "Karl"})
    )
    after = harness.crm.get(contact.id)
    assert after is not None
    assert after.first_name == "Karl"


def test_batches_read_search_and_archive(harness: HubSpotHarness, client: Any) -> None:
    number = harness.make_contact(anna())
    api = client.crm.contacts
    read = api.batch_api.read(
        BatchReadInputSimplePublicObjectId(
            inputs=[
                SimplePublicObjectId(id="anna@lindqvist.example"),
                SimplePublicObjectId(id="no@one.example"),
            ],
            id_property="email",
            properties=["email"],
            properties_with_history=[],
        )
    )
    assert [each.id for each in read.results] == [number]
    assert read.num_errors == 1
    request = PublicObjectSearchRequest(
        filter_groups=[
            {"filters": [{"propertyName": "email", "operator": "EQ", "value": "anna@lindqvist.example"}]}
        ],
        sorts=[],
        properties=["email"],
        limit=10,
    )
    assert api.search_api.do_search(request).total == 1
    api.batch_api.archive(BatchInputSimplePublicObjectId(inputs=[SimplePublicObjectId(id=number)]))
    assert api.search_api.do_search(request).total == 0
    assert harness.crm.get(number) is None


def test_deleting_for_good_and_making_properties(harness: HubSpotHarness, client: Any) -> None:
    number = harness.make_contact(anna())
    client.crm.contacts.basic_api.purge(
        PublicGdprDeleteInput(object_id="anna@lindqvist.example", id_property="email")
    )
    assert harness.crm.get(number) is None
    made = PropertyCreate(
        name="mine", label="Mine", type="string", field_type="text", group_name="contactinformation"
    )
    assert client.crm.properties.core_api.create("contacts", made).name == "mine"


def test_emails_of_a_contact_are_listed_page_by_page(harness: HubSpotHarness, client: Any) -> None:
    number = harness.make_contact(Person(anna().fields, emails=6))
    api = client.crm.associations.v4.basic_api
    first = api.get_page("contacts", number, "emails", limit=500)
    assert len(first.results) == 4
    second = api.get_page("contacts", number, "emails", after=first.paging.next.after, limit=500)
    assert len(second.results) == 2


@pytest.mark.parametrize(
    ("status", "category"),
    [(401, "INVALID_AUTHENTICATION"), (403, "MISSING_SCOPES"), (429, "RATE_LIMITS"), (409, "CONFLICT")],
)
def test_errors_have_the_shape_the_client_knows(
    harness: HubSpotHarness, client: Any, status: int, category: str
) -> None:
    harness.stand_in.troubles.append(Trouble(9, status))
    with pytest.raises(ApiException) as caught:
        client.crm.contacts.basic_api.get_by_id("1")
    assert caught.value.status == status
    assert category in caught.value.body


def test_a_wrong_token_is_refused(harness: HubSpotHarness) -> None:
    with pytest.raises(ApiException) as caught:
        HubSpot(access_token="wrong", host=harness.stand_in.url).crm.contacts.basic_api.get_by_id("1")
    assert caught.value.status == 401


def test_it_stands_in_on_loopback_only(harness: HubSpotHarness) -> None:
    stand_in: HubSpotStandIn = harness.stand_in
    assert stand_in.url.startswith("http://127.0.0.1:")
