"""What is answered beside requests: questions, courtesies, status, and what was not understood."""

from __future__ import annotations

from actions import policy
from actions.policy.interfaces import PolicyAnswer
from actions.rights import status
from actions.tasks import dialogue
from actions.tasks.context import Context
from actions.tasks.interfaces import Given
from actions.wording.services import choices, phrases

INFORMED = frozenset(
    {
        "ask_policy",
        "ask_rights",
        "automated_decisions",
        "customers_customer",
        "contact_dpo",
        "account_help",
        "out_of_scope",
    }
)
ANSWERED_BY_POLICY = frozenset({"ask_policy", "ask_rights"})
FOLLOW_UP = {
    "ask_rights": ("access", "erase.intent", "rectify", "opt_out"),
    "ask_policy": ("ask_rights", "contact_dpo"),
    "out_of_scope": ("leave_message", "access"),
    "customers_customer": ("access", "contact_dpo"),
    "contact_dpo": ("leave_message",),
    "account_help": ("leave_message",),
    "automated_decisions": ("contact_dpo",),
}
ABOUT_REQUESTS = frozenset({"request_status", "withdraw_request", "why_date", "undo"})
BESIDE = ABOUT_REQUESTS | {"something_else"}
LIKELY_ASKED = ("access", "erase.intent", "opt_out")
MENU = ("access", "portability", "rectify", "restrict", "object", "opt_out", "erase.intent", "talk_to_human")


def serve(context: Context, given: Given) -> None:
    """A turn of the form: the request under way, or a word about requests that are on record already."""
    if (given.choice or given.intent) in BESIDE:
        reply(context, given)
    else:
        dialogue.handle_request(context, given)


def inform(context: Context, given: Given) -> None:
    """Answer a question; nothing is started by one."""
    context.conversation.misunderstandings = 0
    asked_for_proof = context.task is not None and context.task.awaits in ("email", "code")
    answer = _policy_answer(given)
    if given.intent == "ask_rights" and asked_for_proof:
        context.say("inform.why_identity")
    elif answer is not None:
        _tell(context, answer)
    elif given.intent == "ask_policy" and given.requests:
        # A pressed button asks nothing in particular; only words can ask what the policy leaves open.
        context.say("inform.not_told", *(("contact_dpo", "leave_message") if context.task is None else ()))
    else:
        name = f"inform.{given.intent}" if given.intent in INFORMED else "inform.ask_policy"
        context.say(name, *(FOLLOW_UP.get(given.intent, ()) if context.task is None else ()))
    dialogue.remind(context)


def reply(context: Context, given: Given) -> None:
    """Answer a courtesy, a wish to stop, a question about a request, or a button outside any request."""
    context.conversation.misunderstandings = 0
    wish = given.choice or given.intent
    if wish == "stop":
        _stop(context)
    elif wish in ABOUT_REQUESTS:
        _about_requests(context, wish, given)
    elif wish == "something_else":
        context.say("menu", *MENU)
    else:
        name = f"reply.{wish}"
        context.say(name if name in phrases() else "reply.anything_else")
    dialogue.remind(context)


def clarify(context: Context, given: Given) -> None:
    """Not understood: likely meanings first, then a person among them, then a person."""
    context.conversation.misunderstandings += 1
    times = context.conversation.misunderstandings
    likely = _likely(given)
    if times == 1:
        context.say("unclear.first", *likely, "something_else.menu")
    elif times == 2:
        context.say("unclear.second", *likely, "something_else.menu", "talk_to_human")
    else:
        context.say("unclear.third", "talk_to_human", "leave_message")
    if times < 3 and context.task is not None:
        dialogue.remind(context)


def _policy_answer(given: Given) -> PolicyAnswer | None:
    """What the policy answers to a question about it, or about a right."""
    if given.intent not in ANSWERED_BY_POLICY:
        return None
    found = (policy.answer(section) for section in given.sections)
    return next((answer for answer in found if answer is not None), None)


def _tell(context: Context, answer: PolicyAnswer) -> None:
    if context.task is None:
        context.say("policy.said", *answer.next, card=policy.card(answer), text=policy.text(answer))
    else:
        context.say("policy.said", text=policy.text(answer))


def _likely(given: Given) -> tuple[str, ...]:
    """Buttons for what it may have meant, the likeliest first."""
    keys = ["erase.intent" if request.intent == "erase" else request.intent for request in given.requests]
    known = [key for key in keys if key in choices()]
    return tuple(known[:3]) or LIKELY_ASKED


def _stop(context: Context) -> None:
    had_task = context.task is not None
    dialogue.stop(context)
    context.say("stopped" if had_task else "reply.stop", "something_else.menu")


def _about_requests(context: Context, wish: str, given: Given) -> None:
    if wish == "why_date":
        told = status.explain_due(context)
    elif wish == "request_status":
        told = status.tell_status(context, context.value(given.fields.get("reference")))
    else:
        if context.task is not None and wish == "withdraw_request":
            _stop(context)
            return
        told = status.withdraw(context)
    if not told:
        context.say("status.nothing_known", "access", "talk_to_human")
