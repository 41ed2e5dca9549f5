"""Alembic's entry: our metadata, one transaction, and a lock against several starting at once."""

from __future__ import annotations

from alembic import context
from sqlalchemy import text

from actions.database import tables
from actions.database.models import Base
from actions.database.services import Database
from actions.settings import get_settings

LOCK = 7_215_036_118


def run() -> None:
    """Migrate the database whose URL the caller put into the configuration."""
    assert tables.ALL
    database = Database(context.config.attributes.get("url") or get_settings().effective_database_url)
    with database.engine.connect().execution_options(rightline_write=True) as connection, connection.begin():
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
            transactional_ddl=False,
        )
        context.run_migrations()
    database.dispose()


run()
