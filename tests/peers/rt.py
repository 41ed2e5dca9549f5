"""A real Request Tracker for one test run: on a free port, over a pristine copy of its database."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from actions.connectors.web import HeaderAuth
from tests.support.components import Component, require

SERVER = Component(
    "Request Tracker 5",
    ("/usr/share/request-tracker5/libexec/rt-server",),
    "as root, tests/peers/install-rt",
)
DATABASE = Component(
    "Request Tracker's empty database",
    ("/var/lib/dbconfig-common/sqlite3/request-tracker5/rtdb",),
    "as root, tests/peers/install-rt",
)
ROOT_PASSWORD = "RtPassw0rd"
USER, PASSWORD, QUEUE = "rightline", "Rightline-Passw0rd", "Privacy"
PATIENCE_SECONDS = 60.0
BCRYPT_COST = 4
"""RT checks the token by bcrypt at each request, on purpose slowly: a fifth of a second at its usual 12."""
SERVE = ("--server", "Starlet", "--host", "127.0.0.1", "--max-workers", "3")


@dataclass(frozen=True)
class Rt:
    """One that runs.

    Attributes:
        url: where it answers.
        token: the auth token of a user with just the rights that the documentation asks for.
        mail: where the mail it sent is, one file each.
    """

    url: str
    token: str
    folder: Path

    @property
    def mail(self) -> list[str]:
        """Every mail it has sent, in order."""
        return [path.read_text(errors="replace") for path in sorted((self.folder / "mail").iterdir())]

    def environment(self) -> dict[str, str]:
        """The settings that make Rightline use it."""
        return {
            "RIGHTLINE_HELPDESK": "rt",
            "RIGHTLINE_RT_URL": self.url,
            "RIGHTLINE_RT_TOKEN": self.token,
            "RIGHTLINE_RT_USER": USER,
            "RIGHTLINE_RT_PASSWORD": PASSWORD,
            "RIGHTLINE_RT_QUEUE": QUEUE,
        }

    def clear(self) -> None:
        """Take every ticket away."""
        with requests.Session() as session:
            session.auth = HeaderAuth(f"token {self.token}")
            tickets = f"{self.url}/REST/2.0/tickets"
            form = {"query": "id > 0", "per_page": "100"}
            while found := session.post(tickets, data=form, timeout=60).json()["items"]:
                for ticket in found:
                    address = f"{self.url}/REST/2.0/ticket/{ticket['id']}"
                    session.delete(address, timeout=60).raise_for_status()

    def as_root(self, method: str, path: str, **more: object) -> requests.Response:
        """Ask RT's REST interface as its administrator."""
        return requests.request(
            method,
            f"{self.url}/REST/2.0{path}",
            auth=("root", ROOT_PASSWORD),
            timeout=30,
            **more,  # type: ignore[arg-type]
        )


@contextmanager
def running(folder: Path, *, port: int | None = None, known_as: Sequence[str] = ()) -> Iterator[Rt]:
    """Start one in a folder, and end it.

    Args:
        folder: an empty one; everything it writes is there.
        port: where it listens; a free one by default.
        known_as: further `host:port` at which its pages may be asked, such as a proxy's.
    """
    server, pristine = require(SERVER), require_readable(DATABASE)
    shutil.copy(pristine, folder / "rtdb")
    port = port or free_port()
    environment = os.environ | {
        "RT_SITE_CONFIG": str(_configuration(folder, port, known_as)),
        "RT_SITE_CONFIG_DIR": str(folder / "none"),
    }
    token = _set_up(environment)
    with (folder / "rt.log").open("wb") as log:
        process = subprocess.Popen(
            [server, *SERVE, "--port", str(port)],
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(url, process, folder)
        yield Rt(url, token, folder)
    finally:
        # Its own group: the server and the workers it forked.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)


def require_readable(component: Component) -> Path:
    """Where a file is that the component consists of."""
    path = Path(component.candidates[0])
    return path if os.access(path, os.R_OK) else require(component)


def _configuration(folder: Path, port: int, known_as: Sequence[str]) -> Path:
    for name in ("mail", "mason", "sessions"):
        (folder / name).mkdir()
    post = folder / "post"
    post.write_text(f'#!/bin/sh\nexec cat > "$(mktemp "{folder}/mail/$(date +%s%N)-XXXXXX")"\n')
    post.chmod(0o755)
    site = folder / "RT_SiteConfig.pm"
    site.write_text(
        f"""
Set($rtname, 'peer.test');
Set($Organization, 'peer.test');
Set($WebPath, '');
Set($WebDomain, '127.0.0.1');
Set($WebPort, {port});
Set($WebBaseURL, 'http://127.0.0.1:{port}');
Set($CanonicalizeRedirectURLs, 0);
Set(@ReferrerWhitelist, qw({" ".join(known_as)}));
Set($DatabaseType, 'SQLite');
Set($DatabaseName, '{folder}/rtdb');
Set($MailCommand, 'sendmailpipe');
Set($SendmailPath, '{post}');
Set($MasonDataDir, '{folder}/mason');
Set($MasonSessionDir, '{folder}/sessions');
Set($BcryptCost, {BCRYPT_COST});
Set($LogToSyslog, undef);
Set($LogToSTDERR, 'warning');
1;
"""
    )
    return site


def _set_up(environment: dict[str, str]) -> str:
    script = Path(__file__).with_name("rt_setup.pl")
    done = subprocess.run(
        ["perl", str(script), USER, PASSWORD, QUEUE],
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()[-1]


def _wait(url: str, process: subprocess.Popen[bytes], folder: Path) -> None:
    give_up = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up:
        assert process.poll() is None, (folder / "rt.log").read_text(errors="replace")
        with contextlib.suppress(requests.ConnectionError):
            if requests.get(f"{url}/REST/2.0/rt", timeout=30).status_code in (200, 401):
                return
        time.sleep(0.1)
    raise AssertionError(f"RT did not answer within {PATIENCE_SECONDS:.0f} s")


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
