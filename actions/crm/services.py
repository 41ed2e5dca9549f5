"""Which CRM is used."""

from __future__ import annotations

from functools import lru_cache

from actions.crm.embedded import EmbeddedCrm
from actions.crm.interfaces import Crm
from actions.database import get_database
from actions.settings import get_settings


@lru_cache(maxsize=1)
def get_crm() -> Crm:
    """The CRM the settings name.

    Raises:
        ValueError: there is no such connector.
    """
    chosen = get_settings().crm
    if chosen == "embedded":
        return EmbeddedCrm(get_database())
    raise ValueError(f"RIGHTLINE_CRM is '{chosen}', but there is no such connector; use 'embedded'.")
