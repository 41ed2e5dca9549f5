"""Tickets of cases.

Revision: 0021
Revises: 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "helpdesk_case_tickets",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.String(length=64), nullable=True),
        sa.Column("told_until", sa.Integer(), nullable=False),
        sa.Column("busy_step", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
            name=op.f("fk_helpdesk_case_tickets_case_id_cases"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_helpdesk_case_tickets")),
    )


def downgrade() -> None:
    """Take the schema back."""
    op.drop_table("helpdesk_case_tickets")
