"""Deliveries that had their effect: written with it, so a repeated one has none and a lost one is not missed.

Slack sends again what it thinks was not received. The receipt is a row of the transaction that does the work:
where that never committed, there is no receipt, and the repetition does the work.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from actions.clock import now
from actions.slack.models import SlackDelivery
from bot.slack.interfaces import Body

LEFT_ALONE_FOR = timedelta(seconds=30)
"""How long whoever acknowledged a delivery without its effect is given before somebody else takes it up."""

TRIED_FOR = timedelta(hours=1)


def key_of(body: Body) -> str:
    """What a delivery is known by, however often it comes: an event's id, one press, one submission.

    Raises:
        ValueError: it is nothing that has an effect.
    """
    if event_id := body.get("event_id"):
        return f"event:{event_id}"
    kind = body.get("type")
    if kind == "block_actions":
        press = body["actions"][0]
        container = body.get("container", {})
        place = container.get("message_ts") or container.get("view_id") or ""
        return f"press:{body['user']['id']}:{place}:{press['action_id']}:{press.get('action_ts', '')}"[:160]
    if kind == "view_submission":
        view = body["view"]
        return f"view:{view['id']}:{view.get('callback_id', '')}:{view.get('hash', '')}"[:160]
    if trigger := body.get("trigger_id"):
        return f"trigger:{trigger}"[:160]
    raise ValueError("this delivery has nothing that it could be known by")


def first(session: Session, key: str) -> bool:
    """Whether a delivery has not had its effect yet; if so, the receipt is written in this transaction.

    Args:
        session: the writing session that does the work.
        key: see `key_of`.
    """
    at = now(session)
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    written = session.execute(
        insert(SlackDelivery)
        .values(key=key, at=at, done_at=at, body=None)
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(SlackDelivery.key)
    ).scalar_one_or_none()
    if written is not None:
        return True
    row = session.get_one(SlackDelivery, key, with_for_update=True, populate_existing=True)
    if row.done_at is not None:
        return False
    row.done_at, row.body = at, None
    session.flush()
    return True


def put_by(session: Session, key: str, body: Body) -> None:
    """Keep a delivery that is acknowledged before its effect is written: a killed process loses none."""
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    session.execute(
        insert(SlackDelivery)
        .values(key=key, at=now(session), done_at=None, body=body)
        .on_conflict_do_nothing(index_elements=["key"])
    )


def left_over(session: Session, *, limit: int = 20) -> list[tuple[str, Body, bool]]:
    """Deliveries that were acknowledged some time ago and never had their effect, oldest first.

    Returns:
        Of each its key, its body, and whether it has been tried for too long.
    """
    at = now(session)
    rows = session.scalars(
        select(SlackDelivery)
        .where(SlackDelivery.done_at.is_(None), SlackDelivery.at <= at - LEFT_ALONE_FOR)
        .order_by(SlackDelivery.at)
        .limit(limit)
    )
    return [(row.key, row.body or {}, row.at <= at - TRIED_FOR) for row in rows]


def give_up(session: Session, key: str) -> None:
    """Forget the body of a delivery that cannot be carried out."""
    row = session.get(SlackDelivery, key)
    if row is not None and row.done_at is None:
        row.done_at, row.body = now(session), None
