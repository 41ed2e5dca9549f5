"""What every CRM connector must do: subclass, and give a `crm` fixture with the demo's contacts in it."""

from __future__ import annotations

from actions.crm.interfaces import Crm


class CrmContract:
    """The same tests for every implementation of the port."""

    def test_a_contact_is_found_by_any_of_its_addresses_in_any_case(self, crm: Crm) -> None:
        assert [contact.id for contact in crm.find_by_email("Ines.Carvalho@POST.example")] == ["ines"]
        assert [contact.id for contact in crm.find_by_email("ines@pennant.example")] == ["ines"]

    def test_a_shared_address_finds_everybody_who_uses_it(self, crm: Crm) -> None:
        assert {contact.id for contact in crm.find_by_email("accounts@millbrook.example")} == {"jo", "lee"}

    def test_an_unknown_address_finds_nobody(self, crm: Crm) -> None:
        assert list(crm.find_by_email("nobody@nowhere.example")) == []
        assert crm.get("nobody") is None
        assert crm.holdings("nobody") is None

    def test_holdings_name_agreements_preferences_and_counts(self, crm: Crm) -> None:
        priya = crm.holdings("priya")
        assert priya is not None
        assert priya.active_agreement is not None
        assert priya.active_agreement.signatory is False
        assert priya.tracked_emails == 14
        assert priya.preferences[("monthly_newsletter", "email")] is True
        grace = crm.holdings("grace")
        assert grace is not None
        assert grace.active_agreement is not None
        assert grace.active_agreement.signatory is True

    def test_emails_are_given_oldest_first_and_only_those_of_the_contact(self, crm: Crm) -> None:
        emails = crm.tracked_emails("tom")
        assert len(emails) == 6
        assert [email.at for email in emails] == sorted(email.at for email in emails)
        assert all("Tom" in email.body for email in emails)
        assert list(crm.tracked_emails("nobody")) == []

    def test_an_agreement_that_has_ended_is_no_ground(self, crm: Crm) -> None:
        rhys = crm.holdings("rhys")
        assert rhys is not None
        assert rhys.agreements
        assert rhys.active_agreement is None

    def test_reducing_twice_keeps_exactly_what_was_named(self, crm: Crm) -> None:
        for _ in range(2):
            crm.reduce("priya", ("name", "email"))
        left = crm.holdings("priya")
        assert left is not None
        assert set(left.contact.fields) == {"name", "email"}
        assert left.contact.state == "reduced"
        assert (left.tracked_emails, left.preferences, left.contact.other_emails) == (0, {}, ())

    def test_erasing_twice_leaves_nothing_and_touches_nobody_else(self, crm: Crm) -> None:
        for _ in range(2):
            crm.erase("jo")
        assert crm.get("jo") is None
        assert crm.holdings("jo") is None
        assert [contact.id for contact in crm.find_by_email("accounts@millbrook.example")] == ["lee"]

    def test_preferences_change_one_by_one(self, crm: Crm) -> None:
        crm.set_preferences(
            "tom", {("monthly_newsletter", "email"): False, ("technology_updates", "sms"): True}
        )
        tom = crm.holdings("tom")
        assert tom is not None
        assert tom.preferences[("monthly_newsletter", "email")] is False
        assert tom.preferences[("technology_updates", "sms")] is True
        assert tom.preferences[("technology_updates", "email")] is True

    def test_a_new_address_replaces_the_old_one_and_is_dated(self, crm: Crm) -> None:
        crm.rectify("tom", {"email": "tom.aldous@northgate.example", "mobile_telephone": "+447700900199"})
        assert list(crm.find_by_email("tom@northgate.example")) == []
        tom = crm.get("tom")
        assert tom is not None
        assert tom.email == "tom.aldous@northgate.example"
        assert tom.fields["mobile_telephone"] == "+447700900199"
        assert tom.email_changed_at is not None

    def test_a_restriction_is_set_and_lifted_and_never_undoes_a_reduction(self, crm: Crm) -> None:
        for restricted, state in ((True, "restricted"), (True, "restricted"), (False, "active")):
            crm.restrict("tom", restricted)
            tom = crm.get("tom")
            assert tom is not None
            assert tom.state == state
        crm.reduce("tom", ("email",))
        crm.restrict("tom", False)
        reduced = crm.get("tom")
        assert reduced is not None
        assert reduced.state == "reduced"

    def test_changes_to_somebody_who_is_gone_do_nothing(self, crm: Crm) -> None:
        crm.erase("tom")
        crm.set_preferences("tom", {("monthly_newsletter", "email"): True})
        crm.rectify("tom", {"name": "Thomas"})
        crm.reduce("tom", ("name",))
        crm.restrict("tom", True)
        assert crm.get("tom") is None
