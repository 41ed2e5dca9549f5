"""The database, and Redis where several engines share one."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from cryptography.exceptions import InvalidTag
from sqlalchemy import text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from actions.database import Database
from actions.database.services import database_url
from actions.health.interfaces import Finding
from actions.settings import PROJECT_ROOT
from bot.doctor.interfaces import Patient

OLDEST_POSTGRESQL = 130_000
REDIS_SECONDS = 3.0
UP = "Start it with `./rightline up`, which does that."


def database(patient: Patient) -> Iterator[Finding]:
    """Reachable, of a version we know, migrated, writable, and written with our key."""
    url = patient.settings.effective_database_url
    try:
        if missing := missing_file(url):
            yield Finding("off", f"there is no database yet; the first start makes {missing}")
            return
        found = Database(url)
    except (ArgumentError, NoSuchModuleError):
        yield Finding(
            "failed",
            "RIGHTLINE_DATABASE_URL is no URL of a database",
            "Write it like postgresql://user:password@host/rightline.",
        )
        return
    try:
        yield from _server(found)
        yield from _migrated(found)
        yield from _writable(found)
        yield from _readable(found)
    except SQLAlchemyError as error:
        yield Finding("failed", f"it cannot be used: {_reason(error)}", _mend(found, error))
    finally:
        found.dispose()


def redis(patient: Patient) -> Iterator[Finding]:
    """Whether Redis answers, when one is named."""
    url = patient.settings.engine_redis_url
    if not url:
        yield Finding("off", "not used: one engine needs none")
        return
    parts = urlsplit(url)
    if parts.scheme not in ("redis", "rediss") or not parts.hostname:
        yield Finding(
            "failed",
            "RIGHTLINE_ENGINE_REDIS_URL is no URL of a Redis server",
            "Write it like redis://:password@host:6379/1.",
        )
        return
    try:
        answer = _ping(url)
    except OSError as error:
        yield Finding(
            "failed",
            f"{parts.hostname} does not answer: {error}",
            "Start Redis, or mend RIGHTLINE_ENGINE_REDIS_URL; engines cannot answer without it.",
        )
        return
    if answer.startswith("+PONG"):
        yield Finding("ok", f"{parts.hostname} answers")
    else:
        yield Finding(
            "failed", f"it says '{answer[1:80]}'", "Mend the password in RIGHTLINE_ENGINE_REDIS_URL."
        )


def missing_file(url: str) -> Path | None:
    """The file of an SQLite database that is not there yet: to look for it must not make its folder."""
    parsed = database_url(url)
    file = Path(parsed.database or "")
    return file if parsed.get_backend_name() == "sqlite" and not file.exists() else None


def _server(found: Database) -> Iterator[Finding]:
    with found.engine.connect() as connection:
        if found.is_sqlite:
            version = connection.scalar(text("SELECT sqlite_version()"))
            yield Finding("ok", f"SQLite {version}, {found.url.database}")
            return
        number = int(connection.scalar(text("SHOW server_version_num")) or 0)
        name = str(connection.scalar(text("SHOW server_version")))
        where = f"PostgreSQL {name.split()[0]} at {found.url.host or 'a socket'}"
        if number < OLDEST_POSTGRESQL:
            yield Finding("failed", f"{where} is too old", "Use PostgreSQL 13 or newer.")
        else:
            yield Finding("ok", where)


def _migrated(found: Database) -> Iterator[Finding]:
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(PROJECT_ROOT / "migrations"))
    scripts = ScriptDirectory.from_config(config)
    with found.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    newest = scripts.get_current_head()
    if current == newest:
        yield Finding("ok", f"its tables are of this version ({current})")
    elif current is None:
        yield Finding("failed", "it has no tables yet", UP)
    elif current in {script.revision for script in scripts.walk_revisions()}:
        yield Finding("failed", f"its tables are of an older version, {current} of {newest}", UP)
    else:
        yield Finding(
            "failed",
            f"its tables are of a version that this program does not know, {current}",
            "Run the version of Rightline that was used last, or restore the backup of before.",
        )


def _writable(found: Database) -> Iterator[Finding]:
    with found.engine.connect().execution_options(rightline_write=True) as connection:
        transaction = connection.begin()
        connection.execute(
            text("INSERT INTO worker_heartbeats (owner, started_at, at) VALUES ('doctor', :at, :at)"),
            {"at": datetime.fromtimestamp(0, UTC)},
        )
        transaction.rollback()
    yield Finding("ok", "it can be written")


def _readable(found: Database) -> Iterator[Finding]:
    """Whether what is stored was encrypted with the key we have; looked at without keeping any of it."""
    from actions.vault.cipher import decrypt

    with found.engine.connect() as connection:
        sealed = connection.scalar(text("SELECT body FROM messages ORDER BY id DESC LIMIT 1"))
    if sealed is None:
        return
    try:
        decrypt(bytes(sealed))
    except InvalidTag:
        yield Finding(
            "failed",
            "what is stored there was encrypted with another key",
            "Give RIGHTLINE_KEY (or the file `key` in the home folder) the key that was used with it.",
        )
    else:
        yield Finding("ok", "what is stored can be read with our key")


def _reason(error: SQLAlchemyError) -> str:
    original = getattr(error, "orig", None)
    lines = str(original or type(error).__name__).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def _mend(found: Database, error: SQLAlchemyError) -> str:
    reason = _reason(error).lower()
    if found.is_sqlite:
        if "full" in reason:
            return "Make room on its disk."
        return f"See that this user may read and write {found.url.database} and its folder."
    if "password" in reason or "authentication" in reason or "role" in reason:
        return "Mend the user or the password in RIGHTLINE_DATABASE_URL."
    if "does not exist" in reason:
        return "Make the database first: createdb rightline."
    if "permission" in reason or "read-only" in reason:
        return "Let the user of RIGHTLINE_DATABASE_URL write there: it must own the database."
    return "Start the server, or mend host and port in RIGHTLINE_DATABASE_URL."


def _ping(url: str) -> str:
    parts = urlsplit(url)
    host = parts.hostname or ""
    connection: socket.socket = socket.create_connection((host, parts.port or 6379), timeout=REDIS_SECONDS)
    with connection:
        if parts.scheme == "rediss":
            connection = ssl.create_default_context().wrap_socket(connection, server_hostname=host)
        stream = connection.makefile("rwb")
        if parts.password:
            user = [unquote(parts.username)] if parts.username else []
            stream.write(_command("AUTH", *user, unquote(parts.password)))
            stream.flush()
            answer = stream.readline().decode(errors="replace").strip()
            if not answer.startswith("+"):
                return answer
        stream.write(_command("PING"))
        stream.flush()
        return stream.readline().decode(errors="replace").strip()


def _command(*words: str) -> bytes:
    parts = [f"${len(word.encode())}\r\n{word}\r\n" for word in words]
    return f"*{len(words)}\r\n{''.join(parts)}".encode()
