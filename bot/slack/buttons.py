"""Which buttons a case has, by its state and by whose eyes: what cannot be done is not offered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from actions.cases import services as cases
from actions.cases.models import Case
from actions.cases.rules import rules
from actions.erasures import reviews
from actions.fulfilment import services as journal
from actions.handover.interfaces import ROLES, Role
from actions.recipients import services as recipients
from actions.rights import review, signing_off
from bot.slack.blocks import ACTIONS, actions, button, confirmation
from bot.slack.interfaces import Block
from bot.slack.performing import pack
from bot.slack.wording import plain

AT_ONCE = frozenset({"erasure", "access", "portability", "restriction", "opt_in"})
"""Rights whose approval needs no words of the agent's, where it is clear whom it is about."""


@dataclass(frozen=True)
class Subject:
    """A case, and what its buttons hang on."""

    session: Session
    case: Case

    @property
    def is_held(self) -> bool:
        """Whether a legal hold stands over it."""
        return cases.on_hold(self.session, self.case)

    @property
    def is_stuck(self) -> bool:
        """Whether one of its steps is stuck."""
        return any(step.state == "failed" for step in journal.open_steps(self.session, self.case))

    @property
    def is_read(self) -> bool:
        """Whether free text of it is to be read by a person, or places are to be looked through."""
        return self.case.state == "in_progress" and bool(
            review.items(self.session, self.case) or review.missing(self.session, self.case)
        )


@dataclass(frozen=True)
class Offer:
    """A button: what it does, who may, and when it makes sense.

    Attributes:
        primary: whether it stands under the case's message in the channel too.
    """

    action_id: str
    at_least: Role
    when: Callable[[Subject], bool]
    style: str | None = None
    asks_first: bool = False
    primary: bool = False


OFFERS: tuple[Offer, ...] = (
    Offer("sign_off", "dpo", lambda s: _proposed(s), style="danger", asks_first=True, primary=True),
    Offer("turn_down", "dpo", lambda s: _proposed(s), primary=True),
    Offer("approve", "approver", lambda s: _waits(s), style="primary", asks_first=True, primary=True),
    Offer(
        "refuse", "approver", lambda s: s.case.state in signing_off.REFUSABLE, style="danger", primary=True
    ),
    Offer("undo", "approver", lambda s: s.case.state == "scheduled", style="danger", primary=True),
    Offer("ask", "agent", lambda s: s.case.state in ("awaiting_approval", "in_progress"), primary=True),
    Offer("answered", "agent", lambda s: s.case.state == "awaiting_clarification", primary=True),
    Offer("review", "agent", lambda s: s.is_read, style="primary", primary=True),
    Offer("retry", "agent", lambda s: s.is_stuck, asks_first=True, primary=True),
    Offer("assign", "agent", lambda s: s.case.is_open, primary=True),
    Offer("extend", "approver", lambda s: _extendable(s)),
    Offer("note", "agent", lambda s: True),
    Offer("hold", "approver", lambda s: not s.is_held),
    Offer("release", "approver", lambda s: s.is_held, style="danger", asks_first=True),
    Offer("outcome", "agent", lambda s: bool(recipients.outcomes(s.session, s.case))),
    Offer("ground", "approver", lambda s: _kept(s), style="danger", asks_first=True),
)


def buttons(session: Session, case: Case, *, role: Role | None = None) -> Iterator[Block]:
    """The buttons of a case, in rows.

    Args:
        session: any session.
        case: the case.
        role: whose eyes it is for; None for the channel, where all see the same and the press is checked.
    """
    subject = Subject(session, case)
    elements = [_button(subject, offer) for offer in OFFERS if _is_for(offer, role) and offer.when(subject)]
    if role is None:
        elements.append(button(plain("button.open"), "case_open", value=pack(case=case.reference)))
    for first in range(0, len(elements), 5):
        yield actions(*elements[first : min(first + 5, ACTIONS)])


def _is_for(offer: Offer, role: Role | None) -> bool:
    if role is None:
        return offer.primary
    return ROLES.index(role) >= ROLES.index(offer.at_least)


def _button(subject: Subject, offer: Offer) -> Block:
    case, name = subject.case, offer.action_id
    with_form = name == "approve" and not approved_at_once(case)
    asks = offer.asks_first and not with_form
    question = (
        confirmation(
            plain(f"confirm.{name}.title"),
            plain(f"confirm.{name}.text", reference=case.reference),
            plain(f"button.{name}"),
            plain("form.cancel"),
            danger=offer.style == "danger" or case.right == "erasure",
        )
        if asks
        else None
    )
    label = plain(f"button.{name}") if asks else plain("button.with_form", what=plain(f"button.{name}"))
    return button(
        label,
        "approve_form" if with_form else name,
        value=pack(case=case.reference),
        style=offer.style,
        confirm=question,
    )


def approved_at_once(case: Case) -> bool:
    """Whether an approval needs no more than a press."""
    details = case.details or {}
    clear = case.contact_id is not None or len(details.get("candidates", ())) == 1
    return case.right in AT_ONCE and clear and "successor" not in details


def _waits(subject: Subject) -> bool:
    return subject.case.state == "awaiting_approval"


def _proposed(subject: Subject) -> bool:
    return signing_off.proposal_of(subject.case) is not None


def _extendable(subject: Subject) -> bool:
    case = subject.case
    return case.is_open and case.extended_at is None and rules().may_extend(case.right)


def _kept(subject: Subject) -> bool:
    return reviews.waiting_of(subject.session, subject.case) is not None
