"""Settings, keys and data: what can be looked at without asking anybody."""

from __future__ import annotations

import difflib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from actions.health.interfaces import Finding, State
from actions.settings import PREFIX, Settings, WrongSettings, variable
from bot.doctor.interfaces import Patient

# Read by programs that have no settings of ours: the engine and what trains it.
BESIDE = frozenset({"RIGHTLINE_ENGINE_DATABASE"})
LOOPBACK = ("127.", "localhost", "::1", "[::1]")


def settings(patient: Patient) -> Iterator[Finding]:
    """Unknown variables, and values that do not go together."""
    found = patient.settings
    yield Finding("ok", f"{len(_set())} set, the others have their defaults")
    known = {variable(field) for field in Settings.model_fields} | BESIDE
    for name in sorted(_set() - known):
        near = difflib.get_close_matches(name, known, n=1)
        meant = f"Did you mean {near[0]}?" if near else "docs/settings.md lists all there are."
        yield Finding("warning", f"{name} is no setting, so it has no effect", meant)
    if found.demo:
        yield from _demo(found)
    elif not found.public_url and not found.host.startswith(LOOPBACK):
        yield Finding(
            "warning",
            f"letters say {found.effective_public_url}, which contacts cannot open",
            "Set RIGHTLINE_PUBLIC_URL to the address they reach the chat at.",
        )
    if found.public_url and urlsplit(found.public_url).scheme not in ("http", "https"):
        yield Finding("failed", "RIGHTLINE_PUBLIC_URL is no web address", "Begin it with https://.")


def _demo(found: Settings) -> Iterator[Finding]:
    yield Finding("ok", "this is the demo, with made-up contacts")
    if not found.host.startswith(LOOPBACK):
        yield Finding(
            "warning",
            f"the demo listens on {found.host}: whoever reaches it can read every mail and move the clock",
            "Set RIGHTLINE_DEMO=0 for anything but a demo, or RIGHTLINE_HOST=127.0.0.1.",
        )


def keys(patient: Patient) -> Iterator[Finding]:
    """The master key and those of the fingerprints."""
    found = patient.settings
    file = found.home / "key"
    given = bool(found.key.get_secret_value())
    if not given and not file.exists():
        yield Finding("off", f"there is no key yet; the first start makes one, {file}")
        return
    try:
        found.master_key()
    except WrongSettings as error:
        what, _, mend = str(error).partition(". ")
        yield Finding("failed", what, f"{mend}. Without the key that was used, nothing stored can be read.")
        return
    yield Finding("ok", "the key is RIGHTLINE_KEY's" if given else f"the key is in {file}; keep a copy of it")
    if not given and file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield Finding("failed", f"others may read {file}", f"chmod 600 {file}")
    yield from _fingerprint_keys()


def _fingerprint_keys() -> Iterator[Finding]:
    from actions.preferences.fingerprints import known_key_ids

    try:
        known_key_ids()
    except ValueError as error:
        yield Finding(
            "failed", str(error), "See 'Changing the key of the fingerprints' in docs/operations.md."
        )


def data(patient: Patient) -> Iterator[Finding]:
    """The files that people edit."""
    from actions import masking, policy
    from actions.rights import checking as rights
    from actions.wording.interfaces import WordingError

    try:
        masking.check()
        malformed = [*rights.check(), *policy.check(approvals=False)]
        outdated = [] if malformed else policy.check()
    except WordingError as error:
        malformed, outdated = [str(error)], []
    for problem in malformed:
        yield Finding("failed", problem, "Correct it in the file that is named.")
    for problem in outdated:
        yield Finding("warning", problem, "Have it approved, see docs/policy.md.")
    if not malformed:
        yield Finding("ok", f"{patient.settings.data} is well-formed")


def ledger(patient: Patient) -> Iterator[Finding]:
    """The file that remembers erasures outside the database."""
    path = patient.settings.effective_ledger
    nearest = next(parent for parent in (path, *path.parents) if parent.exists())
    if not os.access(nearest, os.W_OK):
        yield Finding(
            "failed", f"{path} cannot be written", "Let this user write it, or set RIGHTLINE_LEDGER."
        )
    elif patient.settings.ledger is None and not patient.settings.demo:
        yield Finding(
            "warning",
            f"erasures are remembered in {path}, beside everything else",
            "Set RIGHTLINE_LEDGER to a file that is kept where the database's backups are not.",
        )
    else:
        yield Finding("ok", f"erasures are remembered in {path}")


def disk(patient: Patient) -> Iterator[Finding]:
    """Room for the state folder."""
    home = next(
        parent for parent in (patient.settings.home, *patient.settings.home.parents) if parent.exists()
    )
    room = os.statvfs(home)
    free = room.f_bavail * room.f_frsize / 1e9
    state: State = "ok" if free > 2 else "warning" if free > 0.2 else "failed"
    mend = "" if state == "ok" else "Make room: when the disk is full, nothing new can be stored."
    yield Finding(state, f"{free:.1f} GB free at {Path(home)}", mend)


def _set() -> set[str]:
    return {name for name in os.environ if name.startswith(PREFIX) and not name.startswith(f"{PREFIX}TEST_")}
