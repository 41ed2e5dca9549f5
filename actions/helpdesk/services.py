"""Which helpdesk is used."""

from __future__ import annotations

from functools import lru_cache

from actions.database import get_database
from actions.helpdesk.embedded import EmbeddedHelpdesk
from actions.helpdesk.interfaces import Helpdesk
from actions.settings import get_settings


@lru_cache(maxsize=1)
def get_helpdesk() -> Helpdesk:
    """The helpdesk the settings name.

    Raises:
        ValueError: there is no such connector.
    """
    chosen = get_settings().helpdesk
    if chosen == "embedded":
        return EmbeddedHelpdesk(get_database())
    raise ValueError(f"RIGHTLINE_HELPDESK is '{chosen}', but there is no such connector; use 'embedded'.")
