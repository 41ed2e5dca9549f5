"""Signs of life of the Slack app.

Revision: 0022
Revises: 0021
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "slack_heartbeats",
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_connected", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("owner", name=op.f("pk_slack_heartbeats")),
    )


def downgrade() -> None:
    """Take the schema back."""
    op.drop_table("slack_heartbeats")
