"""What Slack is shown of a contact: initials and a masked address; values to those who may uncover them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.orm import Session

from actions.cases.deadlines import local_date
from actions.cases.interfaces import CLOSED_STATES
from actions.cases.models import Case
from actions.cases.services import clock_stands_still
from actions.clock import now
from actions.crm import services as crm_services
from actions.crm.interfaces import ContactRecord, CrmError
from actions.handover.interfaces import ROLES, Role, desk_rules
from actions.wording import organisation
from bot.slack.wording import plain

log = structlog.get_logger("slack")


def masked_address(address: str) -> str:
    """An address as `p…@h….example`: enough to recognise one that is known, too little to learn it."""
    local, _, domain = address.partition("@")
    host, _, ending = domain.rpartition(".")
    return f"{local[:1]}…@{host[:1]}….{ending}" if host else f"{local[:1]}…"


def initials(contact: ContactRecord) -> str:
    """A contact as `P… H…`; the first letter of the address where no name is held."""
    names = [contact.fields.get(field, "") for field in ("name", "surname")]
    return " ".join(f"{name[0]}…" for name in names if name) or f"{contact.email[:1] or '?'}…"


def contact_of(case: Case) -> ContactRecord | None:
    """The contact of a case; None when nobody is known, or the CRM cannot be asked now."""
    if not case.contact_id:
        return None
    try:
        return crm_services.get_crm().get(case.contact_id)
    except CrmError as error:
        log.warning("crm_away", error=type(error).__name__)
        return None


def whose(case: Case) -> str:
    """Whom a case is about, for colleagues: initials and a masked address."""
    contact = contact_of(case)
    parts = [initials(contact)] if contact is not None else []
    if case.address:
        parts.append(masked_address(case.address))
    return " · ".join(parts) or plain("case.nobody_known")


def may_see_values(role: Role) -> bool:
    """Whether a role may see what a contact wrote or wants changed: those who may uncover values."""
    return role in desk_rules().reveal.get("value", ())


def may_read_notes(role: Role) -> bool:
    """Whether a role may read what colleagues wrote down; observers only see where a case stands."""
    return ROLES.index(role) >= ROLES.index("agent")


def day(on: date) -> str:
    """A date as `Wed 23 Dec 2026`."""
    return f"{on:%a} {on.day} {on:%b} {on.year}"


def moment(at: datetime) -> str:
    """A time of day where the organisation is, with its date: `23 Nov 10:58`."""
    local = at.astimezone(ZoneInfo(organisation().timezone))
    return f"{local.day} {local:%b %H:%M}"


def ago(session: Session, at: datetime) -> str:
    """How long something has been: `12 seconds ago`."""
    seconds = max(0, round((now(session) - at).total_seconds()))
    for name, unit in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * unit:
            return plain(f"ago.{name}", count=round(seconds / unit))
    return plain("ago.seconds", count=seconds)


def time_left(session: Session, case: Case) -> str:
    """How a case stands with its due date."""
    if case.state in CLOSED_STATES:
        return plain("left.closed")
    if clock_stands_still(case):
        return plain("left.still")
    left: timedelta = case.due_on - local_date(now(session))
    if left.days < 0:
        return plain("left.late", days=-left.days)
    return plain("left.today") if left.days == 0 else plain("left.days", days=left.days)
