"""Restriction (UK GDPR Art. 18; policy 12): kept and not used, on a recorded ground, until told."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from actions.audit import record
from actions.cases import services as cases
from actions.cases.explain import long_date
from actions.cases.models import Case
from actions.clock import now
from actions.crm.interfaces import ContactRecord, Holdings
from actions.fulfilment import plans
from actions.fulfilment import services as journal
from actions.identity import services as identity
from actions.identity.stages import hand_over
from actions.mail import services as mail
from actions.rights import grounds
from actions.rights.access import NOTHING
from actions.rights.ending import finish
from actions.tasks.context import Context
from actions.tasks.interfaces import Given, Outcome
from actions.wording import phrase

CHOICES = tuple(f"{name}.ground" for name in ("accuracy", "unlawful", "claims", "objection"))
# Between telling a contact that a restriction ends and its end (Art. 18(3) says: before).
NOTICE = timedelta(days=7)


class ChooseGround:
    """Why the use should be paused: the law knows four grounds, and the contact names one by a button."""

    def enter(self, context: Context) -> Outcome:
        """Ask."""
        if not context.data.get("doubt") and context.crm.get(context.data["contact_id"]) is None:
            cases.move(context.session, context.case, "fulfilled", by="assistant", note=NOTHING)
            context.say("access.nothing_any_more")
            return "over"
        return context.offer("restrict.which_ground", *CHOICES, "cancel.words")

    def receive(self, context: Context, given: Given) -> Outcome:
        """Take the ground and restrict at once; it harms nobody and can be lifted."""
        if given.choice == "cancel" or given.intent == "deny":
            cases.move(context.session, context.case, "withdrawn", by="contact", note="not paused")
            context.say("stopped")
            return "over"
        if given.choice not in grounds.grounds().restriction:
            return self.enter(context)
        if context.data.get("doubt"):
            context.case.details["ground"] = given.choice
            return hand_over(context)
        holdings = context.crm.holdings(context.data["contact_id"])
        return self.enter(context) if holdings is None else _restrict(context, holdings, given.choice)


def _restrict(context: Context, holdings: Holdings, ground: str) -> Outcome:
    case = context.case
    service = restrict(context.session, case, holdings, ground=ground, by="contact")
    said = grounds.grounds().restriction[ground].says
    context.say("restrict.started", case=case, ground=said, reference=case.reference, service=service)
    return "over"


def restrict(session: Session, case: Case, holdings: Holdings, *, ground: str, by: str) -> str:
    """Plan a restriction for its own sake, with the letter and the end of the case.

    Args:
        session: a writing session.
        case: a request for restriction.
        holdings: what is held on the contact.
        ground: an id under `restriction` of `grounds.yml`.
        by: who asked for it: `contact`, or the agent who confirmed their identity.

    Returns:
        What is said of a service that goes on; empty where there is none.
    """
    cases.move(session, case, "in_progress", by=by, note=f"restricted on the ground: {ground}")
    meanwhile(session, case, holdings.contact, ground=ground)
    said = grounds.grounds().restriction[ground].says
    service = phrase("restrict.service_goes_on") if holdings.active_agreement else ""
    mail.post(
        session,
        "restriction_set",
        case.address or holdings.contact.email,
        case=case,
        key=f"case:{case.id}:done",
        reference=case.reference,
        ground=said,
        service=service,
    )
    finish(session, case, "restrict.done")
    return service


def meanwhile(session: Session, case: Case, contact: ContactRecord, *, ground: str) -> None:
    """Restrict a contact's data for a case, and remember on what ground.

    Args:
        session: a writing session.
        case: whose steps it becomes.
        contact: whom it is about.
        ground: an id under `restriction` of `grounds.yml`.
    """
    found = grounds.grounds().restriction[ground]
    case.details["restriction"] = {"ground": ground, "source": found.source, "contact_id": contact.id}
    details = {"ground": ground}
    record(session, actor="assistant", action="restriction_planned", subject=case.reference, details=details)
    plans.plan_restriction(session, case, contact, restricted=True)


def lift(session: Session, case: Case, contact: ContactRecord, *, by: str, reason: str) -> None:
    """Tell a contact that the restriction ends, and let it end some days later (UK GDPR Art. 18(3)).

    Args:
        session: a writing session.
        case: the case that the restriction was set for.
        contact: whom it is about.
        by: the agent who decided it.
        reason: why; the contact reads it.
    """
    ends = now(session) + NOTICE
    mail.post(
        session,
        "restriction_ending",
        contact.email,
        case=case,
        key=f"case:{case.id}:ending",
        reference=case.reference,
        reason=reason,
        ends=long_date(ends.date()),
    )
    journal.plan_step(
        session,
        kind="wait",
        payload={},
        key=f"case:{case.id}:notice-over",
        case=case,
        not_before=ends,
    )
    plans.plan_restriction(session, case, contact, restricted=False)
    case.details["restriction"] = dict(case.details.get("restriction", {})) | {"lifted_by": by}
    record(
        session,
        actor=by,
        action="restriction_lifted",
        subject=case.reference,
        details={"ends": str(ends.date())},
    )


def taken_back(context: Context, case: Case) -> bool:
    """The contact wants their data used again: nobody need be told before, and it needs their proof.

    Args:
        context: the turn.
        case: a request for restriction that was carried out.

    Returns:
        Whether there was anything to take back, and something was said.
    """
    session, found = context.session, dict(case.details.get("restriction", {}))
    if case.state != "fulfilled" or not found or found.get("lifted_by"):
        return False
    contact = context.crm.get(found["contact_id"])
    if contact is None or identity.proven_address(session, context.conversation) is None:
        return False
    plans.plan_restriction(session, case, contact, restricted=False)
    case.details["restriction"] = found | {"lifted_by": "contact"}
    record(session, actor="contact", action="restriction_lifted", subject=case.reference)
    context.say("restrict.taken_back", case=case, reference=case.reference)
    return True


def post_received(session: Session, case: Case) -> None:
    """Acknowledge a request that a person decides, where there is an address to write to."""
    if case.address:
        mail.post(
            session,
            "case_received",
            case.address,
            case=case,
            key=f"case:{case.id}:received",
            reference=case.reference,
            right=phrase(f"right.{case.right}"),
            due=long_date(case.due_on),
        )
