"""What agents put beside a case: whose it is, notes, tags, links, and what was searched."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from actions.audit import record
from actions.cases.interfaces import ChangeRefused, LinkKind, NoteKind
from actions.cases.models import Case, CaseLink, CaseNote, CaseSearch, CaseTag
from actions.cases.states import require_agent
from actions.clock import now

RESTRICTED = "restricted"
"""The tag of cases that not everybody may open: employees, applicants."""
SAFE_CHANNEL = "safe_channel"
"""The tag of cases about which no letter may go out: somebody else reads the contact's mail."""
TAG = re.compile(r"[a-z][a-z0-9_]{1,39}")


def assign(session: Session, case: Case, to: str | None, *, by: str) -> None:
    """Give a case to an agent, or to nobody.

    Raises:
        ChangeRefused: it is closed, or `to` is no person.
    """
    if not case.is_open:
        raise ChangeRefused(f"Case {case.reference} is closed; there is nothing to assign.")
    name = None if to is None else require_agent(to, "be given a case")
    if case.assigned_to == name:
        return
    case.assigned_to = name
    session.flush()
    record(session, actor=by, action="assigned", subject=case.reference, details={"to": name})


def add_note(session: Session, case: Case, text: str, *, by: str, kind: NoteKind = "note") -> CaseNote:
    """Write something down about a case; kept encrypted, never shown to the contact.

    Raises:
        ChangeRefused: there is nothing to write down.
    """
    if not text.strip():
        raise ChangeRefused("A note needs some words.")
    note = CaseNote(case_id=case.id, at=now(session), by=by, kind=kind, text=text.strip())
    session.add(note)
    session.flush()
    if kind == "note":
        record(session, actor=by, action="noted", subject=case.reference, details={"note": note.id})
    return note


def notes_of(session: Session, case: Case, *, kind: NoteKind | None = None) -> list[CaseNote]:
    """The notes of a case, oldest first."""
    query = select(CaseNote).where(CaseNote.case_id == case.id).order_by(CaseNote.id)
    return list(session.scalars(query if kind is None else query.where(CaseNote.kind == kind)))


def add_tag(session: Session, case: Case, tag: str, *, by: str) -> None:
    """Put a tag on a case; again has no further effect.

    Raises:
        ChangeRefused: a tag is 2 to 40 small letters, digits and underscores, a letter first.
    """
    if not TAG.fullmatch(tag):
        raise ChangeRefused(f"'{tag}' is no tag: use small letters, digits and underscores, a letter first.")
    if session.get(CaseTag, (case.id, tag)) is not None:
        return
    session.add(CaseTag(case_id=case.id, tag=tag))
    session.flush()
    record(session, actor=by, action="tagged", subject=case.reference, details={"tag": tag})


def remove_tag(session: Session, case: Case, tag: str, *, by: str) -> None:
    """Take a tag off a case; where it is not, nothing happens."""
    gone = session.execute(
        delete(CaseTag).where(CaseTag.case_id == case.id, CaseTag.tag == tag).returning(CaseTag.tag)
    ).all()
    if gone:
        record(session, actor=by, action="untagged", subject=case.reference, details={"tag": tag})


def tags_of(session: Session, case: Case) -> tuple[str, ...]:
    """The tags of a case, in the order of the alphabet."""
    return tuple(session.scalars(select(CaseTag.tag).where(CaseTag.case_id == case.id).order_by(CaseTag.tag)))


def link(session: Session, case: Case, other: Case, kind: LinkKind = "related", *, by: str) -> None:
    """Note that two cases belong together; again has no further effect.

    Raises:
        ChangeRefused: it is one and the same case.
    """
    if case.id == other.id:
        raise ChangeRefused(f"{case.reference} cannot be linked to itself.")
    first, second = sorted((case.id, other.id))
    known = select(CaseLink.id).where(CaseLink.case_id == first, CaseLink.other_id == second)
    if session.scalar(known) is not None:
        return
    session.add(CaseLink(case_id=first, other_id=second, kind=kind))
    session.flush()
    details = {"to": other.reference, "kind": kind}
    record(session, actor=by, action="linked", subject=case.reference, details=details)


def linked(session: Session, case: Case) -> list[tuple[Case, LinkKind]]:
    """The cases that belong to a case, and why, oldest first."""
    rows = session.scalars(
        select(CaseLink)
        .where(or_(CaseLink.case_id == case.id, CaseLink.other_id == case.id))
        .order_by(CaseLink.id)
    ).all()
    found = []
    for row in rows:
        other = session.get_one(Case, row.other_id if row.case_id == case.id else row.case_id)
        found.append((other, _kind(row.kind)))
    return found


def record_search(
    session: Session,
    case: Case,
    source: str,
    *,
    by: str,
    searched: bool = True,
    found: int | None = None,
    note: str = "",
) -> CaseSearch:
    """Write down that a place was searched for a case, or was not, and why; again, the newer replaces it.

    Args:
        session: a writing session.
        case: the case.
        source: the place's id in `data/sources.yml`.
        by: who searched: `assistant`, `worker` or an agent.
        searched: False when it was left out.
        found: how many records there were, when that was counted.
        note: what was found, or why it was left out; kept encrypted.
    """
    row = _noted(session, case, source, by=by, searched=searched, found=found, note=note)
    details = {"source": source, "searched": searched, "found": found}
    record(session, actor=by, action="searched", subject=case.reference, details=details)
    return row


def record_searches(
    session: Session, case: Case, found: Mapping[str, int], left_out: Mapping[str, str], *, by: str
) -> None:
    """Write down a search of several places at once, as `record_search` does for one.

    Args:
        session: a writing session.
        case: the case.
        found: how many records there were, by the place's id.
        left_out: why a place was left out, by its id.
        by: who searched.
    """
    for source, count in found.items():
        _noted(session, case, source, by=by, searched=True, found=count, note="")
    for source, why in left_out.items():
        _noted(session, case, source, by=by, searched=False, found=None, note=why)
    details = {"found": dict(found), "left_out": sorted(left_out)}
    record(session, actor=by, action="searched", subject=case.reference, details=details)


def searches_of(session: Session, case: Case) -> list[CaseSearch]:
    """What was searched for a case, in the order it was written down."""
    return list(
        session.scalars(select(CaseSearch).where(CaseSearch.case_id == case.id).order_by(CaseSearch.id))
    )


def _noted(
    session: Session, case: Case, source: str, *, by: str, searched: bool, found: int | None, note: str
) -> CaseSearch:
    row = session.scalar(select(CaseSearch).where(CaseSearch.case_id == case.id, CaseSearch.source == source))
    at = now(session)
    if row is None:
        row = CaseSearch(case_id=case.id, source=source)
    row.at, row.by, row.searched, row.found, row.note = at, by, searched, found, note.strip()
    session.add(row)
    session.flush()
    return row


def _kind(text: str) -> LinkKind:
    kinds: tuple[LinkKind, ...] = ("same_message", "duplicate", "related")
    return next(kind for kind in kinds if kind == text)
