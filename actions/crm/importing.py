"""Importing contacts, all or none: who was erased does not come back, who objected gets no marketing."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from sqlalchemy.orm import Session

from actions.audit import services as audit
from actions.cases.tasks import raise_task
from actions.crm.contact_files import ContactLine, Mistake, read
from actions.crm.interfaces import Crm, FieldName, NewContact
from actions.database import Database
from actions.notices.interfaces import sources
from actions.preferences import services as preferences
from actions.wording import topics

Fate = Literal["new", "opted_out", "shared", "on_file", "repeated", "blocked"]
ADDED: tuple[Fate, ...] = ("new", "opted_out", "shared")
MOST_MISTAKES = 100


class FileRefused(Exception):
    """The file has mistakes, so that nothing of it was imported.

    Attributes:
        mistakes: the first of them, in order.
        count: how many there are.
    """

    def __init__(self, mistakes: list[Mistake], count: int) -> None:
        super().__init__(f"{count} mistakes")
        self.mistakes = mistakes
        self.count = count


@dataclass
class Report:
    """What became, or would become, of each line.

    Attributes:
        counts: lines by their fate.
        blocked: the lines whose people were erased on request, with the cases that did it.
        opted_out: the lines whose people are added, and get no marketing.
        shared: the lines whose address somebody else on file has too.
    """

    counts: Counter[Fate] = field(default_factory=Counter)
    blocked: list[tuple[int, str]] = field(default_factory=list)
    opted_out: list[int] = field(default_factory=list)
    shared: list[int] = field(default_factory=list)

    @property
    def added(self) -> int:
        """How many people were, or would be, added."""
        return sum(self.counts[fate] for fate in ADDED)


def check(path: Path, seen: Callable[[], None] = lambda: None) -> int:
    """Read the whole file and look for mistakes.

    Args:
        path: the file.
        seen: called for each line, for a progress bar.

    Returns:
        How many people it holds.

    Raises:
        FileRefused: it has mistakes.
        OSError: it cannot be read.
    """
    mistakes: list[Mistake] = []
    people = count = 0
    for line in read(path, tuple(sources())):
        seen()
        if isinstance(line, ContactLine):
            people += 1
            continue
        count += 1
        if len(mistakes) < MOST_MISTAKES:
            mistakes.append(line)
    if count:
        raise FileRefused(mistakes, count)
    return people


def import_file(
    database: Database,
    crm: Crm,
    path: Path,
    *,
    source: str | None = None,
    dry_run: bool = False,
    seen: Callable[[], None] = lambda: None,
) -> Report:
    """Add the people of a file that was checked.

    People who were erased on request are left out, and a person is told; those who objected to marketing are
    added with it switched off; those on file already are left as they are. Reading and adding are one
    transaction of the CRM's, so that a mistake or a kill in the middle leaves nothing.

    Args:
        database: where the suppression list is.
        crm: where to.
        path: the file.
        source: where its people come from, unless its own column `source` says so.
        dry_run: only report.
        seen: called for each line, for a progress bar.

    Raises:
        FileRefused: the file has mistakes after all.
    """
    report = Report()
    wanted = _wanted(database, crm, path, source, report, seen)
    if dry_run:
        for _ in wanted:
            pass
        return report
    crm.add(wanted)
    with database.write() as session:
        _note(session, path, report)
    return report


def _wanted(
    database: Database,
    crm: Crm,
    path: Path,
    source: str | None,
    report: Report,
    seen: Callable[[], None],
) -> Iterator[NewContact]:
    before: set[bytes] = set()
    for line in read(path, tuple(sources())):
        seen()
        if isinstance(line, Mistake):
            raise FileRefused([line], 1)
        person = _digest(line)
        if person in before:
            report.counts["repeated"] += 1
            continue
        before.add(person)
        with database.read() as session:
            fate, unwanted = _fate(session, crm, line, report)
        report.counts[fate] += 1
        if fate in ADDED:
            yield NewContact(line.fields, line.source or source, unwanted)


def _fate(
    session: Session, crm: Crm, line: ContactLine, report: Report
) -> tuple[Fate, tuple[tuple[str, str], ...]]:
    address = line.fields["email"]
    standing = preferences.standing(session, "email", address)
    erased = standing
    if erased.erased_at is None:
        erased = preferences.standing(session, "person", address, _name(line))
    if erased.erased_at is not None:
        report.blocked.append((line.line, erased.case_reference or ""))
        return "blocked", ()
    others = crm.find_by_email(address)
    if any(_name_of(other.fields) == _name(line) for other in others):
        return "on_file", ()
    unwanted = [
        (topic, channel) for topic in sorted(standing.topics) for channel in topics().channels_of("email")
    ]
    for number in (line.fields.get("work_telephone"), line.fields.get("mobile_telephone")):
        stopped = preferences.suppressed_topics(session, "phone", number) if number else frozenset()
        unwanted += [
            (topic, channel) for topic in sorted(stopped) for channel in topics().channels_of("phone")
        ]
    if others:
        report.shared.append(line.line)
    if unwanted:
        report.opted_out.append(line.line)
    fate: Fate = "opted_out" if unwanted else "shared" if others else "new"
    return fate, tuple(dict.fromkeys(unwanted))


def _note(session: Session, path: Path, report: Report) -> None:
    """Leave a trace of the import, and have a person ask where a list with erased people came from."""
    with path.open("rb") as file:
        mark = hashlib.file_digest(file, "sha256").hexdigest()[:16]
    counts = {str(fate): count for fate, count in report.counts.items()}
    audit.record(
        session,
        actor="system",
        action="contacts_imported",
        subject=f"import-{mark}",
        details=counts,
    )
    if report.blocked:
        cases = ", ".join(sorted({case for _line, case in report.blocked if case}))
        raise_task(
            session,
            key=f"import-{mark}-blocked",
            kind="import_blocked",
            text=f"An import held {len(report.blocked)} people who were erased on request ({cases}); they "
            "were left out. Find out where the list came from, and have them taken out of it.",
        )


def _digest(line: ContactLine) -> bytes:
    return hashlib.sha256(f"{line.fields['email']}\n{_name(line)}".encode()).digest()[:16]


def _name(line: ContactLine) -> str:
    return _name_of(line.fields)


def _name_of(fields: Mapping[FieldName, str]) -> str:
    return " ".join(f"{fields.get('name', '')} {fields.get('surname', '')}".lower().split())
