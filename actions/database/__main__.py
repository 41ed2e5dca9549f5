"""`python -m actions.database`: bring the database to the newest version, before anything else is started.

Safe by several at once, and over at once where nothing has to be done.
"""

from __future__ import annotations

import sys

from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError

from actions.database.services import migrate
from actions.settings import settings_or_exit


def main() -> int:
    """Migrate; returns the exit code."""
    settings_or_exit()
    try:
        migrate()
    except (CommandError, OSError, SQLAlchemyError) as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        sys.stderr.write(f"The database could not be brought up to date: {reason}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
