"""The embedded helpdesk does what every helpdesk must."""

from __future__ import annotations

import pytest

from actions.database import Database
from actions.helpdesk.embedded import EmbeddedHelpdesk
from tests.support.helpdesk_contract import HelpdeskContract, address, key

__all__ = ["address", "key"]


class TestEmbedded(HelpdeskContract):
    """The contract."""

    @pytest.fixture
    def helpdesk(self, database: Database) -> EmbeddedHelpdesk:
        """An empty one."""
        return EmbeddedHelpdesk(database)
