"""The queue of calls to Slack.

Revision: 0015
Revises: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "slack_calls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("order_key", sa.String(length=160), nullable=False),
        sa.Column("method", sa.String(length=60), nullable=False),
        sa.Column("arguments", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("doubtful", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_owner", sa.String(length=64), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("channel", sa.String(length=24), nullable=True),
        sa.Column("ts", sa.String(length=32), nullable=True),
        sa.Column("error", sa.String(length=80), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("redacted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slack_calls")),
        sa.UniqueConstraint("key", name=op.f("uq_slack_calls_key")),
    )
    with op.batch_alter_table("slack_calls") as batch:
        batch.create_index(batch.f("ix_slack_calls_done_at"), ["done_at"])
        batch.create_index("ix_slack_calls_about", ["conversation_id", "case_id"])
        batch.create_index("ix_slack_calls_due", ["state", "not_before"])
        batch.create_index("ix_slack_calls_order", ["order_key", "state", "id"])


def downgrade() -> None:
    """Take the schema back."""
    op.drop_table("slack_calls")
