"""The clock's offset: one row, read by every process."""

from __future__ import annotations

from sqlalchemy import Float
from sqlalchemy.orm import Mapped, mapped_column

from actions.database.models import Base


class ClockOffset(Base):
    """How far, in seconds, our time runs ahead of the machine's."""

    __tablename__ = "clock_offset"

    id: Mapped[int] = mapped_column(primary_key=True)
    seconds: Mapped[float] = mapped_column(Float, default=0.0)
