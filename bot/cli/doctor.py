"""`./rightline doctor`: what is wrong here, and what to do about it."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.project import EXIT_FAILED, command_app

if TYPE_CHECKING:
    from bot.doctor.interfaces import Examined

app = command_app()
WIDTH = 10
SIGNS = {"ok": "ok", "warning": "note", "failed": "WRONG", "off": "-"}


@app.command()
def doctor(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of lines.")] = False,
) -> None:
    """Look at settings, keys, database, CRM, helpdesk, mail, Slack and engine, one by one.

    For each it says what is wrong and how to mend it; nothing is changed. Exit codes: 0 when nothing is wrong
    (there may be notes), 1 when something is, 2 when the settings cannot be read at all.
    """
    # As `up` does: without a word about it, this is the demo.
    os.environ.setdefault("RIGHTLINE_DEMO", "1")
    from actions.settings import WrongSettings, get_settings
    from bot.doctor.interfaces import Patient
    from bot.doctor.services import examine
    from bot.supervisor.instance import find_running

    try:
        settings = get_settings()
    except WrongSettings as error:
        _show_unreadable(str(error), as_json=as_json)
        raise typer.Exit(2) from None
    found = []
    for examined in examine(Patient(settings, find_running(settings.home))):
        found.append(examined)
        if not as_json:
            _show(examined)
    wrong = sum(examined.finding.state == "failed" for examined in found)
    if as_json:
        checks = [_plain(examined) for examined in found]
        print(json.dumps({"ok": wrong == 0, "checks": checks}, indent=1, ensure_ascii=False))
    else:
        print(f"{wrong} wrong" if wrong else "nothing is wrong")
    if wrong:
        raise typer.Exit(EXIT_FAILED)


def _show(examined: Examined) -> None:
    finding = examined.finding
    print(f"{SIGNS[finding.state]:<7}{examined.part:<{WIDTH}}{finding.what}", flush=True)
    if finding.mend:
        print(f"{'':<{7 + WIDTH}}→ {finding.mend}", flush=True)


def _plain(examined: Examined) -> dict[str, str]:
    finding = examined.finding
    return {"part": examined.part, "state": finding.state, "what": finding.what, "mend": finding.mend}


def _show_unreadable(sentences: str, *, as_json: bool) -> None:
    lines = sentences.splitlines()
    if as_json:
        checks = [{"part": "settings", "state": "failed", "what": line, "mend": ""} for line in lines]
        print(json.dumps({"ok": False, "checks": checks}, indent=1, ensure_ascii=False))
        return
    for line in lines:
        print(f"{SIGNS['failed']:<7}{'settings':<{WIDTH}}{line}")
