"""What could be wrong between Rightline and a Tryton, for `./rightline doctor`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from actions.crm.interfaces import CrmError
from actions.crm.tryton import naming
from actions.crm.tryton.client import ALL, TrytonClient
from actions.health.interfaces import Finding

KNOWN = "8."
EVERYTHING = ("read", "write", "create", "delete")
NEEDS = {
    naming.PARTY: EVERYTHING,
    naming.CATEGORY: ("read", "create"),
    naming.RELATION: EVERYTHING,
    naming.RELATION_TYPE: ("read", "create"),
    naming.LIST: ("read", "create"),
    naming.SUBSCRIPTION: EVERYTHING,
    naming.ATTACHMENT: ("read", "delete"),
    naming.NOTE: ("read", "delete"),
    naming.SENT: ("read", "delete"),
}
"""What the connector's account must be allowed to do with each model."""
PAGE = "See docs/tryton.md, 'Setting it up'."


def look(client: TrytonClient) -> Iterator[Finding]:
    """Version, login, modules and rights, in the order in which one would mend them; nothing is changed."""
    try:
        version = client.check()
        if not version.startswith(KNOWN):
            yield Finding("warning", f"Tryton is {version}, and the connector is made for version 8", PAGE)
        missing = _missing(client)
    except CrmError as error:
        yield Finding("failed", str(error), PAGE)
        return
    if missing:
        yield Finding("failed", f"the account at Tryton may not {'; '.join(missing)}", PAGE)
    else:
        yield Finding("ok", f"Tryton {version} answers, and the account may do what it needs")


def _missing(client: TrytonClient) -> list[str]:
    rights: Any = client.read("model.ir.model.access.get_access", list(NEEDS), ALL)
    missing = []
    for model, needed in NEEDS.items():
        allowed = rights.get(model, {}) if isinstance(rights, dict) else {}
        if lacking := [verb for verb in needed if not allowed.get(verb)]:
            missing.append(f"{', '.join(lacking)} {model}")
    return missing
