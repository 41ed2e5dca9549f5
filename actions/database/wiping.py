"""Making sure that what was deleted is gone from the disk too."""

from __future__ import annotations

from actions.database.services import BUSY_TIMEOUT_SECONDS, Database

WAIT_MS = 1000


def wipe(database: Database) -> bool:
    """Write SQLite's log into its file and empty it, so that no page as it was before is left in it.

    In the file itself nothing deleted stays: `secure_delete` overwrites it with zeros. On a database server
    this does nothing: its own vacuum does it in its own time.

    Args:
        database: the database, in which nothing may be going on in this thread.

    Returns:
        False when somebody's reading kept a part of the log in use; it can be tried again at once.
    """
    if not database.is_sqlite:
        return True
    connection = database.engine.raw_connection()
    try:
        cursor = connection.cursor()
        # Writers wait while this one waits for readers, so it does not wait for long.
        cursor.execute(f"PRAGMA busy_timeout={WAIT_MS}")
        busy, _pages, _moved = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_SECONDS * 1000}")
        cursor.close()
        return not busy
    finally:
        connection.close()
