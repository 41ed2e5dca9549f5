"""A Tryton and a Request Tracker to try Rightline with, on loopback, until somebody stops it.

python -m tests.peers.serve FILE         # runs both; FILE gets the settings, as a shell reads them
python -m tests.peers.serve --look FILE  # what the two hold of the demo's contacts now, as JSON
"""

from __future__ import annotations

import argparse
import base64
import json
import re
import shlex
import signal
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import requests

from tests.peers import rt, tryton

SECONDS = 30


def main() -> int:
    """Serve, or look; returns the exit code."""
    parser = argparse.ArgumentParser(description="A Tryton and a Request Tracker to try Rightline with.")
    parser.add_argument("file", type=Path, help="the settings, as a shell reads them")
    parser.add_argument("--look", action="store_true", help="only show what the two hold now")
    options = parser.parse_args()
    if options.look:
        settings = read(options.file)
        shown = {"parties": _parties(settings), "tickets": _tickets(settings)}
        print(json.dumps(shown, indent=1, ensure_ascii=False))
        return 0
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with (
        tempfile.TemporaryDirectory(prefix="rightline-rt-") as folder,
        tryton.running() as crm,
        rt.running(Path(folder)) as helpdesk,
    ):
        write(options.file, {**crm.settings, **helpdesk.environment()})
        stop.wait()
    options.file.unlink(missing_ok=True)
    return 0


def write(file: Path, settings: Mapping[str, str]) -> None:
    """Write settings as lines that a shell reads, all at once."""
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = "".join(f"export {name}={shlex.quote(value)}\n" for name, value in settings.items())
    part = file.with_suffix(".part")
    part.write_text(lines, encoding="utf-8")
    part.replace(file)


def read(file: Path) -> dict[str, str]:
    """The settings of such a file."""
    found = (shlex.split(line) for line in file.read_text(encoding="utf-8").splitlines())
    return dict(re.split("=", words[1], maxsplit=1) for words in found if len(words) == 2)


def _parties(settings: Mapping[str, str]) -> list[dict[str, Any]]:
    url = f"{settings['RIGHTLINE_TRYTON_URL'].rstrip('/')}/{settings['RIGHTLINE_TRYTON_DATABASE']}/rpc/"
    user, password = settings["RIGHTLINE_TRYTON_USER"], settings["RIGHTLINE_TRYTON_PASSWORD"]
    number, token, *_ = _call(url, "common.db.login", [user, {"password": password}, "en"])
    session = base64.b64encode(f"{user}:{number}:{token}".encode()).decode()
    everybody = [["active", "in", [True, False]]]
    arguments = [everybody, 0, None, None, ["name", "active"], {}]
    found: list[dict[str, Any]] = _call(
        url, "model.party.party.search_read", arguments, {"Authorization": f"Session {session}"}
    )
    return [{"id": one["id"], "name": one["name"], "active": one["active"]} for one in found]


def _call(url: str, method: str, params: list[Any], headers: Mapping[str, str] | None = None) -> Any:
    answer = requests.post(
        url, json={"id": 1, "method": method, "params": params}, headers=dict(headers or {}), timeout=SECONDS
    )
    answer.raise_for_status()
    said = answer.json()
    if isinstance(said, dict):
        if said.get("error"):
            raise SystemExit(f"Tryton: {said['error']}")
        return said["result"]
    return said


def _tickets(settings: Mapping[str, str]) -> list[dict[str, Any]]:
    answer = requests.get(
        f"{settings['RIGHTLINE_RT_URL'].rstrip('/')}/REST/2.0/tickets",
        params={"query": "id > 0", "fields": "Subject,Status", "per_page": "100"},
        headers={"Authorization": f"token {settings['RIGHTLINE_RT_TOKEN']}"},
        timeout=SECONDS,
    )
    answer.raise_for_status()
    return [
        {"id": item["id"], "subject": item["Subject"], "status": item["Status"]}
        for item in answer.json()["items"]
    ]


if __name__ == "__main__":
    sys.exit(main())
