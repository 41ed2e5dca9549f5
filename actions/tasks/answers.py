"""What is answered beside requests: questions, courtesies, status, and what was not understood."""

from __future__ import annotations

from actions import policy
from actions.handover import services as handovers
from actions.handover.hours import opening
from actions.handover.interfaces import Outcome
from actions.handover.stages import LEAVE_MESSAGE
from actions.policy.interfaces import PolicyAnswer
from actions.rights import afterwards, status
from actions.tasks import dialogue, queue, uncertain
from actions.tasks.beside import ANSWERED_BY_POLICY, INFORMED, answer_beside, policy_answer
from actions.tasks.context import Context
from actions.tasks.flows import FLOWS
from actions.tasks.interfaces import Given, Request
from actions.wording.services import choices, phrases

FOLLOW_UP = {
    "ask_rights": ("access", "erase.intent", "rectify", "opt_out"),
    "ask_policy": ("ask_rights", "contact_dpo"),
    "out_of_scope": ("leave_message", "access"),
    "contact_dpo": ("leave_message",),
    "account_help": ("leave_message",),
    "automated_decisions": ("contact_dpo",),
}
ABOUT_REQUESTS = frozenset({"request_status", "withdraw_request", "why_date", "undo"})
WITH_PERSON = frozenset({"leave_message", "back_to_assistant", "carry_on"})
BESIDE = ABOUT_REQUESTS | WITH_PERSON | afterwards.BUTTONS.keys() | {"something_else"}
SAYS_NOTHING = frozenset({"affirm", "deny", "choose", "provide", "something_else"})
"""Beside a request these tell us nothing new, so a row of misunderstandings goes on."""
PROBABLE = 0.4
"""The least that the rights among the likely meanings must have together, to be put on record."""
LIKELY_ASKED = ("access", "erase.intent", "opt_out")
MENU = ("access", "portability", "rectify", "restrict", "object", "opt_out", "erase.intent", "talk_to_human")


def answer(context: Context, given: Given) -> None:
    """Answer what was asked for, by what it is; for whoever did not come by the engine's rules."""
    if given.intent in FLOWS or given.intent in BESIDE:
        serve(context, given)
    elif given.intent in INFORMED:
        inform(context, given)
    else:
        reply(context, given)


def serve(context: Context, given: Given) -> None:
    """A turn of the form: the request under way, or a word about requests that are on record already."""
    if (given.choice or given.intent) in BESIDE:
        reply(context, given)
    else:
        answer_beside(context, given)
        dialogue.handle_request(context, given)


def inform(context: Context, given: Given) -> None:
    """Answer a question; nothing is started by one."""
    if given.intent == "out_of_scope":
        _elsewhere(context)
        return
    if not given.requests:
        # A pressed button, which makes clear that no right was meant.
        uncertain.drop(context.session, context.conversation, "meant a question, not a request")
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
    wish = given.choice or given.intent
    if wish not in SAYS_NOTHING:
        context.conversation.misunderstandings = 0
    if wish == "stop":
        _stop(context)
    elif wish in ABOUT_REQUESTS or wish in afterwards.BUTTONS:
        _about_requests(context, wish, given)
    elif wish in WITH_PERSON:
        _about_a_person(context, wish)
        return
    elif wish == "something_else":
        context.say("menu", *MENU)
    else:
        name = f"reply.{wish}"
        context.say(name if name in phrases() else "reply.anything_else")
    dialogue.remind(context)


def clarify(context: Context, given: Given) -> None:
    """Not understood: likely meanings first, then a person among them, then a person."""
    rights = _rights(given)
    if rights:
        uncertain.record(context.session, context.conversation, rights, context.said_at)
    likely = (*_likely(context, given), "something_else.menu")
    _ask_what_was_meant(context, "unclear.first", likely, again=likely)


def _elsewhere(context: Context) -> None:
    """Not about personal data, as far as we can tell. Three such in a row are more likely not understood."""
    passed_on = FOLLOW_UP["out_of_scope"] if context.task is None else ()
    _ask_what_was_meant(
        context, "inform.out_of_scope", passed_on, again=(*LIKELY_ASKED, "something_else.menu")
    )


def _ask_what_was_meant(
    context: Context, first: str, choices: tuple[str, ...], *, again: tuple[str, ...]
) -> None:
    context.conversation.misunderstandings += 1
    times = context.conversation.misunderstandings
    if times == 1:
        context.say(first, *choices)
    elif times == 2:
        context.say("unclear.second", *again, "talk_to_human")
    else:
        context.say(
            "unclear.third",
            "talk_to_human",
            "leave_message",
            hours=opening(context.at, context.conversation.time_zone),
        )
        return
    dialogue.remind(context)


def _policy_answer(given: Given) -> PolicyAnswer | None:
    """What the policy answers to a question about it, or about a right."""
    return policy_answer(given) if given.intent in ANSWERED_BY_POLICY else None


def _tell(context: Context, answer: PolicyAnswer) -> None:
    if context.task is None:
        context.say("policy.said", *answer.next, card=policy.card(answer), text=policy.text(answer))
    else:
        context.say("policy.said", text=policy.text(answer))


def _likely(context: Context, given: Given) -> tuple[str, ...]:
    """Buttons for what it may have meant, the likeliest first; what is under way needs none."""
    under_way = queue.waiting_intents(context.session, context.conversation.id)
    likely = [request.intent for request in given.requests if request.intent not in under_way]
    keys = ["erase.intent" if intent == "erase" else intent for intent in likely]
    known = [key for key in keys if key in choices()]
    return tuple(known[:3]) or tuple(key for key in LIKELY_ASKED if key.partition(".")[0] not in under_way)


def _rights(given: Given) -> list[str]:
    """The rights that a message probably asks for, the likeliest first; none where that is improbable."""
    likely = [request for request in given.requests if request.intent in FLOWS]
    if sum(request.confidence for request in likely) < PROBABLE:
        return []
    return [right for request in likely if (right := FLOWS[request.intent].right) is not None]


def _stop(context: Context) -> None:
    had_task = context.task is not None
    dialogue.stop(context)
    uncertain.drop(context.session, context.conversation, "stopped in the conversation")
    context.say("stopped" if had_task else "reply.stop", "something_else.menu")


def _about_a_person(context: Context, wish: str) -> None:
    """A button offered while a person is asked for, or after one has left."""
    waiting = handovers.of_conversation(context.session, context.conversation.id)
    if waiting is not None:
        outcome: Outcome = "message_left" if wish == "leave_message" else "given_up"
        handovers.end(context.session, waiting, context.conversation, outcome, by="contact")
    if wish == "leave_message":
        dialogue.start(context, Request("talk_to_human", slots={LEAVE_MESSAGE: True}))
        return
    if waiting is not None:
        context.say("handover.back")
    dialogue.resume(context)


def _about_requests(context: Context, wish: str, given: Given) -> None:
    if wish == "why_date":
        told = status.explain_due(context)
    elif wish == "request_status":
        told = status.tell_status(context, context.value(given.fields.get("reference")))
    elif wish in afterwards.BUTTONS:
        told = afterwards.BUTTONS[wish](context)
    else:
        if context.task is not None and wish == "withdraw_request":
            _stop(context)
            return
        told = status.withdraw(context)
    if told:
        return
    if wish in ("withdraw_request", "undo") and not given.fields.get("reference"):
        # Only an address that is proven shows which request is theirs to take back.
        dialogue.start(context, Request("withdraw_request"))
    else:
        context.say("status.nothing_known", "find_mine", "access", "talk_to_human")
