"""After a restore from a backup: who came back, and erasing them again by the record.

The record is the ledger outside the database, and the living database's own tables where another one is
looked at. A backup brings back what was in it: contacts, conversations, letters, and preferences from before
an objection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.audit import services as audit
from actions.cases.holds import stands
from actions.conversations.log import rfc3339
from actions.crm.interfaces import ContactRecord, Crm, Holdings, Place
from actions.database import Database
from actions.database.wiping import wipe
from actions.erasures import forgetting, ledger, services
from actions.erasures.models import Erasure
from actions.helpdesk.interfaces import Helpdesk
from actions.preferences import fingerprints
from actions.preferences.models import Suppression
from actions.wording import topics

PAGE = 1000
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
Record = dict[str, Any]
Records = tuple[dict[str, Record], dict[str, Record]]


@dataclass(frozen=True)
class Returned:
    """A contact who is there again.

    Attributes:
        record: the erasure as it was recorded.
        contact_id: the CRM's id under which they are back; None when only our own records are.
        ours: what of our own records is back, by kind.
        held: a legal hold stands now, so that they are not erased again.
    """

    record: Record
    contact_id: str | None
    ours: dict[str, int]
    held: bool = False


@dataclass
class Findings:
    """What a restored database has that it should not.

    Attributes:
        returned: contacts who are there again.
        suppressions: entries of the suppression list that are missing or out of date.
        wanted: contacts whose marketing is on again, with the topics and channels.
    """

    returned: list[Returned] = field(default_factory=list)
    suppressions: list[Record] = field(default_factory=list)
    wanted: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        """Whether there is nothing to do."""
        return not (any(not one.held for one in self.returned) or self.suppressions or self.wanted)


def collected(*sources: Iterable[Record]) -> Records:
    """Records from several places, the newest of each: erasures by contact, suppressions by fingerprint.

    Args:
        *sources: the ledger's lines and the living database's rows, each oldest first.
    """
    erasures: dict[str, Record] = {}
    suppressions: dict[str, Record] = {}
    for source in sources:
        for record in source:
            if record["kind"] == "suppression":
                for mark in record.get("replaces", ()):
                    suppressions.pop(mark, None)
                suppressions[record["fingerprint"]] = record
            elif record["contact"] not in erasures or erasures[record["contact"]]["at"] <= record["at"]:
                # What was reduced at first and erased later is erased.
                erasures[record["contact"]] = record
    return erasures, suppressions


def living(database: Database) -> Iterator[Record]:
    """The records of a database itself."""
    with database.read() as session:
        for erasure in session.scalars(select(Erasure).order_by(Erasure.at, Erasure.id)):
            yield ledger.erasure_record(erasure)
        for suppression in session.scalars(select(Suppression).order_by(Suppression.id)):
            yield ledger.suppression_record(suppression)


def find(
    database: Database, crm: Crm, records: Records, seen: Callable[[int], None] = lambda _count: None
) -> Findings:
    """Compare a restored database with the record; nothing is changed.

    Args:
        database: the restored database.
        crm: the CRM that goes with it.
        records: what `collected` returned.
        seen: called with the number of contacts looked at, for a progress bar.
    """
    erasures, suppressions = records
    findings = Findings()
    back = _contacts_back(crm, erasures, suppressions, findings, seen)
    with database.read() as session:
        for contact_id, record in erasures.items():
            present = back.get(contact_id)
            ours = forgetting.remains(session, contact_id, _hashes(record), before=_at(record["at"]))
            if present or ours:
                held = stands(session, contact_id=contact_id) or any(
                    stands(session, hashed=mark) for mark in _hashes(record)
                )
                findings.returned.append(Returned(record, present, ours, held))
        findings.suppressions = [
            record for mark, record in suppressions.items() if not _is_there(session, mark, record)
        ]
    return findings


def replay(database: Database, crm: Crm, helpdesk: Helpdesk, findings: Findings) -> None:
    """Erase again who came back, and put the suppression list right; done twice, it has the effect of once.

    Args:
        database: the restored database.
        crm: the CRM that goes with it.
        helpdesk: the helpdesk that goes with it.
        findings: what `find` returned.
    """
    with database.write() as session:
        for record in findings.suppressions:
            _put_back(session, record)
    for contact_id, pairs in findings.wanted.items():
        crm.set_preferences(contact_id, dict.fromkeys(pairs, False))
    for one in findings.returned:
        if not one.held:
            _erase_again(database, crm, helpdesk, one)
    with database.write() as session:
        details = {
            "erased_again": sum(not one.held for one in findings.returned),
            "suppressions": len(findings.suppressions),
            "preferences": len(findings.wanted),
        }
        audit.record(session, actor="system", action="restore_checked", subject="restore", details=details)
    wipe(database)


def _contacts_back(
    crm: Crm,
    erasures: dict[str, Record],
    suppressions: dict[str, Record],
    findings: Findings,
    seen: Callable[[int], None],
) -> dict[str, str]:
    """Erased contacts who are in the CRM again, by the id they had, with the id they have.

    Everybody is looked at, page by page: a CRM that was restored may have given out new ids, and preferences
    are known by the contact while objections are known by the address.
    """
    by_case = {record["case"]: contact_id for contact_id, record in erasures.items()}
    back: dict[str, str] = {}
    for page in _pages(crm):
        for contact in page:
            was = _erased_as(contact, erasures, suppressions, by_case)
            if was is None:
                _note_wanted(crm, contact, suppressions, findings)
            elif _has_too_much(crm, contact, erasures[was]):
                back[was] = contact.id
        seen(len(page))
    return back


def _pages(crm: Crm) -> Iterator[list[ContactRecord]]:
    after: Place | None = None
    while page := list(crm.added_since(BEGINNING, after, PAGE)):
        yield page
        after = (page[-1].added_at, page[-1].id)


def _erased_as(
    contact: ContactRecord,
    erasures: dict[str, Record],
    suppressions: dict[str, Record],
    by_case: dict[str | None, str],
) -> str | None:
    """The id under which a contact was erased after they had been added; who came later is somebody new."""
    record = erasures.get(contact.id)
    if record is not None and contact.added_at <= _at(record["at"]):
        return contact.id
    for entry in _entries(contact, suppressions):
        if entry["erased_at"] and contact.added_at <= _at(entry["erased_at"]):
            return by_case.get(entry["case"])
    return None


def _entries(contact: ContactRecord, suppressions: dict[str, Record]) -> Iterator[Record]:
    name = f"{contact.fields.get('name', '')} {contact.fields.get('surname', '')}"
    for address in (contact.email, *contact.other_emails):
        for made in (
            *fingerprints.fingerprints("email", address),
            *fingerprints.fingerprints("person", address, name),
        ):
            if made.mark in suppressions:
                yield suppressions[made.mark]


def _has_too_much(crm: Crm, contact: ContactRecord, record: Record) -> bool:
    if not record["keep"]:
        return True
    holdings = crm.holdings(contact.id)
    if holdings is None:
        return False
    beyond = set(holdings.contact.fields) - set(record["keep"])
    other = holdings.tracked_emails or holdings.preferences or holdings.contact.other_emails
    return bool(beyond or other) or holdings.contact.state != "reduced"


def _note_wanted(
    crm: Crm, contact: ContactRecord, suppressions: dict[str, Record], findings: Findings
) -> None:
    stopped = {
        (topic, channel)
        for entry in _entries(contact, suppressions)
        if entry["of"] == "email" and not entry["lifted_at"]
        for topic in entry["topics"]
        for channel in topics().channels_of("email")
    }
    holdings: Holdings | None = crm.holdings(contact.id) if stopped else None
    if holdings is not None:
        on_again = sorted(pair for pair in stopped if holdings.preferences.get(pair))
        if on_again:
            findings.wanted[contact.id] = on_again


def _is_there(session: Session, mark: str, record: Record) -> bool:
    row = session.scalar(select(Suppression).where(Suppression.fingerprint == mark))
    return row is not None and ledger.suppression_record(row) == record


def _put_back(session: Session, record: Record) -> None:
    row = session.scalar(select(Suppression).where(Suppression.fingerprint == record["fingerprint"]))
    if row is None:
        row = Suppression(fingerprint=record["fingerprint"])
        session.add(row)
    row.details = {"replaces": record["replaces"]} if record.get("replaces") else {}
    row.kind, row.key_id, row.reason = record["of"], record["key_id"], record["reason"]
    row.topics, row.case_reference = record["topics"], record["case"]
    row.since = _at(record["since"])
    row.lifted_at = _at(record["lifted_at"]) if record["lifted_at"] else None
    row.erased_at = _at(record["erased_at"]) if record["erased_at"] else None


def _erase_again(database: Database, crm: Crm, helpdesk: Helpdesk, one: Returned) -> None:
    record = one.record
    holdings = crm.holdings(one.contact_id) if one.contact_id else None
    if holdings is not None:
        own = services.addresses_of(crm, holdings).own
        if record["keep"]:
            crm.reduce(holdings.contact.id, record["keep"])
        else:
            crm.erase(holdings.contact.id)
            for address in own:
                helpdesk.anonymise(address)
    with database.write() as session:
        services.record(
            session,
            key=record["key"],
            reference=record["case"],
            contact_id=record["contact"],
            keep=record["keep"],
            hashes=_hashes(record),
            at=_at(record["at"]),
        )
        forgetting.forget(session, record["contact"], _hashes(record), reference=record["case"])
        details = {"erased": record["at"], "again": rfc3339(_at(record["at"]))}
        audit.record(
            session, actor="system", action="erasure_replayed", subject=record["case"], details=details
        )


def _hashes(record: Record) -> list[str]:
    return list(record.get("hashes", ()))


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)
