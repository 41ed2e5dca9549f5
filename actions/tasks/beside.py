"""What a message asks beside its requests is answered before they go on: "erase me. What does that cost?"."""

from __future__ import annotations

from actions import policy
from actions.policy.interfaces import PolicyAnswer
from actions.tasks.context import Context
from actions.tasks.flows import FLOWS
from actions.tasks.interfaces import Given

ANSWERED_BY_POLICY = frozenset({"ask_policy", "ask_rights"})

IN_TURN = (*sorted(ANSWERED_BY_POLICY), "automated_decisions", "contact_dpo", "account_help", "out_of_scope")
"""What is answered and opens no request, in the order in which it is answered beside one."""

INFORMED = frozenset(IN_TURN)


def policy_answer(given: Given) -> PolicyAnswer | None:
    """What the policy answers to a message, if anything."""
    found = (policy.answer(section) for section in given.sections)
    return next((answer for answer in found if answer is not None), None)


def answer_beside(context: Context, given: Given) -> None:
    """Answer the questions that stand beside requests, without buttons: those of the requests come last.

    Args:
        context: the turn.
        given: what the contact said.
    """
    asked = {request.intent for request in given.requests}
    if given.choice is not None or given.intent not in FLOWS or given.intent not in asked:
        return
    answer = policy_answer(given) if asked & ANSWERED_BY_POLICY else None
    if answer is not None:
        context.say("policy.said", text=policy.text(answer))
    for intent in IN_TURN:
        if intent in asked and not (answer is not None and intent in ANSWERED_BY_POLICY):
            context.say(f"beside.{intent}")
