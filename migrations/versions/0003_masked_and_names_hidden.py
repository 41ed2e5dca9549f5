"""What was taken out of a message, and whether names were hidden in it.

Revision: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    with op.batch_alter_table("turns", schema=None) as batch_op:
        batch_op.add_column(sa.Column("masked", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("names_hidden", sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    """Bring the schema back."""
    with op.batch_alter_table("turns", schema=None) as batch_op:
        batch_op.drop_column("names_hidden")
        batch_op.drop_column("masked")
