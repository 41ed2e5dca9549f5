"""Putting values away and taking them out again, inside one conversation only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.clock import now
from actions.retention.rules import rules
from actions.vault.cipher import keyed_hash
from actions.vault.models import VaultedValue


def lifetime() -> timedelta:
    """How long a value is kept after its last use (`vault` in `data/retention.yml`)."""
    return rules().keep("vault").at_most


def put(session: Session, conversation_id: str, kind: str, value: str) -> str:
    """Keep a value and return its placeholder; the same value keeps the placeholder it has.

    Args:
        session: a writing session.
        conversation_id: the conversation that may read it again.
        kind: `email`, `phone`, `code`, `name`, `value`…
        value: normalised, so that equal values look equal.
    """
    expires = now(session) + lifetime()
    fingerprint = keyed_hash("vault", conversation_id, kind, value)
    rows = session.scalars(
        select(VaultedValue).where(VaultedValue.conversation_id == conversation_id, VaultedValue.kind == kind)
    ).all()
    for row in rows:
        if row.fingerprint == fingerprint:
            row.expires_at = expires
            return row.placeholder
    numbers = [int(row.placeholder.rpartition("_")[2]) for row in rows]
    placeholder = f"{kind.upper()}_{max(numbers, default=0) + 1}"
    session.add(
        VaultedValue(
            conversation_id=conversation_id,
            placeholder=placeholder,
            kind=kind,
            value=value,
            fingerprint=fingerprint,
            expires_at=expires,
        )
    )
    session.flush()
    return placeholder


def known(session: Session, conversation_id: str) -> Mapping[tuple[str, str], str]:
    """Every placeholder of a conversation by (kind, value), as the pseudonymiser wants them."""
    rows = session.scalars(select(VaultedValue).where(VaultedValue.conversation_id == conversation_id))
    return {(row.kind, row.value): row.placeholder for row in rows}


def value_of(session: Session, conversation_id: str, placeholder: str) -> str | None:
    """The value behind a placeholder, or None when it has expired or was never there."""
    row = session.scalar(
        select(VaultedValue).where(
            VaultedValue.conversation_id == conversation_id, VaultedValue.placeholder == placeholder
        )
    )
    return None if row is None or row.expires_at <= now(session) else row.value
