"""Sending codes, checking them with atomic counters, and remembering what was proven."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from limits import RateLimitItem, parse
from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from actions.audit import services as audit
from actions.clock import now
from actions.conversations.models import Conversation
from actions.identity.addresses import address_hash
from actions.identity.interfaces import Checked, Closed, Sent
from actions.identity.models import IdentityProof, VerificationCode
from actions.mail import services as mail
from actions.settings import get_settings
from actions.situations import services as situations
from actions.vault.cipher import keyed_hash, same
from actions.wording.services import identity_rules, organisation


def send_code(session: Session, conversation: Conversation, address: str) -> Sent | Closed:
    """Send a new code to any well-formed address, on file or not, unless too many were asked for.

    Args:
        session: a writing session that holds the conversation's lock.
        conversation: the conversation the code will be good for.
        address: a normalised address (`addresses.well_formed`).
    """
    at = now(session)
    if "domestic" in situations.of_conversation(session, conversation.id):
        # Somebody else reads that mailbox; whoever got here without a person must not set off a letter.
        return Closed(timedelta(days=1))
    refused = _refusal(session, conversation, address, at)
    if refused is not None:
        return refused
    rules = identity_rules().code
    session.execute(
        update(VerificationCode)
        .where(VerificationCode.conversation_id == conversation.id, VerificationCode.replaced_at.is_(None))
        .values(replaced_at=at)
    )
    code = f"{secrets.randbelow(1_000_000):06d}"
    row = VerificationCode(
        conversation_id=conversation.id,
        address=address,
        address_hash=address_hash(address),
        network=conversation.network,
        code_hash=keyed_hash("code", conversation.id, code),
        sent_at=at,
        expires_at=at + timedelta(minutes=rules.minutes),
        tries_left=rules.tries,
    )
    session.add(row)
    session.flush()
    mail.post(
        session,
        "code",
        address,
        key=f"code:{row.id}",
        code=f"{code[:3]} {code[3:]}",
        minutes=rules.minutes,
        expires_at=_local_time(row.expires_at),
        useless_after=row.expires_at,
    )
    return Sent(rules.minutes)


def check_code(session: Session, conversation: Conversation, typed: str, *, proves: bool = True) -> Checked:
    """Compare what was typed with the conversation's newest code, counting the try first.

    Args:
        session: a writing session that holds the conversation's lock.
        conversation: the conversation the code was sent for.
        typed: what the contact entered; blanks and hyphens do not matter.
        proves: whether the right code proves who the contact is; one for a new address of theirs does not.
    """
    at = now(session)
    row = session.scalar(
        select(VerificationCode)
        .where(VerificationCode.conversation_id == conversation.id, VerificationCode.replaced_at.is_(None))
        .order_by(VerificationCode.id.desc())
        .limit(1)
    )
    if row is None or row.used_at is not None:
        return Checked("none")
    if row.closed_at is not None:
        return Checked("closed")
    if row.expires_at <= at:
        return Checked("expired")
    left = session.scalar(
        update(VerificationCode)
        .where(
            VerificationCode.id == row.id, VerificationCode.tries_left > 0, VerificationCode.used_at.is_(None)
        )
        .values(tries_left=VerificationCode.tries_left - 1)
        .returning(VerificationCode.tries_left)
    )
    if left is None:
        return Checked("closed")
    session.refresh(row)
    digits = "".join(character for character in typed if character.isdigit())
    address = row.address or ""
    if same(row.code_hash, keyed_hash("code", conversation.id, digits)):
        row.used_at = at
        if proves:
            _prove(session, conversation, address, at)
        return Checked("right", address=address)
    if left > 0:
        return Checked("wrong", left=left)
    row.closed_at = at
    mail.post(session, "code_locked", address, key=f"code-locked:{row.id}")
    audit.record(session, actor="assistant", action="verification_closed", subject=row.address_hash)
    return Checked("closed")


def proven_address(session: Session, conversation: Conversation) -> str | None:
    """The address this conversation has proven and whose proof still holds."""
    proof = session.scalar(
        select(IdentityProof)
        .where(IdentityProof.conversation_id == conversation.id)
        .order_by(IdentityProof.id.desc())
        .limit(1)
    )
    return proof.address if proof is not None and proof.expires_at > now(session) else None


def forget_proof(session: Session, conversation: Conversation) -> None:
    """End a proof before its time, when the contact wants to be known by another address."""
    at = now(session)
    for proof in session.scalars(
        select(IdentityProof).where(IdentityProof.conversation_id == conversation.id)
    ):
        proof.expires_at = min(proof.expires_at, at)


def _prove(session: Session, conversation: Conversation, address: str, at: datetime) -> None:
    expires = at + timedelta(minutes=identity_rules().proven_minutes)
    session.add(
        IdentityProof(conversation_id=conversation.id, address=address, proven_at=at, expires_at=expires)
    )
    audit.record(session, actor="assistant", action="identity_proven", subject=address_hash(address))


def _refusal(session: Session, conversation: Conversation, address: str, at: datetime) -> Closed | None:
    rules = identity_rules().code
    _one_at_a_time(session, address)
    closed_at = session.scalar(
        select(func.max(VerificationCode.closed_at)).where(
            VerificationCode.conversation_id == conversation.id
        )
    )
    reopens = None if closed_at is None else closed_at + timedelta(minutes=rules.closed_minutes)
    if reopens is not None and reopens > at:
        return Closed(reopens - at)
    windows = [
        (
            VerificationCode.address_hash == address_hash(address),
            parse(f"{rules.codes_per_address_a_day}/day"),
        ),
        (
            VerificationCode.conversation_id == conversation.id,
            parse(get_settings().limit("codes_conversation")),
        ),
    ]
    if conversation.network:
        windows.append(
            (VerificationCode.network == conversation.network, parse(get_settings().limit("codes_network")))
        )
    waits = [_wait(session, which, limit, at) for which, limit in windows]
    longest = max(waits)
    return Closed(longest) if longest > timedelta(0) else None


def _one_at_a_time(session: Session, address: str) -> None:
    """Nobody else counts or sends codes for the address until this transaction ends.

    On SQLite a writing transaction is alone anyway; elsewhere two conversations could both find room for one.
    """
    if session.get_bind().dialect.name == "postgresql":
        lock = int(address_hash(address)[:15], 16)
        session.execute(select(func.pg_advisory_xact_lock(lock)))


def _wait(session: Session, which: ColumnElement[bool], limit: RateLimitItem, at: datetime) -> timedelta:
    """How long until one more code fits into the limit's moving window; nothing when it does now.

    Counted from the codes themselves, inside the transaction that sends, so that no race slips one through.
    """
    window = timedelta(seconds=limit.get_expiry())
    last_that_fits = session.scalar(
        select(VerificationCode.sent_at)
        .where(which, VerificationCode.sent_at > at - window)
        .order_by(VerificationCode.sent_at.desc())
        .offset(limit.amount - 1)
        .limit(1)
    )
    return timedelta(0) if last_that_fits is None else last_that_fits + window - at


def _local_time(at: datetime) -> str:
    return at.astimezone(ZoneInfo(organisation().timezone)).strftime("%H:%M")
