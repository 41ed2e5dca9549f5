"""Which CRM is used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import cast

from actions.connectors import named
from actions.crm.interfaces import Crm
from actions.database import get_database
from actions.settings import get_settings


def _embedded() -> Crm:
    from actions.crm.embedded import EmbeddedCrm

    return EmbeddedCrm(get_database())


def _tryton() -> Crm:
    from actions.crm.tryton.services import from_settings

    return from_settings(get_settings(), get_database())


def _hubspot() -> Crm:
    from actions.crm.hubspot.services import HubSpot

    return HubSpot.of(get_settings(), get_database())


CONNECTORS: Mapping[str, Callable[[], Crm]] = {
    "embedded": _embedded,
    "tryton": _tryton,
    "hubspot": _hubspot,
}
"""What `RIGHTLINE_CRM` may say, and what makes the connector from the settings."""


@lru_cache(maxsize=1)
def get_crm() -> Crm:
    """The CRM the settings name.

    Raises:
        ValueError: there is no such connector, or a setting it needs is missing.
    """
    chosen = get_settings().crm
    if named.is_dotted(chosen):
        return cast("Crm", named.build(chosen, setting="RIGHTLINE_CRM"))
    if chosen not in CONNECTORS:
        known = ", ".join(f"'{name}'" for name in CONNECTORS)
        raise ValueError(
            f"RIGHTLINE_CRM is '{chosen}', but there is no such connector; use {known}, or "
            "'package.module:factory' for one of your own."
        )
    return CONNECTORS[chosen]()
