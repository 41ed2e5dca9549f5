"""A case as a message: what it is about, where it stands, who did what, and its buttons."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from actions.cases import services as cases
from actions.cases.models import Case
from actions.cases.states import MACHINES
from actions.evidence.gathering import identity_of, plan_of
from actions.fulfilment import services as journal
from actions.handover.interfaces import Role
from actions.rights import safeguards, signing_off
from actions.rights.erasure_plan import AGREEMENT
from bot.slack.blocks import Marked, context, escape, section
from bot.slack.buttons import buttons
from bot.slack.interfaces import Block, SlackServices
from bot.slack.performing import did, who
from bot.slack.shown import contact_of, day, initials, moment, time_left
from bot.slack.wording import marked, plain

MOST_LINES = 6


def summary(session: Session, case: Case) -> str:
    """A case in a line of plain text, for notifications."""
    return plain(
        "card.summary",
        right=right(case),
        reference=case.reference,
        state=plain(f"state.{case.state}"),
        due=day(case.due_on),
        left=time_left(session, case),
    )


def card(session: Session, services: SlackServices, case: Case, *, role: Role | None = None) -> list[Block]:
    """The blocks of a case's message.

    Args:
        session: any session.
        services: the app's.
        case: the case.
        role: for whose eyes alone it is; None for the channel.
    """
    blocks = [section(Marked("\n".join(_facts(session, services, case))))]
    blocks += list(buttons(session, case, role=role))
    if lines := list(_done(session, services, case))[-MOST_LINES:]:
        blocks.append(context(Marked("\n".join(lines))))
    return blocks


def right(case: Case) -> str:
    """What a case is about, as a heading."""
    return plain(f"right.{case.right}")


def _facts(session: Session, services: SlackServices, case: Case) -> Iterator[str]:
    yield marked(
        "card.title",
        right=right(case),
        reference=case.reference,
        due=day(case.due_on),
        left=time_left(session, case),
        state=plain(f"state.{case.state}"),
    )
    contact = contact_of(case)
    about = [initials(contact) if contact else plain("case.nobody_known"), shown_proof(session, case)]
    if _under_agreement(case):
        about.append(plain("card.agreement"))
    if cases.on_hold(session, case):
        about.append(plain("card.held"))
    yield escape(" · ".join(about))
    if planned := _planned(case):
        yield escape(planned)
    if case.assigned_to:
        yield marked("card.assigned", who=who(session, services, case.assigned_to))
    if proposal := signing_off.proposal_of(case):
        yield marked("card.proposed", who=who(session, services, proposal.by), ground=proposal.ground)
    for name in safeguards.approved_by(case):
        yield marked("card.first", who=who(session, services, name))


def shown_proof(session: Session, case: Case) -> str:
    """What whoever asks has shown of who they are."""
    known = str((case.details or {}).get("identity") or "")
    if known:
        return plain(f"identity.{known}")
    if (case.details or {}).get("doubt"):
        return plain("identity.doubtful")
    return plain("identity.proven" if identity_of(session, case).proven else "identity.none")


def _under_agreement(case: Case) -> bool:
    plan = (case.details or {}).get("plan") or {}
    return plan.get("ground") == AGREEMENT


def _planned(case: Case) -> str:
    plan = plan_of(case)
    if plan is None:
        return ""
    number = {
        action: sum(one.action == action for one in plan.records)
        for action in ("delete", "anonymise", "keep")
    }
    return plain("card.plan", **number)


def _done(session: Session, services: SlackServices, case: Case) -> Iterator[str]:
    for event in cases.history(session, case):
        if event.from_state is not None and event.by not in MACHINES:
            yield marked(
                "card.did", who=who(session, services, event.by), did=did(event), at=moment(event.at)
            )
    if len(both := safeguards.approvers(case)) > 1:
        first, second = (who(session, services, name) for name in both[:2])
        yield marked("card.both", first=first, second=second)
    steps = journal.steps_of(session, case)
    counted = [step for step in steps if step.state != "cancelled"]
    if counted and case.decision == "approved":
        done = sum(step.state == "done" for step in counted)
        yield plain("card.steps", done=done, all=len(counted))
    if stuck := sum(step.state == "failed" for step in counted):
        yield plain("card.stuck", count=stuck)
    if case.closed_at is not None:
        yield plain("card.closed", state=plain(f"state.{case.state}"), at=moment(case.closed_at))
