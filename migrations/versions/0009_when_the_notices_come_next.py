"""When the notices come next.

Revision: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward; nobody has begun to write notices before."""
    op.execute("DELETE FROM notice_start")
    with op.batch_alter_table("notice_start", schema=None) as batch_op:
        batch_op.add_column(sa.Column("next_at", sa.DateTime(timezone=True), nullable=False))
        batch_op.drop_column("reached_id")
        batch_op.drop_column("reached_at")


def downgrade() -> None:
    """Take it back."""
    op.execute("DELETE FROM notice_start")
    with op.batch_alter_table("notice_start", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reached_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("reached_id", sa.String(length=64), nullable=False))
        batch_op.drop_column("next_at")
