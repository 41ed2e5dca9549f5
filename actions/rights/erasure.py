"""Erasure (UK GDPR Art. 17; policy 3, 9.4, 9.5): a plan record by record, a confirmation, the journal."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from actions.cases import services as cases
from actions.cases.models import Case
from actions.clock import now
from actions.conversations.interfaces import Card, CardRow
from actions.crm.interfaces import Crm, FieldName, Holdings
from actions.erasures import services as erasures
from actions.erasures.forgetting import plan_forgetting
from actions.fulfilment import services as journal
from actions.identity import services as identity
from actions.identity.stages import due, prove_again
from actions.mail import services as mail
from actions.rights.access import post_copy
from actions.rights.words import listing
from actions.settings import get_settings
from actions.tasks.context import Context
from actions.tasks.interfaces import Given, Outcome
from actions.wording import option, phrase

KEPT_UNDER_AGREEMENT: tuple[FieldName, ...] = ("name", "surname", "email", "company")


@dataclass(frozen=True)
class ErasurePlan:
    """What goes and what stays.

    Attributes:
        delete: what is deleted, as people would say it.
        keep: what stays; empty when nothing does.
        keep_fields: the CRM fields that stay.
        ground: why they stay; None when nothing does.
        review_on: when the ground is looked at again.
    """

    delete: tuple[str, ...]
    keep: tuple[str, ...] = ()
    keep_fields: tuple[FieldName, ...] = ()
    ground: str | None = None
    review_on: date | None = None

    @property
    def needs_approval(self) -> bool:
        """Whether an agent looks first: an active agreement is a ground to keep something."""
        return self.ground is not None


def plan(holdings: Holdings, *, replaced: bool = False) -> ErasurePlan:
    """Go through all that is held and say of each whether it is deleted or kept (policy 3 and 9.4).

    Args:
        holdings: what is held.
        replaced: whether somebody else has taken the contact's place under the agreement.
    """
    fields = holdings.contact.fields
    agreement = None if replaced else holdings.active_agreement
    kept = tuple(name for name in KEPT_UNDER_AGREEMENT if name in fields) if agreement else ()
    delete = [phrase(f"field.{name}") for name in fields if name not in kept]
    if holdings.contact.other_emails:
        delete.append(phrase("held.other_emails", count=len(holdings.contact.other_emails)))
    if holdings.tracked_emails:
        delete.append(phrase("held.tracked_emails", count=holdings.tracked_emails))
    if holdings.preferences:
        delete.append(phrase("held.preferences"))
    return ErasurePlan(
        tuple(delete),
        tuple(phrase(f"field.{name}") for name in kept),
        kept,
        "active_agreement" if agreement else None,
        agreement.ends_on if agreement else None,
    )


def card(found: ErasurePlan) -> Card:
    """The plan as the contact sees it."""
    rows: list[CardRow] = [
        {"id": "deleted", "label": phrase("erasure.row.deleted"), "value": listing(found.delete)},
    ]
    if found.keep:
        rows.append(
            {
                "id": "kept",
                "label": phrase("erasure.row.kept"),
                "value": phrase("erasure.kept_under_agreement", what=listing(found.keep)),
            }
        )
    rows.append(
        {
            "id": "fingerprint",
            "label": phrase("erasure.row.fingerprint"),
            "value": phrase("erasure.fingerprint"),
        }
    )
    return {"title": phrase("erasure.card"), "rows": rows}


class ProposeErasure:
    """Show the plan, offer a copy first, and go on only at the contact's explicit word (decision 12)."""

    def enter(self, context: Context) -> Outcome:
        """Show what would happen."""
        holdings = context.crm.holdings(context.data["contact_id"])
        if holdings is None:
            context.say("erasure.gone_already")
            cases.move(context.session, context.case, "fulfilled", by="assistant", note="erased already")
            return "over"
        running = cases.open_duplicate(context.session, right="erasure", address=context.case.address or "")
        if running is not None and running.id != context.case.id and running.state in RUNNING:
            return self._join(context, running)
        found = plan(holdings)
        name = "erasure.proposal_approval" if found.needs_approval else "erasure.proposal"
        return context.offer(
            name,
            "copy_first",
            "erase",
            "not_now",
            card=card(found),
            name=holdings.contact.first_name or phrase("someone"),
        )

    def receive(self, context: Context, given: Given) -> Outcome:
        """Take the decision; only a button, or its own label typed out, erases."""
        if given.choice in ("copy_first", "erase"):
            if identity.proven_address(context.session, context.conversation) is None:
                return prove_again(context)
            return self._confirmed(context, copy=given.choice == "copy_first")
        if given.choice in ("not_now", "cancel") or given.intent == "deny":
            cases.move(context.session, context.case, "withdrawn", by="contact", note="not now")
            context.say("erasure.not_now", "something_else.menu")
            return "over"
        return context.offer("erasure.please_choose", "copy_first", "erase", "not_now")

    def _join(self, context: Context, running: Case) -> Outcome:
        cases.move(
            context.session, context.case, "withdrawn", by="assistant", note=f"joins {running.reference}"
        )
        context.current.case_id = running.id
        context.say(
            "erasure.running", "why_date", case=running, reference=running.reference, due=due(context)
        )
        return "over"

    def _confirmed(self, context: Context, *, copy: bool) -> Outcome:
        case = context.case
        holdings = context.crm.holdings(context.data["contact_id"])
        if holdings is None:
            context.say("erasure.gone_already")
            cases.move(context.session, case, "fulfilled", by="assistant", note="erased already")
            return "over"
        found = plan(holdings)
        case.details["plan"] = stored(found)
        address = case.address or ""
        if copy:
            post_copy(context.session, case, holdings, address)
        lead = phrase("erasure.copy_sent") + " " if copy else ""
        if found.needs_approval:
            cases.move(
                context.session, case, "awaiting_approval", by="contact", note="confirmed; agreement active"
            )
            mail.post(
                context.session,
                "erasure_received_for_approval",
                address,
                case=case,
                key=f"case:{case.id}:received",
                reference=case.reference,
                due=f"{case.due_on:%-d %B %Y}",
            )
            context.say(
                "erasure.awaits_approval",
                "why_date",
                case=case,
                lead=lead,
                reference=case.reference,
                due=due(context),
            )
            return "over"
        wait = start(context.session, context.crm, case, holdings, by="contact")
        name = "erasure.scheduled" if wait else "erasure.started"
        choices = ("undo",) if wait else ()
        context.say(
            name,
            *(option(choice) for choice in choices),
            case=case,
            lead=lead,
            reference=case.reference,
            hours=round(wait.total_seconds() / 3600),
        )
        return "over"


RUNNING = frozenset({"awaiting_approval", "scheduled", "in_progress"})


def start(session: Session, crm: Crm, case: Case, holdings: Holdings, *, by: str) -> timedelta:
    """Write the erasure's steps into the journal, after the waiting time before what cannot be undone.

    Args:
        session: the transaction of the decision; steps and decision stand or fall together.
        crm: for reading only.
        case: a case with a plan.
        holdings: what is held on the contact.
        by: who decided.

    Returns:
        The waiting time; zero when it starts at once.
    """
    wait = timedelta(seconds=get_settings().erasure_wait_seconds)
    found: dict[str, Any] = case.details["plan"]
    begins = now(session) + wait
    address = case.address or ""
    cases.move(session, case, "scheduled" if wait else "in_progress", by=by, note="erasure confirmed")
    if wait:
        mail.post(
            session,
            "erasure_scheduled",
            address,
            case=None,
            key=f"case:{case.id}:scheduled",
            reference=case.reference,
            when=begins,
            undo_url=f"{get_settings().effective_public_url}/#undo",
        )
        journal.plan_step(
            session,
            kind="move_case",
            payload={"to": "in_progress", "note": "waiting time over"},
            key=f"case:{case.id}:begin",
            case=case,
            not_before=begins,
        )
    review_on = found.get("review_on")
    addresses = erasures.plan_erasure(
        session,
        crm,
        case,
        holdings,
        keep=found["keep_fields"],
        ground=found["ground"],
        review_on=date.fromisoformat(review_on) if review_on else None,
    )
    _report(session, case, found)
    journal.plan_step(
        session,
        kind="move_case",
        payload={"to": "fulfilled", "note": "proven"},
        key=f"case:{case.id}:end",
        case=case,
    )
    journal.plan_step(
        session,
        kind="close_request",
        payload={"phrase": "erasure.done_kept" if found["keep"] else "erasure.done"},
        key=f"case:{case.id}:close",
        case=case,
    )
    plan_forgetting(session, case, holdings.contact.id, addresses.own)
    return wait


def _report(session: Session, case: Case, found: dict[str, Any]) -> None:
    """Plan the letter that says what went and, where something stayed, what, why and until when."""
    values: dict[str, Any] = {"reference": case.reference, "deleted": listing(tuple(found["delete"]))}
    key, address = f"case:{case.id}:done", case.address or ""
    if not found["keep"]:
        mail.post(session, "erasure_done", address, case=case, key=key, attachments=(), **values)
        return
    values |= {"kept": listing(tuple(found["keep"])), "until": _until(found)}
    mail.post(session, "erasure_done_kept", address, case=case, key=key, attachments=(), **values)


def _until(found: dict[str, Any]) -> str:
    review = found.get("review_on")
    if review is None:
        return phrase("erasure.until_agreement_ends")
    return phrase("erasure.until_date", date=f"{date.fromisoformat(review):%-d %B %Y}")


def stored(found: ErasurePlan) -> dict[str, Any]:
    """The plan as plain data, kept with the case."""
    kept = asdict(found)
    return {
        name: list(value)
        if isinstance(value, tuple)
        else value.isoformat()
        if isinstance(value, date)
        else value
        for name, value in kept.items()
    }
