"""Handovers as threads in Slack.

Revision: 0016
Revises: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "slack_threads",
        sa.Column("handover_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("channel", sa.String(length=24), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shown_seq", sa.Integer(), nullable=False),
        sa.Column("shown_state", sa.String(length=120), nullable=False),
        sa.Column("caught_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("handover_id", name=op.f("pk_slack_threads")),
        sa.UniqueConstraint("name", name=op.f("uq_slack_threads_name")),
    )
    op.create_index(op.f("ix_slack_threads_conversation_id"), "slack_threads", ["conversation_id"])
    op.create_index(op.f("ix_slack_threads_over_at"), "slack_threads", ["over_at"])
    op.create_table(
        "slack_replies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("handover_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=24), nullable=False),
        sa.Column("ts", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("edited", sa.String(length=32), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["handover_id"],
            ["slack_threads.handover_id"],
            name=op.f("fk_slack_replies_handover_id_slack_threads"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slack_replies")),
        sa.UniqueConstraint("channel", "ts", name=op.f("uq_slack_replies_channel_ts")),
    )
    op.create_index(op.f("ix_slack_replies_handover_id"), "slack_replies", ["handover_id"])
    op.create_index("ix_slack_calls_place", "slack_calls", ["channel", "ts"])


def downgrade() -> None:
    """Take the schema back."""
    op.drop_index("ix_slack_calls_place", "slack_calls")
    op.drop_table("slack_replies")
    op.drop_table("slack_threads")
