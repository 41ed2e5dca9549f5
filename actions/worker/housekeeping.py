"""What has to be done every now and then, whoever asks for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import structlog
from sqlalchemy.orm import Session

from actions.clock import now
from actions.database import Database
from actions.limits import services as limits
from actions.vault import services as vault

EVERY = timedelta(seconds=30)
log = structlog.get_logger("housekeeping")


def expire_vault(session: Session) -> int:
    """Destroy the vault's expired values."""
    return vault.destroy_expired(session, now(session))


CHORES: tuple[tuple[str, Callable[[Session], int]], ...] = (
    ("vault_expired", expire_vault),
    ("limits_forgotten", limits.forget_expired),
)


def tidy(database: Database) -> None:
    """Do every chore, each in a transaction of its own; one that fails does not keep the others from it."""
    for name, chore in CHORES:
        try:
            with database.write() as session:
                count = chore(session)
        except Exception as error:
            log.error("chore_failed", chore=name, error=type(error).__name__)
            continue
        if count:
            log.info(name, count=count)
