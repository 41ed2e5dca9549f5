"""A real Tryton to test with, from PyPI: environment and database are made once, a server for each session.

    with running() as tryton: ...

    python -m tests.peers.tryton [PORT]     # starts one until Ctrl-C, and prints the settings that name it

Everything it makes lies in .tools/tryton, which git ignores.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import requests

from actions.crm.tryton.client import TrytonClient
from bot.supervisor.watchdog import Watchdog
from tests.support.components import PROJECT, lacking

PLACE = PROJECT / ".tools" / "tryton"
REQUIREMENTS = PROJECT / "requirements" / "tryton.txt"
DATABASE = "peer"
ADMINISTRATOR = "admin"
USER = "rightline"
PASSWORD = "TrytonPassw0rd!"
GROUPS = ("Party Administration", "Marketing")
MODULES = ("ir", "res", "party", "marketing", "marketing_email", "party_relationship")

INSTALL_SECONDS = 300.0
PREPARE_SECONDS = 300.0
READY_SECONDS = 60.0
STOP_SECONDS = 10.0
LOOK_SECONDS = 0.1


class NoTryton(Exception):
    """There is no Tryton here and none can be made; the message says why."""


@dataclass(frozen=True)
class Tryton:
    """A server that runs.

    Attributes:
        url: of the server.
        folder: of its database and its log.
        process: the server.
    """

    url: str
    folder: Path
    process: subprocess.Popen[bytes]
    database: str = DATABASE
    user: str = USER
    password: str = PASSWORD

    @property
    def port(self) -> int:
        """On which it listens."""
        return int(self.url.rsplit(":", 1)[1].strip("/"))

    def administrator(self) -> TrytonClient:
        """A client that may do everything, for putting things there and looking behind the scenes."""
        return TrytonClient(self.url, self.database, ADMINISTRATOR, self.password)

    @property
    def settings(self) -> dict[str, str]:
        """What a Rightline needs in its environment to use it."""
        return {
            "RIGHTLINE_CRM": "tryton",
            "RIGHTLINE_TRYTON_URL": self.url,
            "RIGHTLINE_TRYTON_DATABASE": self.database,
            "RIGHTLINE_TRYTON_USER": self.user,
            "RIGHTLINE_TRYTON_PASSWORD": self.password,
        }

    def log(self) -> str:
        """The end of what it has said."""
        return (self.folder / "log").read_text(errors="replace")[-3000:]


@contextlib.contextmanager
def running(port: int | None = None) -> Iterator[Tryton]:
    """A server with a database of its own, in which there is nobody yet.

    Args:
        port: where to listen; any free one when left out.

    Raises:
        NoTryton: it cannot be installed, prepared or started here.
    """
    pristine = prepared()
    folder = Path(tempfile.mkdtemp(prefix="rightline-tryton-"))
    try:
        shutil.copy(pristine, folder / f"{DATABASE}.sqlite")
        tryton = _start(folder, port or _free_port())
        watchdog = Watchdog()
        watchdog.watch(tryton.process.pid)
        try:
            _wait(tryton)
            _make_account(tryton)
            yield tryton
        finally:
            _stop(tryton.process)
            watchdog.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def prepared() -> Path:
    """A database with the modules activated, made where there is none for these requirements yet.

    Raises:
        NoTryton: it cannot be made.
    """
    mark = hashlib.sha256(REQUIREMENTS.read_bytes() + " ".join(MODULES).encode()).hexdigest()[:12]
    pristine = PLACE / f"pristine-{mark}.sqlite"
    if pristine.exists():
        return pristine
    PLACE.mkdir(parents=True, exist_ok=True)
    with _lock(PLACE / "lock"):
        if not pristine.exists():
            _install()
            _prepare(pristine)
    return pristine


def require_tryton() -> None:
    """Make sure that there is a Tryton; skip the test that lacks it, or fail it when CI=true."""
    try:
        prepared()
    except NoTryton as problem:
        lacking(str(problem))


def _install() -> None:
    environment = PLACE / "venv"
    stamp = environment / "installed.txt"
    if stamp.exists() and stamp.read_bytes() == REQUIREMENTS.read_bytes():
        return
    uv = next(
        filter(None, (shutil.which(str(PROJECT / ".tools/uv/bin/uv")), shutil.which("uv"))),
        None,
    )
    if uv is None:
        raise NoTryton("Tryton cannot be installed: uv is missing; run ./rightline test once")
    shutil.rmtree(environment, ignore_errors=True)
    _run(
        [uv, "venv", "--quiet", "--no-project", "--python", str(_python()), str(environment)], INSTALL_SECONDS
    )
    _run(
        [
            *(uv, "pip", "sync", "--quiet", "--require-hashes"),
            *("--python", str(environment / "bin/python"), str(REQUIREMENTS)),
        ],
        INSTALL_SECONDS,
    )
    stamp.write_bytes(REQUIREMENTS.read_bytes())


def _python() -> Path:
    return PROJECT / ".venv" / "bin" / "python"


def _prepare(pristine: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="rightline-tryton-") as name:
        folder = Path(name)
        (folder / f"{DATABASE}.sqlite").touch()
        password = folder / "password"
        password.write_text(f"{PASSWORD}\n")
        _run(
            [
                *(str(_program("trytond-admin")), "-c", str(_configuration(folder, 0)), "-d", DATABASE),
                *("-u", *MODULES, "--activate-dependencies", "--email", "admin@peer.example"),
            ],
            PREPARE_SECONDS,
            TRYTONPASSFILE=str(password),
        )
        half = pristine.with_suffix(".half")
        shutil.copy(folder / f"{DATABASE}.sqlite", half)
        half.replace(pristine)


def _start(folder: Path, port: int) -> Tryton:
    configuration = _configuration(folder, port)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [str(_program("trytond")), "-c", str(configuration), "-d", DATABASE],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=_environment(),
            start_new_session=True,
        )
    return Tryton(f"http://127.0.0.1:{port}", folder, process)


def _wait(tryton: Tryton) -> None:
    deadline = time.monotonic() + READY_SECONDS
    question = {"id": 0, "method": "common.server.version", "params": []}
    while True:
        with contextlib.suppress(requests.RequestException):
            if requests.post(f"{tryton.url}/rpc/", json=question, timeout=5).ok:
                return
        if tryton.process.poll() is not None or time.monotonic() > deadline:
            raise NoTryton(f"Tryton does not start:\n{tryton.log()}")
        time.sleep(LOOK_SECONDS)


def _make_account(tryton: Tryton) -> None:
    """Rightline's own account, with the rights that docs/tryton.md asks for and no others."""
    administrator = tryton.administrator()
    domain = [["name", "in", list(GROUPS)]]
    groups = [row["id"] for row in administrator.search_read("res.group", domain, ["name"])]
    rights = {"perm_read": True, "perm_write": False, "perm_create": True, "perm_delete": True}
    administrator.create("ir.model.access", [{"model": "ir.email", "group": groups[0], **rights}])
    account = {"name": "Rightline", "login": USER, "password": PASSWORD, "groups": [["add", groups]]}
    administrator.create("res.user", [account])


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(timeout=STOP_SECONDS)


def _configuration(folder: Path, port: int) -> Path:
    path = folder / "trytond.conf"
    path.write_text(
        f"[database]\nuri = sqlite://\npath = {folder}\n"
        f"[web]\nlisten = 127.0.0.1:{port}\n"
        "[session]\nauthentications = password\n"
    )
    return path


def _program(name: str) -> Path:
    return PLACE / "venv" / "bin" / name


def _environment(**more: str) -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", ""), "HOME": os.environ.get("HOME", "/"), **more}


def _run(command: list[str], seconds: float, **environment: str) -> None:
    try:
        done = subprocess.run(
            command,
            env={**os.environ, **environment},
            timeout=seconds,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoTryton(f"Tryton cannot be prepared: {error}") from error
    if done.returncode:
        raise NoTryton(f"Tryton cannot be prepared: {done.stderr.decode(errors='replace')[-600:]}")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextlib.contextmanager
def _lock(path: Path) -> Iterator[IO[str]]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def _until_told() -> None:
    with running(int(sys.argv[1]) if len(sys.argv) > 1 else None) as tryton:
        for name, value in tryton.settings.items():
            print(f"export {name}={shlex.quote(value)}", flush=True)
        told = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: told.set())
        told.wait()


if __name__ == "__main__":
    _until_told()
