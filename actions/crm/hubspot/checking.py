"""What `./rightline doctor` asks HubSpot."""

from __future__ import annotations

from collections.abc import Iterator

from actions.crm.hubspot.client import HubSpotClient
from actions.crm.hubspot.preferences import Subscriptions
from actions.crm.interfaces import CrmError
from actions.health.interfaces import Finding

NOBODY = "nobody@rightline.invalid"


def examine(client: HubSpotClient, subscriptions: Subscriptions) -> Iterator[Finding]:
    """Does it answer, is the token good for contacts and subscriptions, has every topic its type?

    Nothing is changed there.
    """
    mend = "Mend RIGHTLINE_HUBSPOT_TOKEN; docs/connectors.md lists the scopes."
    try:
        client.id_by_email(NOBODY)
        missing = subscriptions.missing()
    except CrmError as error:
        yield Finding("failed", str(error), mend)
        return
    yield Finding("ok", "HubSpot answers and lets us read contacts and subscriptions")
    if missing:
        names = ", ".join(f"'{name}'" for name in missing)
        yield Finding(
            "failed",
            f"HubSpot has no subscription type for {names}, so nobody can opt in or out of them",
            "Make subscription types of these names there.",
        )
    else:
        yield Finding("ok", "every topic has its subscription type")
