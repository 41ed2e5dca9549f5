"""What Slack delivered, and who of the workspace works here.

Revision: 0017
Revises: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "slack_deliveries",
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_slack_deliveries")),
    )
    op.create_index(op.f("ix_slack_deliveries_at"), "slack_deliveries", ["at"])
    op.create_table(
        "slack_people",
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("away_since", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_slack_people")),
        sa.UniqueConstraint("name", name=op.f("uq_slack_people_name")),
    )


def downgrade() -> None:
    """Take the schema back."""
    op.drop_table("slack_people")
    op.drop_index(op.f("ix_slack_deliveries_at"), table_name="slack_deliveries")
    op.drop_table("slack_deliveries")
