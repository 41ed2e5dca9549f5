"""What every CRM connector must do, as tests: subclass `CrmContract`, and give a fixture `harness`.

The harness is the only thing that knows the CRM behind: it puts people there, as a colleague or another
program would have done. The tests then use nothing but the port. Each test gets a CRM with nobody in it.

    class TestMyCrm(CrmContract):
        @pytest.fixture
        def harness(self) -> CrmHarness: ...
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal, Protocol

import pytest

from actions.crm.interfaces import ContactRecord, Crm, FieldName, Holdings, NewContact

Ability = Literal["shared_addresses", "other_emails", "tracked_emails", "agreements", "channels"]
NEWSLETTER = ("monthly_newsletter", "email")
UPDATES = ("technology_updates", "email")
TEXTS = ("technology_updates", "sms")


@dataclass(frozen=True)
class Terms:
    """A service agreement of a person's company.

    Attributes:
        ends_in_days: from today; negative where it has ended; None where it goes on.
        signatory: whether the person signed it.
    """

    title: str
    ends_in_days: int | None = None
    signatory: bool = False


@dataclass(frozen=True)
class Person:
    """Somebody whom the CRM has on file.

    Attributes:
        fields: `email` is always among them.
        preferences: what is set; the rest is not.
        emails: how many tracked emails there are; the text of each names the person's first name.
        agreements: of the person's company, which is then among the fields.
    """

    fields: dict[FieldName, str]
    other_emails: tuple[str, ...] = ()
    preferences: dict[tuple[str, str], bool] = field(default_factory=dict)
    emails: int = 0
    agreements: tuple[Terms, ...] = ()


class CrmHarness(Protocol):
    """A CRM to be tested, with a way to put people into it.

    Attributes:
        crm: the connector.
        lacks: what the CRM behind cannot hold at all, and docs/connectors.md says so.
    """

    @property
    def crm(self) -> Crm: ...

    @property
    def lacks(self) -> frozenset[Ability]: ...

    def make_contact(self, person: Person) -> str:
        """Put a person on file as the CRM's own people do; returns the id the port knows them by."""
        ...


def anna(**more: str) -> Person:
    """Somebody with every field, two topics and a telephone."""
    fields: dict[FieldName, str] = {
        "name": "Anna",
        "surname": "Lindqvist",
        "email": "anna@lindqvist.example",
        "work_telephone": "+441632960201",
        "mobile_telephone": "+447700900201",
        "company": "Harbour Foods Ltd",
    }
    return Person(fields | {name: more[name] for name in fields if name in more}, preferences=_WANTED)


_WANTED = {NEWSLETTER: True, UPDATES: True}
BEN = Person({"name": "Ben", "surname": "Adeyemi", "email": "ben@adeyemi.example"}, preferences=_WANTED)


class CrmContract:
    """The same tests for every implementation of the port."""

    @pytest.fixture
    def crm(self, harness: CrmHarness) -> Crm:
        return harness.crm

    # --- Finding ---

    def test_a_contact_is_found_by_its_address_in_any_case(self, harness: CrmHarness, crm: Crm) -> None:
        identifier = harness.make_contact(anna())
        found = crm.find_by_email(" Anna@Lindqvist.EXAMPLE ")
        assert [contact.id for contact in found] == [identifier]
        assert found[0].fields == anna().fields
        assert found[0].state == "active"
        assert found[0] == _got(crm, identifier)

    def test_a_contact_is_found_by_its_other_address(self, harness: CrmHarness, crm: Crm) -> None:
        needs(harness, "other_emails")
        person = Person(anna().fields, other_emails=("anna.l@post.example",))
        identifier = harness.make_contact(person)
        assert [contact.id for contact in crm.find_by_email("Anna.L@post.example")] == [identifier]
        assert _got(crm, identifier).email == "anna@lindqvist.example"
        assert _got(crm, identifier).other_emails == ("anna.l@post.example",)

    def test_a_shared_address_finds_everybody_who_uses_it(self, harness: CrmHarness, crm: Crm) -> None:
        needs(harness, "shared_addresses")
        ids = {
            harness.make_contact(anna(email="office@lindqvist.example")),
            harness.make_contact(Person(BEN.fields | {"email": "office@lindqvist.example"})),
        }
        assert {contact.id for contact in crm.find_by_email("office@lindqvist.example")} == ids

    def test_an_unknown_address_or_id_finds_nobody(self, harness: CrmHarness, crm: Crm) -> None:
        harness.make_contact(anna())
        for unknown in ("nobody@nowhere.example", "a%@lindqvist.example", "_nna@lindqvist.example", "", "%"):
            assert list(crm.find_by_email(unknown)) == [], unknown
        for unknown in ("nobody", "999999999", "", "1 or 1=1"):
            assert crm.get(unknown) is None
            assert crm.holdings(unknown) is None
            assert list(crm.tracked_emails(unknown)) == []

    @pytest.mark.parametrize(
        ("name", "surname"),
        [("Mary Ann", "O'Neill"), ("Li", "de la Cruz y Vega"), ("Ærøn", "Müller-Søby"), ("María José", "X")],
    )
    def test_names_of_several_words_keep_their_parts(
        self, harness: CrmHarness, crm: Crm, name: str, surname: str
    ) -> None:
        identifier = harness.make_contact(BEN)
        crm.rectify(identifier, {"name": name, "surname": surname})
        fields = _got(crm, identifier).fields
        assert (fields["name"], fields["surname"]) == (name, surname)

    # --- What is held ---

    def test_holdings_name_preferences_as_they_are_set(self, harness: CrmHarness, crm: Crm) -> None:
        identifier = harness.make_contact(Person(BEN.fields, preferences={NEWSLETTER: True, UPDATES: False}))
        holdings = _held(crm, identifier)
        assert holdings.contact == _got(crm, identifier)
        assert holdings.preferences == {NEWSLETTER: True, UPDATES: False}
        assert (holdings.agreements, holdings.tracked_emails) == ((), 0)

    def test_an_active_agreement_is_a_ground_and_says_who_signed(self, harness: CrmHarness, crm: Crm) -> None:
        needs(harness, "agreements")
        agreement = Terms("Hosting", ends_in_days=90, signatory=True)
        signed = harness.make_contact(Person(anna().fields, agreements=(agreement,)))
        colleague = harness.make_contact(Person(BEN.fields | {"company": "Harbour Foods Ltd"}))
        for identifier, signatory in ((signed, True), (colleague, False)):
            found = _held(crm, identifier).active_agreement
            assert found is not None
            assert (found.title, found.signatory) == ("Hosting", signatory)
            assert found.ends_on is not None

    def test_an_agreement_that_has_ended_is_no_ground(self, harness: CrmHarness, crm: Crm) -> None:
        needs(harness, "agreements")
        person = Person(anna().fields, agreements=(Terms("Licence", ends_in_days=-3),))
        holdings = _held(crm, harness.make_contact(person))
        assert [agreement.title for agreement in holdings.agreements] == ["Licence"]
        assert holdings.active_agreement is None

    def test_emails_are_given_oldest_first_and_only_those_of_the_contact(
        self, harness: CrmHarness, crm: Crm
    ) -> None:
        needs(harness, "tracked_emails")
        writer = harness.make_contact(Person(anna().fields, emails=3))
        harness.make_contact(Person(BEN.fields, emails=2))
        emails = crm.tracked_emails(writer)
        assert len(emails) == _held(crm, writer).tracked_emails == 3
        assert [email.at for email in emails] == sorted(email.at for email in emails)
        assert all("Anna" in email.body and email.subject for email in emails)

    # --- Changing ---

    def test_preferences_change_one_by_one(self, harness: CrmHarness, crm: Crm) -> None:
        identifier = harness.make_contact(BEN)
        for _ in range(2):
            crm.set_preferences(identifier, {NEWSLETTER: False})
        assert _held(crm, identifier).preferences == {NEWSLETTER: False, UPDATES: True}
        crm.set_preferences(identifier, {NEWSLETTER: True, UPDATES: False})
        assert _held(crm, identifier).preferences == {NEWSLETTER: True, UPDATES: False}

    def test_a_preference_for_another_channel_is_its_own(self, harness: CrmHarness, crm: Crm) -> None:
        needs(harness, "channels")
        identifier = harness.make_contact(BEN)
        for wanted in (True, False, False):
            crm.set_preferences(identifier, {TEXTS: wanted})
            assert _held(crm, identifier).preferences == {**_WANTED, TEXTS: wanted}

    def test_fields_are_replaced_and_the_others_stay(self, harness: CrmHarness, crm: Crm) -> None:
        identifier, other = harness.make_contact(anna()), harness.make_contact(BEN)
        before = _got(crm, other)
        changes: dict[FieldName, str] = {
            "surname": "Lind",
            "mobile_telephone": "+447700900299",
            "company": "Quay Ltd",
        }
        for _ in range(2):
            crm.rectify(identifier, changes)
        assert _got(crm, identifier).fields == anna().fields | changes
        assert _got(crm, identifier).email_changed_at is None
        assert _got(crm, other) == before

    def test_a_new_address_replaces_the_old_one_and_is_dated(self, harness: CrmHarness, crm: Crm) -> None:
        identifier = harness.make_contact(anna())
        for _ in range(2):
            crm.rectify(identifier, {"email": "Anna.Lind@Lind.example"})
        assert list(crm.find_by_email("anna@lindqvist.example")) == []
        assert [contact.id for contact in crm.find_by_email("anna.lind@lind.example")] == [identifier]
        contact = _got(crm, identifier)
        assert contact.email == "anna.lind@lind.example"
        assert contact.email_changed_at is not None
        assert contact.email_changed_at >= contact.added_at
        # What they get goes with them.
        assert _held(crm, identifier).preferences == _WANTED

    def test_a_restriction_is_set_and_lifted(self, harness: CrmHarness, crm: Crm) -> None:
        identifier = harness.make_contact(anna())
        for restricted, state in ((True, "restricted"), (True, "restricted"), (False, "active")):
            crm.restrict(identifier, restricted)
            assert _got(crm, identifier).state == state
        assert _held(crm, identifier).contact.fields == anna().fields

    # --- Taking away ---

    def test_reducing_keeps_exactly_what_was_named(self, harness: CrmHarness, crm: Crm) -> None:
        emails = 0 if "tracked_emails" in harness.lacks else 2
        others = () if "other_emails" in harness.lacks else ("anna.l@post.example",)
        person = Person(anna().fields, others, _WANTED, emails)
        identifier, other = harness.make_contact(person), harness.make_contact(BEN)
        for _ in range(2):
            crm.reduce(identifier, ("name", "email"))
        left = _held(crm, identifier)
        assert left.contact.fields == {"name": "Anna", "email": "anna@lindqvist.example"}
        assert left.contact.state == "reduced"
        assert (left.tracked_emails, left.preferences, left.contact.other_emails) == (0, {}, ())
        assert list(crm.tracked_emails(identifier)) == []
        assert all(list(crm.find_by_email(address)) == [] for address in others)
        assert _held(crm, other).preferences == _WANTED

    def test_a_ground_survives_a_reduction(self, harness: CrmHarness, crm: Crm) -> None:
        """The rest is erased when the agreement ends, so the way to it has to stay."""
        needs(harness, "agreements")
        identifier = harness.make_contact(Person(anna().fields, agreements=(Terms("Hosting", 90),)))
        crm.reduce(identifier, ("name", "email"))
        assert _held(crm, identifier).active_agreement is not None

    def test_a_restriction_never_undoes_a_reduction(self, harness: CrmHarness, crm: Crm) -> None:
        identifier = harness.make_contact(anna())
        crm.reduce(identifier, ("email",))
        for restricted in (True, False):
            crm.restrict(identifier, restricted)
            assert _got(crm, identifier).state == "reduced"

    def test_erasing_leaves_nothing_and_touches_nobody_else(self, harness: CrmHarness, crm: Crm) -> None:
        emails = 0 if "tracked_emails" in harness.lacks else 2
        person = Person(anna().fields, preferences=_WANTED, emails=emails)
        identifier, other = harness.make_contact(person), harness.make_contact(BEN)
        before = _held(crm, other)
        for _ in range(2):
            crm.erase(identifier)
        assert crm.get(identifier) is None
        assert crm.holdings(identifier) is None
        assert list(crm.tracked_emails(identifier)) == []
        assert list(crm.find_by_email("anna@lindqvist.example")) == []
        assert _held(crm, other) == before

    def test_erasing_one_leaves_the_others_of_a_shared_address(self, harness: CrmHarness, crm: Crm) -> None:
        needs(harness, "shared_addresses")
        shared = {"email": "office@lindqvist.example"}
        leaving = harness.make_contact(anna(**shared))
        fields: dict[FieldName, str] = {**BEN.fields, "email": shared["email"]}
        staying = harness.make_contact(Person(fields, preferences={UPDATES: True}))
        crm.erase(leaving)
        assert [contact.id for contact in crm.find_by_email(shared["email"])] == [staying]
        assert _got(crm, staying).fields == fields
        assert _held(crm, staying).preferences[UPDATES] is True

    def test_changes_to_somebody_who_is_gone_do_nothing(self, harness: CrmHarness, crm: Crm) -> None:
        identifier = harness.make_contact(anna())
        crm.erase(identifier)
        for gone in (identifier, "nobody"):
            crm.set_preferences(gone, {NEWSLETTER: True})
            crm.rectify(gone, {"name": "Anna", "email": "anna@lindqvist.example"})
            crm.reduce(gone, ("name",))
            crm.restrict(gone, True)
            crm.erase(gone)
            assert crm.get(gone) is None
        assert list(crm.find_by_email("anna@lindqvist.example")) == []

    # --- Adding ---

    def test_contacts_are_added_with_what_they_do_not_want(self, crm: Crm) -> None:
        new = [
            NewContact(anna().fields, "event", unwanted=(NEWSLETTER,)),
            NewContact({"email": "plain@post.example"}),
        ]
        assert crm.add(iter(new)) == 2
        (added,) = crm.find_by_email("anna@lindqvist.example")
        assert (added.fields, added.source, added.state) == (anna().fields, "event", "active")
        assert _held(crm, added.id).preferences == {NEWSLETTER: False}
        (plain,) = crm.find_by_email("plain@post.example")
        assert (plain.fields, plain.source) == ({"email": "plain@post.example"}, None)

    def test_where_taking_the_next_one_fails_nobody_is_added(self, crm: Crm) -> None:
        def broken() -> Iterator[NewContact]:
            yield NewContact(anna().fields)
            raise LookupError("the file is torn")

        with pytest.raises(LookupError):
            crm.add(broken())
        assert list(crm.find_by_email("anna@lindqvist.example")) == []
        assert crm.add([]) == 0

    def test_new_contacts_are_read_page_by_page_each_once_in_order(self, crm: Crm) -> None:
        addresses = [f"p{number}@page.example" for number in range(7)]
        crm.add(NewContact({"name": f"N{number}", "email": each}) for number, each in enumerate(addresses))
        (first,) = crm.find_by_email(addresses[0])
        since = first.added_at - timedelta(minutes=1)
        seen: list[ContactRecord] = []
        while page := crm.added_since(since, (seen[-1].added_at, seen[-1].id) if seen else None, 3):
            assert len(page) <= 3
            seen += page
            assert len(seen) <= len(addresses)
        assert {contact.email for contact in seen} == set(addresses)
        assert len({contact.id for contact in seen}) == len(addresses)
        assert [contact.added_at for contact in seen] == sorted(contact.added_at for contact in seen)
        assert seen[0] == _got(crm, seen[0].id)
        newest = max(contact.added_at for contact in seen)
        assert list(crm.added_since(newest + timedelta(days=1), None, 3)) == []


def needs(harness: CrmHarness, ability: Ability) -> None:
    """Pass over a test of what the CRM behind cannot hold."""
    if ability in harness.lacks:
        pytest.skip(f"this CRM has no {ability.replace('_', ' ')}: docs/connectors.md says so")


def _got(crm: Crm, identifier: str) -> ContactRecord:
    contact = crm.get(identifier)
    assert contact is not None
    return contact


def _held(crm: Crm, identifier: str) -> Holdings:
    holdings = crm.holdings(identifier)
    assert holdings is not None
    return holdings
