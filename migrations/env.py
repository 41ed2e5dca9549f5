"""Alembic's entry: our metadata, one transaction, and a lock against several starting at once."""

from __future__ import annotations

from typing import Any

from alembic import context

from actions.database import tables
from actions.database.services import Database
from actions.database.types import EncryptedJson, UtcDateTime
from actions.settings import get_settings


def plain(kind: str, item: Any, _context: Any) -> str | bool:
    """Write our column types as the plain ones beneath them: migrations must not change with our code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, EncryptedJson):
        return "sa.LargeBinary()"
    return False


def run() -> None:
    """Migrate the database whose URL the caller put into the configuration."""
    database = Database(context.config.attributes.get("url") or get_settings().effective_database_url)
    with (
        database.alone("migration"),
        database.engine.connect().execution_options(rightline_write=True) as connection,
        connection.begin(),
    ):
        context.configure(
            connection=connection,
            target_metadata=tables.METADATA,
            render_as_batch=True,
            render_item=plain,
            transactional_ddl=False,
        )
        context.run_migrations()
    database.dispose()


run()
