"""How a request is doing, and taking it back while that is still possible."""

from __future__ import annotations

from sqlalchemy import select

from actions.cases import services as cases
from actions.cases.deadlines import local_date
from actions.cases.explain import explain
from actions.cases.interfaces import TransitionRefused
from actions.cases.models import Case
from actions.fulfilment import services as journal
from actions.identity import services as identity
from actions.identity.addresses import address_hash
from actions.rights import access, restriction
from actions.tasks.context import Context
from actions.wording import phrase

REVERSIBLE = frozenset(
    {"draft", "awaiting_identity", "awaiting_clarification", "awaiting_approval", "scheduled"}
)
CARRIED_OUT = frozenset({"in_progress", "fulfilled"})
STOPPED = frozenset({"marketing_objection", "consent_withdrawal"})
MOST_SHOWN = 5


def known_cases(context: Context) -> list[Case]:
    """The cases this conversation may see: its own, and those of an address it has proven; newest first."""
    which = Case.conversation_id == context.conversation.id
    proven = identity.proven_address(context.session, context.conversation)
    if proven is not None:
        which = which | (Case.address_hash == address_hash(proven))
    rows = context.session.scalars(select(Case).where(which).order_by(Case.id.desc()))
    own = context.task.case_id if context.task else None
    return [case for case in rows if case.id != own and not _unspoken(case)][:MOST_SHOWN]


def tell_status(context: Context, reference: str | None) -> bool:
    """Say how each known case is doing.

    Args:
        context: the turn.
        reference: one the contact named; whoever has it may know its state, never what it is about.

    Returns:
        Whether there was anything to tell.
    """
    named = cases.by_reference(context.session, reference) if reference else None
    found = [named] if named is not None else known_cases(context)
    for case in found:
        context.say(
            f"status.{case.state}",
            case=case,
            reference=case.reference,
            right=phrase(f"right.{case.right}"),
            due=f"{case.due_on:%A %-d %B %Y}",
        )
    return bool(found)


def withdraw(context: Context) -> bool:
    """Withdraw the newest request that can still be taken back; says the truth when it is too late.

    Returns:
        Whether there was a request to say something about.
    """
    found = known_cases(context)
    for case in found:
        if case.state in REVERSIBLE:
            journal.cancel_steps(context.session, case)
            try:
                cases.move(
                    context.session, case, "withdrawn", by="contact", note="taken back in the conversation"
                )
            except TransitionRefused:
                continue
            context.say("withdrawn", case=case, reference=case.reference, right=phrase(f"right.{case.right}"))
            return True
    for case in found:
        if case.right == "access" and case.state == "in_progress":
            access.enough(context, case)
            return True
        if case.right == "restriction" and restriction.taken_back(context, case):
            return True
    if any(case.right in STOPPED and case.state != "withdrawn" for case in found[:1]):
        context.say("withdraw.marketing", "opt_in")
        return True
    erased = [case for case in found if case.right == "erasure" and case.state in CARRIED_OUT]
    if erased:
        context.say("withdraw.too_late", "talk_to_human", case=erased[0], reference=erased[0].reference)
    return bool(erased)


def explain_due(context: Context) -> bool:
    """Say why the newest open case is due when it is."""
    found = [case for case in known_cases(context) if case.is_open] or known_cases(context)
    if not found:
        return False
    context.say("due.why", explanation=explain(found[0], today=local_date(context.at)).text)
    return True


def _unspoken(case: Case) -> bool:
    """A request that never went further than the question for an address is nothing to report on."""
    return case.state in ("draft", "awaiting_identity") and case.address_hash is None
