"""The queue of calls to Slack: put in with the transaction they tell of, taken out by `bot.slack.sender`.

Nothing that Slack is told in passing can be lost or said twice: a call is a row until Slack has answered it.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from actions.clock import now
from actions.clock.services import machine_now
from actions.slack.models import SlackCall
from actions.vault.cipher import keyed_hash

UNFINISHED = ("waiting", "sending")
LEASE = timedelta(seconds=10)
FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 30.0
REFERENCE = "$of"
AS_ADMIN = "$as_admin"
"""Among a call's arguments: make it with the administrator's token, where the settings have one."""


def enqueue(
    session: Session,
    method: str,
    arguments: Mapping[str, Any],
    *,
    order_key: str,
    idempotency_key: str,
    conversation_id: str | None = None,
    case_id: int | None = None,
) -> SlackCall:
    """Put a call into the queue; it is made once the transaction is committed.

    Args:
        session: a writing session, of the transaction that the call tells of.
        method: of Slack's Web API, e.g. `chat.postMessage`.
        arguments: its arguments; any value in them may be `ts_of(...)` or `channel_of(...)` an earlier call.
        order_key: calls with the same one are made one after the other, as they were put in.
        idempotency_key: the caller's name for this effect: a second call of the same name is not made.
        conversation_id: the conversation whose contact it is about, so that it is redacted with them.
        case_id: the case it is about.

    Returns:
        The call, or the one of this name that was there already.
    """
    known = session.scalar(select(SlackCall).where(SlackCall.key == idempotency_key))
    if known is not None:
        return known
    call = SlackCall(
        key=idempotency_key,
        order_key=order_key,
        method=method,
        arguments=dict(arguments),
        state="waiting",
        not_before=machine_now(),
        conversation_id=conversation_id,
        case_id=case_id,
        created_at=now(session),
    )
    session.add(call)
    session.flush()
    return call


def ts_of(idempotency_key: str) -> dict[str, str]:
    """Stands in a later call's arguments for the `ts` that an earlier one will have had."""
    return {REFERENCE: idempotency_key, "field": "ts"}


def channel_of(idempotency_key: str) -> dict[str, str]:
    """Stands in a later call's arguments for the channel in which an earlier one was posted."""
    return {REFERENCE: idempotency_key, "field": "channel"}


def marker(idempotency_key: str) -> str:
    """What a posted message carries in its metadata, to be known again by; it tells nobody anything."""
    return keyed_hash("slack-call", idempotency_key)[:32]


def by_key(session: Session, idempotency_key: str) -> SlackCall | None:
    """The call of that name."""
    return session.scalar(select(SlackCall).where(SlackCall.key == idempotency_key))


def anything_due(session: Session) -> bool:
    """Whether some call could be made now: one cheap look, without a lock."""
    return session.scalar(select(_due().exists())) or False


def backlog(session: Session) -> tuple[int, float]:
    """How many calls wait to be made, and for how many seconds the oldest has."""
    count, oldest = session.execute(
        select(func.count(), func.min(SlackCall.created_at)).where(SlackCall.state.in_(UNFINISHED))
    ).one()
    return count, (now(session) - oldest).total_seconds() if count else 0.0


def claim(
    session: Session,
    owner: str,
    *,
    limit: int,
    lease: timedelta = LEASE,
    paused: Sequence[str] = (),
    in_hand: Sequence[int] = (),
) -> list[SlackCall]:
    """Take calls to make, at most one of each order key and only the one whose turn it is.

    Args:
        session: a writing session.
        owner: who takes them; a fresh random id of the process.
        limit: how many at the most.
        lease: how long they are the owner's unless renewed; afterwards somebody else takes over.
        paused: methods that Slack has asked us to leave alone for a while.
        in_hand: calls the owner is still busy with.
    """
    due = _due().where(SlackCall.method.not_in(paused), SlackCall.id.not_in(in_hand)).limit(limit)
    calls = list(session.scalars(due.with_for_update(of=SlackCall, skip_locked=True)))
    at = machine_now()
    for call in calls:
        # Whoever had it before us disappeared, in the middle of the call for all we know.
        call.doubtful = call.doubtful or call.state == "sending"
        call.state, call.lease_owner, call.lease_until = "sending", owner, at + lease
        call.attempts += 1
        call.first_tried_at = call.first_tried_at or at
    return calls


def renew(session: Session, owner: str, ids: Sequence[int], *, lease: timedelta = LEASE) -> None:
    """Keep the lease of calls that are still being made."""
    session.execute(
        update(SlackCall)
        .where(SlackCall.id.in_(ids), SlackCall.lease_owner == owner, SlackCall.state == "sending")
        .values(lease_until=machine_now() + lease)
    )


def done(session: Session, call_id: int, *, channel: str | None = None, ts: str | None = None) -> None:
    """Write down that a call has had its effect and where, and destroy its arguments."""
    call = _unfinished(session, call_id)
    if call is not None:
        call.channel, call.ts = channel or call.channel, ts or call.ts
        _end(session, call, "done", "")


def failed(session: Session, call_id: int, error: str) -> None:
    """Write down that Slack refuses a call for good, by its code for that; the next in order may go."""
    call = _unfinished(session, call_id)
    if call is not None:
        _end(session, call, "failed", error)


def again(
    session: Session, call_id: int, error: str, *, doubtful: bool = False, after: timedelta | None = None
) -> None:
    """Put a call back, to be made again.

    Args:
        session: a writing session.
        call_id: which.
        error: why, by Slack's code or the kind of failure; nothing personal.
        doubtful: it may have had its effect all the same.
        after: how long to wait; by default longer with each attempt, up to half a minute.
    """
    call = _unfinished(session, call_id)
    if call is not None:
        call.state, call.lease_owner, call.lease_until = "waiting", None, None
        call.not_before = machine_now() + (after or wait_after(call.attempts))
        call.doubtful = call.doubtful or doubtful
        call.error = error[:80]


def put_off(session: Session, call_id: int, wait: timedelta) -> None:
    """Put a call back that was not attempted, since its moment is yet to come.

    Args:
        session: a writing session.
        call_id: which.
        wait: until it may be made.
    """
    call = _unfinished(session, call_id)
    if call is not None:
        call.state, call.lease_owner, call.lease_until = "waiting", None, None
        call.not_before = machine_now() + wait
        call.attempts -= 1


def cancel(session: Session, call: SlackCall) -> None:
    """Take back a call that has not been made; one that is being made goes on."""
    if call.state == "waiting" and not call.doubtful:
        _end(session, call, "cancelled", "")


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: doubling from half a second to half a minute, with jitter."""
    seconds = min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2.0 ** min(attempts - 1, 10))
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))  # noqa: S311 (no secret hangs on it)


class NotYet(Exception):
    """An earlier call that this one refers to has not been made."""


class Pointless(Exception):
    """An earlier call that this one refers to was refused, or is unknown."""


def resolved(session: Session, value: Any) -> Any:
    """Arguments with the results of earlier calls in their places.

    Raises:
        NotYet: one of them is still to be made.
        Pointless: one of them has come to nothing.
    """
    if isinstance(value, dict):
        if REFERENCE in value:
            return _result(session, value[REFERENCE], value["field"])
        return {name: resolved(session, inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [resolved(session, inner) for inner in value]
    return value


def _result(session: Session, key: str, field: str) -> str:
    call = by_key(session, key)
    if call is not None and call.state in UNFINISHED:
        raise NotYet(key)
    found = None if call is None else {"ts": call.ts, "channel": call.channel}[field]
    if found is None:
        raise Pointless(key)
    return found


def _due() -> Any:
    at: datetime = machine_now()
    earlier = aliased(SlackCall)
    its_turn = ~exists().where(
        earlier.order_key == SlackCall.order_key,
        earlier.id < SlackCall.id,
        earlier.state.in_(UNFINISHED),
    )
    ready = (SlackCall.state == "waiting") & (SlackCall.not_before <= at)
    left_behind = (SlackCall.state == "sending") & (SlackCall.lease_until < at)
    return select(SlackCall).where(or_(ready, left_behind), its_turn).order_by(SlackCall.id)


def _unfinished(session: Session, call_id: int) -> SlackCall | None:
    call = session.get(SlackCall, call_id, with_for_update=True, populate_existing=True)
    return call if call is not None and call.state in UNFINISHED else None


def _end(session: Session, call: SlackCall, state: str, error: str) -> None:
    call.state, call.arguments, call.error = state, None, error[:80]
    call.lease_owner, call.lease_until, call.doubtful = None, None, False
    call.done_at = now(session)
