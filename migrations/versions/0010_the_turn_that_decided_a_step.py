"""The turn that decided a step.

Revision: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    with op.batch_alter_table("fulfilment_steps", schema=None, recreate="never") as batch_op:
        batch_op.add_column(sa.Column("turn", sa.String(length=32), nullable=True))


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("fulfilment_steps", schema=None, recreate="never") as batch_op:
        batch_op.drop_column("turn")
