"""When each rule of retention was last applied."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from actions.database.models import Base
from actions.database.types import UtcDateTime


class RetentionRun(Base):
    """One row a rule: nothing of what was deleted, only how much."""

    __tablename__ = "retention_runs"

    rule: Mapped[str] = mapped_column(String(20), primary_key=True)
    ran_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Whether the last batch was full, so that there is more to do at once.
    more: Mapped[bool] = mapped_column(default=False)
    # What went since the audit trail was told, and when that was.
    untold: Mapped[int] = mapped_column(default=0)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
