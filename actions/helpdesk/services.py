"""Which helpdesk is used."""

from __future__ import annotations

from functools import lru_cache
from typing import cast

from actions.connectors import named
from actions.database import get_database
from actions.helpdesk.embedded import EmbeddedHelpdesk
from actions.helpdesk.interfaces import Helpdesk
from actions.helpdesk.rt.services import RequestTracker
from actions.settings import get_settings


@lru_cache(maxsize=1)
def get_helpdesk() -> Helpdesk:
    """The helpdesk the settings name.

    Raises:
        ValueError: there is no such connector.
    """
    settings = get_settings()
    if settings.helpdesk == "embedded":
        return EmbeddedHelpdesk(get_database())
    if settings.helpdesk == "rt":
        return RequestTracker.of(settings)
    if named.is_dotted(settings.helpdesk):
        return cast("Helpdesk", named.build(settings.helpdesk, setting="RIGHTLINE_HELPDESK"))
    raise ValueError(
        f"RIGHTLINE_HELPDESK is '{settings.helpdesk}', but there is no such connector; use 'embedded', 'rt', "
        "or 'package.module:factory' for one of your own."
    )
