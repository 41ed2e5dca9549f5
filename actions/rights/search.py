"""Looking for a contact in every source that is connected: how much there is, and the free text of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import structlog
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from actions.cases import services as cases
from actions.cases.models import Case, address_hash
from actions.conversations.models import Conversation, Message
from actions.crm.interfaces import ContactRecord, Crm, Holdings
from actions.helpdesk.interfaces import Helpdesk, HelpdeskError, Ticket
from actions.identity.models import VerificationCode
from actions.mail.models import SentLetter
from actions.preferences.services import suppressed_topics
from actions.rights import sources
from actions.slack.models import SlackCall
from actions.slack.redaction import POSTING
from actions.wording import phrase

log = structlog.get_logger("search")
PATIENCE_SECONDS = 8.0
"""A contact waits for the answer, and on SQLite everybody who writes waits with them."""
_reading = ThreadPoolExecutor(4, thread_name_prefix="helpdesk")


@dataclass(frozen=True)
class Passage:
    """Free text that may be about other people too: an email, a ticket, an earlier chat."""

    source: str
    ref: str
    title: str
    text: str
    at: datetime | None = None


@dataclass(frozen=True)
class Found:
    """What a source holds about a contact.

    Attributes:
        source: its id in `sources.yml`.
        count: how many records of it there are.
        passages: the free text among them, which an agent reads before it is sent.
        reached: whether it could be asked just now; if not, nobody knows what is there.
    """

    source: str
    count: int
    passages: tuple[Passage, ...] = ()
    reached: bool = True


@dataclass(frozen=True)
class Wanted:
    """Whom to look for, and with what.

    Attributes:
        addresses: every address of the contact, in lower case.
        but: a conversation that need not be looked at: the one they are in.
        case_id: the request that is being answered, which is no news to them.
    """

    session: Session
    crm: Crm
    helpdesk: Helpdesk
    holdings: Holdings
    addresses: tuple[str, ...]
    but: str | None = None
    case_id: int = 0

    @property
    def contact_id(self) -> str:
        """The contact's id in the CRM."""
        return self.holdings.contact.id

    @cached_property
    def hashes(self) -> list[str]:
        """By which our own records of the contact are found: of addresses that nobody else uses."""
        return [
            address_hash(address)
            for address in self.addresses
            if all(contact.id == self.contact_id for contact in self.crm.find_by_email(address))
        ]


def search(wanted: Wanted) -> list[Found]:
    """Look in every connected source."""
    return [look(wanted) for look in LOOKS.values()]


def note_searches(session: Session, case: Case, found: Sequence[Found], *, by: str) -> None:
    """Write down for a case where was looked, how much there was, and where nobody looks, and why."""
    counts = {each.source: each.count for each in found if each.reached}
    not_searched = {name: source.reason for name, source in sources.left_out().items()}
    not_searched |= {each.source: phrase("held.unreached") for each in found if not each.reached}
    cases.record_searches(session, case, counts, not_searched, by=by)


def nobody_on_file(address: str, at: datetime) -> Holdings:
    """What the CRM holds on somebody it does not know: nothing; the address is that of our own records."""
    return Holdings(ContactRecord(id="", fields={"email": address}, state="erased", added_at=at))


def remains(found: Sequence[Found]) -> list[Found]:
    """What is held, or may be, of somebody who is not on file: records of earlier requests and messages."""
    return [
        each
        for each in found
        if (each.count or not each.reached) and each.source not in ("crm", "verification")
    ]


def addresses_of(holdings: Holdings, proven: str | None) -> tuple[str, ...]:
    """Every address of a contact, the one they proved first."""
    known = [proven or "", holdings.contact.email, *holdings.contact.other_emails]
    return tuple(dict.fromkeys(address.strip().lower() for address in known if address.strip()))


def conversations_of(
    session: Session, contact_id: str, hashes: Sequence[str], *, but: str | None = None
) -> list[str]:
    """The conversations of a contact: those in which they asked for something, or proved an address.

    Args:
        session: any session.
        contact_id: the contact's id in the CRM.
        hashes: of addresses that nobody else uses.
        but: a conversation to leave out.
    """
    proven = select(VerificationCode.conversation_id).where(
        VerificationCode.address_hash.in_(hashes), VerificationCode.used_at.is_not(None)
    )
    asked = select(Case.conversation_id).where(
        Case.contact_id == contact_id, Case.conversation_id.is_not(None)
    )
    rows = session.scalars(
        select(Conversation.id)
        .where(Conversation.id.in_(proven.union(asked)), Conversation.id != (but or ""))
        .order_by(Conversation.created_at)
    )
    return list(rows)


def _crm(wanted: Wanted) -> Found:
    if not wanted.contact_id:
        return Found("crm", 0)
    emails = wanted.crm.tracked_emails(wanted.contact_id)
    passages = (Passage("crm", email.id, email.subject, email.body, email.at) for email in emails)
    return Found("crm", 1, tuple(passages))


def _tickets(helpdesk: Helpdesk, addresses: Sequence[str]) -> list[Ticket]:
    return [ticket for address in addresses for ticket in helpdesk.find_by_requestor(address)]


def _helpdesk(wanted: Wanted) -> Found:
    reading = _reading.submit(_tickets, wanted.helpdesk, wanted.addresses)
    try:
        tickets = reading.result(PATIENCE_SECONDS)
    except (HelpdeskError, TimeoutError) as error:
        # The contact need not wait for it: they are told, and a person looks there later.
        log.warning("helpdesk_not_searched", reason=str(error), case=wanted.case_id)
        return Found("helpdesk", 0, reached=False)
    passages = (
        Passage(
            "helpdesk",
            ticket.id,
            ticket.subject,
            "\n\n".join((ticket.body, *ticket.comments)),
            ticket.opened_at,
        )
        for ticket in tickets
    )
    return Found("helpdesk", len(tickets), tuple(passages))


def _chats(wanted: Wanted) -> Found:
    found = conversations_of(wanted.session, wanted.contact_id, wanted.hashes, but=wanted.but)
    return Found("chats", len(found), tuple(_chat(wanted.session, each) for each in found))


def _chat(session: Session, conversation_id: str) -> Passage:
    messages = session.scalars(
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.erased.is_(False))
        .order_by(Message.seq)
    ).all()
    said = (
        f"{'you' if message.sender == 'contact' else message.sender}: {message.body['text']}"
        for message in messages
        if message.body.get("text")
    )
    at = messages[0].at if messages else None
    return Passage(
        "chats", conversation_id[:12], f"Chat of {at:%-d %B %Y}" if at else "Chat", "\n".join(said), at
    )


def _cases(wanted: Wanted) -> Found:
    theirs = or_(Case.contact_id == wanted.contact_id, Case.address_hash.in_(wanted.hashes))
    query = select(func.count()).select_from(Case).where(theirs, Case.id != wanted.case_id)
    return Found("cases", wanted.session.scalar(query) or 0)


def _slack(wanted: Wanted) -> Found:
    """What we have posted about them: copies of chats and of cases, so there is no other text to read.

    What they read as it is posted, because they are in Slack themselves, is no news to them.
    """
    theirs = or_(Case.contact_id == wanted.contact_id, Case.address_hash.in_(wanted.hashes))
    theirs &= Case.id != wanted.case_id
    chats = conversations_of(wanted.session, wanted.contact_id, wanted.hashes)
    about = or_(SlackCall.conversation_id.in_(chats), SlackCall.case_id.in_(select(Case.id).where(theirs)))
    query = (
        select(func.count())
        .select_from(SlackCall)
        .where(SlackCall.method == POSTING, SlackCall.ts.is_not(None), SlackCall.redacted_at.is_(None), about)
        .where(SlackCall.order_key != f"assistant:{wanted.but or ''}")
    )
    return Found("slack", wanted.session.scalar(query) or 0)


def _letters(wanted: Wanted) -> Found:
    session = wanted.session
    kept = session.scalar(
        select(func.count()).select_from(SentLetter).where(SentLetter.address_hash.in_(wanted.hashes))
    )
    return Found("letters", kept or 0)


def _suppression(wanted: Wanted) -> Found:
    listed = [address for address in wanted.addresses if suppressed_topics(wanted.session, "email", address)]
    numbers = (wanted.holdings.contact.fields.get(name) for name in ("work_telephone", "mobile_telephone"))
    listed += [number for number in numbers if number and suppressed_topics(wanted.session, "phone", number)]
    return Found("suppression", len(listed))


def _verification(wanted: Wanted) -> Found:
    query = (
        select(func.count())
        .select_from(VerificationCode)
        .where(VerificationCode.address_hash.in_(wanted.hashes))
    )
    return Found("verification", wanted.session.scalar(query) or 0)


LOOKS: dict[str, Callable[[Wanted], Found]] = {
    "crm": _crm,
    "helpdesk": _helpdesk,
    "chats": _chats,
    "cases": _cases,
    "letters": _letters,
    "slack": _slack,
    "suppression": _suppression,
    "verification": _verification,
}
"""How each connected source of `sources.yml` is looked through; the checker holds the two together."""
