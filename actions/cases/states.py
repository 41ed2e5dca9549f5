"""Which state of a case may follow which, and what each such transition is called."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from actions.cases.interfaces import CASE_STATES, CLOSED_STATES, ChangeRefused, TransitionRefused

_NAMED: dict[str, dict[str, str]] = {
    "draft": {
        "awaiting_identity": "ask_for_identity",
        "awaiting_clarification": "ask_for_clarification",
        "awaiting_approval": "ask_for_approval",
        "scheduled": "schedule",
        "in_progress": "start",
        "fulfilled": "answer_at_once",
        "refused": "refuse",
        "withdrawn": "withdraw",
        "expired": "expire",
    },
    "awaiting_identity": {
        "draft": "recognise",
        "awaiting_clarification": "ask_for_clarification",
        "awaiting_approval": "ask_for_approval",
        "scheduled": "schedule",
        "in_progress": "start",
        "fulfilled": "answer_at_once",
        "refused": "refuse",
        "withdrawn": "withdraw",
        "expired": "expire",
    },
    "awaiting_clarification": {
        "awaiting_identity": "ask_for_identity",
        "awaiting_approval": "ask_for_approval",
        "scheduled": "schedule",
        "in_progress": "start",
        "fulfilled": "answer_at_once",
        "refused": "refuse",
        "withdrawn": "withdraw",
        "expired": "expire",
    },
    "awaiting_approval": {
        "awaiting_identity": "ask_for_identity",
        "awaiting_clarification": "ask_for_clarification",
        "scheduled": "schedule",
        "in_progress": "approve",
        "fulfilled": "answer_by_person",
        "refused": "refuse",
        "withdrawn": "withdraw",
    },
    "scheduled": {
        "awaiting_approval": "ask_for_approval",
        "in_progress": "start",
        "refused": "refuse",
        "withdrawn": "withdraw",
    },
    "in_progress": {
        "awaiting_approval": "ask_for_approval",
        "awaiting_clarification": "ask_for_clarification",
        "fulfilled": "fulfil",
    },
}
TRANSITIONS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {state: MappingProxyType(_NAMED.get(state, {})) for state in CASE_STATES}
)
MACHINES = frozenset({"assistant", "worker", "system", "contact", ""})


def transition(reference: str, now_in: str, to: str) -> str:
    """The name of the transition between two states.

    Raises:
        TransitionRefused: there is none.
    """
    if to not in TRANSITIONS:
        raise TransitionRefused(f"There is no case state called '{to}'.")
    name = TRANSITIONS[now_in].get(to)
    if name is not None:
        return name
    if now_in == to:
        raise TransitionRefused(f"Case {reference} is {worded(to)} already.")
    if now_in in CLOSED_STATES:
        state = worded(now_in)
        raise TransitionRefused(f"Case {reference} is closed ({state}), so it can't become {worded(to)}.")
    raise TransitionRefused(f"Case {reference} is {worded(now_in)}, and can't go from there to {worded(to)}.")


def require_person(reference: str, by: str, reason: str | None) -> None:
    """Only people refuse, and never without a reason (UK GDPR Art. 12(4)).

    Raises:
        TransitionRefused: `by` is one of our processes, or there is no reason.
    """
    if by in MACHINES:
        raise TransitionRefused(f"Only a person can refuse case {reference}, not {by or 'nobody'}.")
    if not (reason or "").strip():
        raise TransitionRefused(
            f"Case {reference} can't be refused without a reason for the contact to read."
        )


def require_agent(by: str, what: str) -> str:
    """The agent's name, without blanks around it.

    Args:
        by: who does it.
        what: what is done, as `extend a deadline`.

    Raises:
        ChangeRefused: `by` is one of our processes, the contact, or nobody.
    """
    name = by.strip()
    if name in MACHINES:
        raise ChangeRefused(f"Only a person can {what}, not {name or 'nobody'}.")
    return name


def worded(state: str) -> str:
    """A state as people write it."""
    return state.replace("_", " ")
