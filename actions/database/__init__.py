"""One database for every process: connections, transactions, column types, migrations."""

from actions.database.models import Base
from actions.database.services import Database, get_database, migrate

__all__ = ["Base", "Database", "get_database", "migrate"]
