"""What every helpdesk connector must do: subclass `HelpdeskContract`, and give a `helpdesk` fixture.

The helpdesk may have other tickets in it. Each test uses an address of its own,
so that they can share one helpdesk.
"""

from __future__ import annotations

import secrets

import pytest

from actions.helpdesk.interfaces import Helpdesk, Ticket


@pytest.fixture
def address() -> str:
    """A requestor nobody has heard of."""
    return f"wren.{secrets.token_hex(6)}@contract.example"


@pytest.fixture
def key() -> str:
    """A key nobody has used."""
    return f"contract:{secrets.token_hex(8)}"


class HelpdeskContract:
    """The same tests for every implementation of the port."""

    def test_a_ticket_says_what_it_was_given(self, helpdesk: Helpdesk, address: str, key: str) -> None:
        number = helpdesk.create_ticket(
            "Message from the chat", "Please call me.\n\nAfter five.", address, key=key
        )
        ticket = only(helpdesk, address)
        assert ticket.id == number
        assert ticket.subject.startswith("Message from the chat")
        assert ticket.requestor == address
        assert ticket.body.split() == ["Please", "call", "me.", "After", "five."]
        assert ticket.comments == ()
        assert ticket.opened_at.tzinfo is not None

    def test_the_same_key_opens_one_ticket(self, helpdesk: Helpdesk, address: str, key: str) -> None:
        numbers = {helpdesk.create_ticket("Message", "Please call me.", address, key=key) for _ in range(3)}
        assert len(numbers) == 1
        assert len(helpdesk.find_by_requestor(address)) == 1

    def test_another_key_opens_another_ticket(self, helpdesk: Helpdesk, address: str, key: str) -> None:
        first = helpdesk.create_ticket("Message", "Please call me.", address, key=key)
        second = helpdesk.create_ticket("Message", "Please call me.", address, key=f"{key}:again")
        assert [ticket.id for ticket in helpdesk.find_by_requestor(address)] == [first, second]

    def test_comments_stay_in_order_and_the_same_key_adds_one(
        self, helpdesk: Helpdesk, address: str, key: str
    ) -> None:
        number = helpdesk.create_ticket("Message", "Please call me.", address, key=key)
        for word in ("Called, no answer.", "Called again, done.", "Called, no answer."):
            helpdesk.comment(number, word, key=f"{key}:{word}")
        assert only(helpdesk, address).comments == ("Called, no answer.", "Called again, done.")

    def test_resolving_twice_closes_once(self, helpdesk: Helpdesk, address: str, key: str) -> None:
        number = helpdesk.create_ticket("Message", "Please call me.", address, key=key)
        assert only(helpdesk, address).state != "resolved"
        for _ in range(2):
            helpdesk.resolve(number)
        assert only(helpdesk, address).state == "resolved"

    def test_a_ticket_that_is_closed_can_still_be_commented_on(
        self, helpdesk: Helpdesk, address: str, key: str
    ) -> None:
        number = helpdesk.create_ticket("Message", "Please call me.", address, key=key)
        helpdesk.resolve(number)
        helpdesk.comment(number, "They called back.", key=f"{key}:after")
        assert only(helpdesk, address).comments == ("They called back.",)

    def test_a_ticket_about_nobody_is_found_under_nobody(
        self, helpdesk: Helpdesk, address: str, key: str
    ) -> None:
        number = helpdesk.create_ticket("Privacy request", "It is under way.", None, key=key)
        assert helpdesk.create_ticket("Privacy request", "It is under way.", None, key=key) == number
        helpdesk.comment(number, "It is done.", key=f"{key}:1")
        helpdesk.resolve(number)
        assert list(helpdesk.find_by_requestor(address)) == []

    def test_an_address_is_found_however_it_is_spelt(
        self, helpdesk: Helpdesk, address: str, key: str
    ) -> None:
        helpdesk.create_ticket("Message", "Please call me.", address.upper(), key=key)
        assert only(helpdesk, f" {address.title()} ").requestor == address

    @pytest.mark.parametrize(
        "local",
        ["o'brien", "a%", "_____", "x\\", "'or'1'='1"],
        ids=["quote", "percent", "underscores", "backslash", "injection"],
    )
    def test_an_address_with_marks_finds_itself_only(
        self, helpdesk: Helpdesk, address: str, key: str, local: str
    ) -> None:
        other = address
        marked = f"{local}.{address}"
        helpdesk.create_ticket("Message", "Not theirs.", other, key=key)
        assert list(helpdesk.find_by_requestor(marked)) == []
        if "\\" not in local and " " not in local:
            helpdesk.create_ticket("Message", "Theirs.", marked, key=f"{key}:marked")
            assert only(helpdesk, marked).body == "Theirs."

    def test_words_keep_their_letters(self, helpdesk: Helpdesk, address: str, key: str) -> None:
        words = "Zoë Łukasiewicz wrote: <b>no</b> & “yes” — 'perhaps' \\ 100%"
        number = helpdesk.create_ticket("Grüße", words, address, key=key)
        helpdesk.comment(number, words, key=f"{key}:comment")
        ticket = only(helpdesk, address)
        assert ticket.subject.startswith("Grüße")
        assert (ticket.body, ticket.comments) == (words, (words,))

    def test_a_long_subject_is_cut_and_a_broken_one_mended(
        self, helpdesk: Helpdesk, address: str, key: str
    ) -> None:
        helpdesk.create_ticket(f"Line one\nline two {'x' * 400}", "Words.", address, key=key)
        assert helpdesk.create_ticket(f"Line one\nline two {'x' * 400}", "Words.", address, key=key)
        ticket = only(helpdesk, address)
        assert "\n" not in ticket.subject
        assert len(ticket.subject) <= 200

    def test_anonymising_twice_forgets_who_and_what(self, helpdesk: Helpdesk, address: str, key: str) -> None:
        other = f"other.{address}"
        number = helpdesk.create_ticket("Message", "Please call me.", address, key=key)
        helpdesk.comment(number, "Called.", key=f"{key}:1")
        helpdesk.create_ticket("Message", "Not theirs.", other, key=f"{key}:other")
        assert helpdesk.anonymise(address) == 1
        assert list(helpdesk.find_by_requestor(address)) == []
        assert helpdesk.anonymise(address) == 0
        assert dict(helpdesk.export(address)) == {}
        assert only(helpdesk, other).body == "Not theirs."

    def test_somebody_who_was_forgotten_may_come_again(
        self, helpdesk: Helpdesk, address: str, key: str
    ) -> None:
        helpdesk.create_ticket("Message", "Please call me.", address, key=key)
        helpdesk.anonymise(address)
        helpdesk.create_ticket("Message", "It's me again.", address, key=f"{key}:again")
        assert only(helpdesk, address).body == "It's me again."

    def test_nobody_is_nothing_to_do(self, helpdesk: Helpdesk, address: str) -> None:
        assert list(helpdesk.find_by_requestor(address)) == []
        assert dict(helpdesk.export(address)) == {}
        assert helpdesk.anonymise(address) == 0

    def test_many_tickets_are_all_found(self, helpdesk: Helpdesk, address: str, key: str) -> None:
        numbers = [
            helpdesk.create_ticket("Message", "Words.", address, key=f"{key}:{each}")
            for each in range(self.many)
        ]
        assert [ticket.id for ticket in helpdesk.find_by_requestor(address)] == numbers

    many = 12
    """More than a page of the other side, where that is cheap."""


def only(helpdesk: Helpdesk, address: str) -> Ticket:
    """The one ticket of an address."""
    (ticket,) = helpdesk.find_by_requestor(address)
    return ticket
