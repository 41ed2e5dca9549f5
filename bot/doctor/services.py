"""Everything that is looked at, in the order in which one would mend it."""

from __future__ import annotations

from collections.abc import Iterator

from actions.health.interfaces import Finding
from actions.logs import where
from bot.doctor import configuration, parts, stores, systems
from bot.doctor.interfaces import Check, Examined, Patient

CHECKS: dict[str, Check] = {
    "settings": configuration.settings,
    "keys": configuration.keys,
    "data": configuration.data,
    "disk": configuration.disk,
    "ledger": configuration.ledger,
    "database": stores.database,
    "redis": stores.redis,
    "crm": systems.crm,
    "helpdesk": systems.helpdesk,
    "mail": systems.mail,
    "slack": systems.slack,
    "engine": parts.engine,
    "actions": parts.actions,
    "worker": parts.worker,
}


def examine(patient: Patient) -> Iterator[Examined]:
    """Look at everything, one after the other; what cannot be looked at does not keep the others from it.

    Args:
        patient: what is looked at.
    """
    for name, check in CHECKS.items():
        try:
            for finding in check(patient):
                yield Examined(name, finding)
        except Exception as error:
            # Its words may hold anything, so only its type and place are shown.
            what = f"it could not be looked at ({type(error).__name__} at {where(error)})"
            yield Examined(name, Finding("failed", what, "That is a mistake of ours: please report it."))
