"""The embedded helpdesk: once a key, found by requestor, and nothing readable at rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.database import Database
from actions.helpdesk.embedded import EmbeddedHelpdesk
from tests.support.helpdesk_contract import HelpdeskContract, address, key

__all__ = ["address", "key"]


class TestEmbedded(HelpdeskContract):
    """What every helpdesk must do."""

    @pytest.fixture
    def helpdesk(self, database: Database) -> EmbeddedHelpdesk:
        """An empty one."""
        return EmbeddedHelpdesk(database)


def test_the_same_key_opens_one_ticket_and_adds_one_comment(database: Database) -> None:
    desk = EmbeddedHelpdesk(database)
    first = desk.create_ticket("Message", "Please call me", "priya@hartwell.example", key="turn-1")
    assert desk.create_ticket("Message", "Please call me", "priya@hartwell.example", key="turn-1") == first
    for _ in range(2):
        desk.comment(first, "Called back.", key="comment-1")
    desk.resolve(first)
    (ticket,) = desk.find_by_requestor("Priya@Hartwell.example")
    assert (ticket.id, ticket.state, ticket.comments) == (first, "resolved", ("Called back.",))


def test_what_people_wrote_is_ciphertext_on_disk(database: Database) -> None:
    EmbeddedHelpdesk(database).create_ticket("Message", "canary words", "canary@hartwell.example", key="k")
    name = database.url.database
    assert name
    files = [Path(name), Path(f"{name}-wal")]
    content = b"".join(path.read_bytes() for path in files if path.exists())
    assert b"canary" not in content


def test_anonymising_forgets_who_and_what(database: Database) -> None:
    desk = EmbeddedHelpdesk(database)
    desk.create_ticket("Message", "Please call me", "priya@hartwell.example", key="turn-1")
    assert desk.anonymise("priya@hartwell.example") == 1
    assert list(desk.find_by_requestor("priya@hartwell.example")) == []
