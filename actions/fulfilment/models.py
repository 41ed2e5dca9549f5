"""The journal: one row a step."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from actions.database.models import Base
from actions.database.types import EncryptedJson, UtcDateTime


class Step(Base):
    """Something to be done outside the request that decided it."""

    __tablename__ = "fulfilment_steps"
    __table_args__ = (
        Index("ix_fulfilment_steps_waiting", "state", "retry_at"),
        Index("ix_fulfilment_steps_order", "state", "bulk", "id"),
        Index("ix_fulfilment_steps_case", "case_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), default=None)
    state: Mapped[str] = mapped_column(String(12), default="planned")
    # What the handler needs; destroyed when the step is done or cancelled.
    payload: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJson, default=None)
    # One of many alike, which everything else overtakes: nobody waits for a code behind a thousand notices.
    bulk: Mapped[bool] = mapped_column(default=False, server_default=false())
    planned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # By our clock, which tests and demos can move.
    not_before: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    # By the machine's clock: retries and leases are between processes.
    retry_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    lease_owner: Mapped[str | None] = mapped_column(String(64), default=None)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    last_error: Mapped[str] = mapped_column(String(200), default="")
    # The turn that decided it: the same id in every log line from the gateway to here.
    turn: Mapped[str | None] = mapped_column(String(32), default=None)
