"""Erasure (UK GDPR Art. 17; policy 3, 9.4, 9.5): the plan, a confirmation, a waiting time, the journal."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from actions.cases import services as cases
from actions.cases.explain import long_date
from actions.cases.models import Case
from actions.clock import now
from actions.crm.interfaces import Crm, Holdings
from actions.erasures import services as erasures
from actions.erasures.forgetting import plan_forgetting
from actions.fulfilment import services as journal
from actions.helpdesk.services import get_helpdesk
from actions.identity import services as identity
from actions.identity.stages import due, nothing_held, prove_again
from actions.mail import services as mail
from actions.rights import sources
from actions.rights.access import post_copy, wanted_here
from actions.rights.ending import finish
from actions.rights.erasure_plan import ErasurePlan, card, plan, stored
from actions.rights.search import Wanted, addresses_of, nobody_on_file, note_searches, remains, search
from actions.rights.words import called, listing
from actions.settings import get_settings
from actions.tasks.context import Context
from actions.tasks.interfaces import Given, Outcome
from actions.wording import phrase

RUNNING = frozenset({"awaiting_approval", "scheduled", "in_progress"})
OFFERED = ("copy_first", "erase", "not_now")


class ProposeErasure:
    """Show the plan, offer a copy first, and go on only at the contact's explicit word (decision 12)."""

    def enter(self, context: Context) -> Outcome:
        """Show what would happen."""
        holdings = _holdings(context)
        if holdings is None:
            return _gone(context)
        if not holdings.contact.id and not _anything_to_delete(context, holdings):
            return nothing_held(context)
        running = cases.open_duplicate(context.session, right="erasure", address=context.case.address or "")
        if running is not None and running.id != context.case.id and running.state in RUNNING:
            return _join(context, running)
        if context.data.get("successor_asked"):
            return context.ask("value", "erasure.who_instead", "cancel.words")
        found = _plan(context, holdings)
        return context.offer(
            "erasure.proposal_approval" if found.needs_approval else "erasure.proposal",
            *OFFERED,
            *(("successor",) if found.needs_approval else ()),
            card=card(found, holdings),
            name=called(holdings),
        )

    def receive(self, context: Context, given: Given) -> Outcome:
        """Take the decision; only a button, or its own label typed out, erases."""
        if context.data.get("successor_asked"):
            return self._successor(context, given)
        if given.choice == "successor":
            context.remember(successor_asked=True)
            return self.enter(context)
        if given.choice in ("copy_first", "erase"):
            if identity.proven_address(context.session, context.conversation) is None:
                return prove_again(context)
            return self._confirmed(context, copy=given.choice == "copy_first")
        if given.choice in ("not_now", "cancel") or given.intent == "deny":
            cases.move(context.session, context.case, "withdrawn", by="contact", note="not now")
            context.say("erasure.not_now", "something_else.menu")
            return "over"
        return context.offer("erasure.please_choose", *OFFERED)

    def _successor(self, context: Context, given: Given) -> Outcome:
        """Who could stand in the agreement instead: kept with the case, for the colleague who arranges it."""
        context.remember(successor_asked=False)
        words = context.value(given.fields.get("value"))
        if words is None:
            return self.enter(context)
        context.case.details["successor"] = words
        return context.offer("erasure.successor_noted", *OFFERED)

    def _confirmed(self, context: Context, *, copy: bool) -> Outcome:
        case, session = context.case, context.session
        holdings = _holdings(context)
        if holdings is None:
            return _gone(context)
        found = plan_for(session, context.crm, case, holdings, but=context.conversation.id)
        case.details["plan"] = stored(found)
        if copy:
            post_copy(session, case, holdings, case.address or "")
        lead = phrase("erasure.copy_sent") + " " if copy else ""
        held = cases.on_hold(session, case) or cases.stands(session, contact_id=holdings.contact.id)
        if found.needs_approval or held:
            return _ask_a_person(context, lead, "a legal hold stands" if held else "agreement active")
        wait = start(session, context.crm, case, holdings, by="contact")
        context.say(
            "erasure.scheduled" if wait else "erasure.started",
            *(("undo",) if wait else ()),
            case=case,
            lead=lead,
            reference=case.reference,
            hours=round(wait.total_seconds() / 3600),
        )
        return "over"


def plan_for(
    session: Session,
    crm: Crm,
    case: Case,
    holdings: Holdings,
    *,
    replaced: bool = False,
    but: str | None = None,
) -> ErasurePlan:
    """The plan that is decided on, with what was searched written down.

    Args:
        session: a writing session.
        crm: for reading only.
        case: the request.
        holdings: what the CRM holds.
        replaced: as in `erasure_plan.plan`.
        but: the conversation in which it is decided.
    """
    wanted = Wanted(session, crm, get_helpdesk(), holdings, addresses_of(holdings, case.address), but=but)
    found = tuple(search(wanted))
    note_searches(session, case, found, by="assistant")
    return plan(holdings, found, now(session), replaced=replaced)


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
    cases.move(session, case, "scheduled" if wait else "in_progress", by=by, note="erasure confirmed")
    if wait:
        _wait(session, case, wait)
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
    by_hand = [] if found["keep"] else sources.raise_tasks(session, case, holdings, "erasure")
    _report(session, case, holdings, found, by_hand)
    finish(session, case, "erasure.done_kept" if found["keep"] else "erasure.done", note="proven")
    plan_forgetting(session, case, holdings.contact.id, addresses.own)
    return wait


def _plan(context: Context, holdings: Holdings) -> ErasurePlan:
    return plan(holdings, tuple(search(wanted_here(context, holdings))), context.at)


def _holdings(context: Context) -> Holdings | None:
    """What the CRM holds; of an address it does not know, that there are only records of our own."""
    if "contact_id" in context.data:
        return context.crm.holdings(context.data["contact_id"])
    return nobody_on_file(context.case.address or "", context.at)


def _anything_to_delete(context: Context, holdings: Holdings) -> bool:
    found = remains(search(wanted_here(context, holdings)))
    return any(each.source in ("helpdesk", "chats", "letters") for each in found)


def _gone(context: Context) -> Outcome:
    cases.move(context.session, context.case, "fulfilled", by="assistant", note="erased already")
    context.say("erasure.gone_already")
    return "over"


def _join(context: Context, running: Case) -> Outcome:
    cases.join(context.session, context.case, running)
    context.current.case_id = running.id
    reference = running.reference
    context.say("erasure.running", "why_date", case=running, reference=reference, due=due(context))
    return "over"


def _ask_a_person(context: Context, lead: str, why: str) -> Outcome:
    case, session = context.case, context.session
    cases.move(session, case, "awaiting_approval", by="contact", note=f"confirmed; {why}")
    mail.post(
        session,
        "erasure_received_for_approval",
        case.address or "",
        case=case,
        key=f"case:{case.id}:received",
        reference=case.reference,
        due=long_date(case.due_on),
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


def _wait(session: Session, case: Case, wait: timedelta) -> None:
    """The waiting time, and the letter by which whoever reads the mailbox can stop it."""
    begins = now(session) + wait
    mail.post(
        session,
        "erasure_scheduled",
        case.address or "",
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


def _report(
    session: Session, case: Case, holdings: Holdings, found: dict[str, Any], by_hand: list[str]
) -> None:
    """Plan the letter that says what went and, where something stayed, what, why and until when."""
    address, deleted, reference = case.address or "", listing(found["delete"]), case.reference
    key = f"case:{case.id}:done"
    if found["keep"]:
        kept, until = listing(found["keep"]), _until(holdings, found)
        mail.post(
            session,
            "erasure_done_kept",
            address,
            case=case,
            key=key,
            reference=reference,
            deleted=deleted,
            kept=kept,
            until=until,
        )
        return
    places = listing([sources.sources()[name].label for name in by_hand]) if by_hand else ""
    mail.post(
        session,
        "erasure_done",
        address,
        case=case,
        key=key,
        reference=reference,
        deleted=deleted,
        by_hand=places,
    )


def _until(holdings: Holdings, found: dict[str, Any]) -> str:
    """Until when: an agreement's end is a term of it, which only its signatories are told."""
    signed = any(agreement.active and agreement.signatory for agreement in holdings.agreements)
    review = found.get("review_on")
    if review is None or not signed:
        return phrase("erasure.until_agreement_ends")
    return long_date(date.fromisoformat(review))
