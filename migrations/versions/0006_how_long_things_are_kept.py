"""How long things are kept.

Revision: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "retention_runs",
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.Column("ran_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("more", sa.Boolean(), nullable=False),
        sa.Column("untold", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("rule", name=op.f("pk_retention_runs")),
    )
    with op.batch_alter_table("audit_head", schema=None) as batch_op:
        batch_op.add_column(sa.Column("first_id", sa.BigInteger(), nullable=False, server_default="1"))
        batch_op.add_column(
            sa.Column("first_link", sa.String(length=64), nullable=False, server_default="0" * 64)
        )
        batch_op.add_column(sa.Column("seal", sa.String(length=64), nullable=False, server_default=""))


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("audit_head", schema=None) as batch_op:
        batch_op.drop_column("seal")
        batch_op.drop_column("first_link")
        batch_op.drop_column("first_id")

    op.drop_table("retention_runs")
