"""Answering what else turned up in a message, before the request inside it is carried on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from actions.cases import services as cases
from actions.conversations import offers
from actions.handover import services as handovers
from actions.handover.hours import opening
from actions.masking import said_as
from actions.rights import status
from actions.situations import services as situations
from actions.situations.facts import helplines, line_in
from actions.situations.handling import ABUSE_AGAIN, DANGER, HANDLING
from actions.situations.interfaces import Handling
from actions.situations.words import by_form, in_reply
from actions.tasks import answers, dialogue, queue, uncertain
from actions.tasks.beside import INFORMED
from actions.tasks.context import Context
from actions.tasks.flows import FLOWS
from actions.tasks.interfaces import Given, Request
from actions.wording import phrase
from actions.wording.services import phrases

MOST_SAID = 2
"""Of how many situations in one message something is said."""
Handler = Callable[[Context, Given], None]

SOUND_ALIKE = ("adjustment", "fishing")
"""What a lost mailbox may sound like."""
LIKELY = ("access", "erase.intent", "opt_out", "talk_to_human")
ANSWERS = dialogue.ANSWERS
OF_OTHERS = frozenset({"death", "child", "fishing", "police", "press", "regulator", "authority"})
"""Situations in which what is asked for somebody else is really meant for them."""
NOT_ENGLISH_ACTS = frozenset({"unclear", "out_of_scope"})


def respond(context: Context, given: Given, handler: Handler) -> None:
    """Answer one turn: what turned up first, then what was asked for.

    Args:
        context: the turn.
        given: what the contact said.
        handler: what answers the message as the engine understood it.
    """
    if situations.ENDED in situations.of_conversation(context.session, context.conversation.id):
        context.task = None
        context.say("situation.ended")
        return
    if given.masked:
        context.say("situation.masked", what=said_as(given.masked))
    if shown := _shown(context, given):
        _answer(context, given, shown, handler)
    else:
        _without_situation(context, given, handler)
    _offer_what_waits(context)


def _answer(context: Context, given: Given, shown: list[str], handler: Handler) -> None:
    context.conversation.misunderstandings = 0
    times = {name: situations.note(context.session, context.conversation, name) for name in shown}
    for case in cases.open_of_conversation(context.session, context.conversation.id):
        situations.mark(context.session, context.conversation.id, case)
    for name in shown:
        _tell_people(context, name, times[name])
    if DANGER in shown:
        _danger(context, given)
        return
    by_person = situations.by_person(context.session, context.conversation.id)
    if by_person is not None:
        dialogue.hand_to_person(context, by_person)
    wanted = _requests(given, shown)
    if "bargain" in shown and not wanted:
        _record_what_was_threatened(context, given)
    buttons = () if wanted or context.task is not None else _offers(shown)
    said = shown[:MOST_SAID]
    for name in said:
        _say(context, name, times[name], *(buttons if name == said[-1] else ()))
    _carry_on(context, given, shown, wanted, handler)


def _offer_what_waits(context: Context) -> None:
    """What had to wait for graver things is not forgotten, unless it was offered just now."""
    offered = offers.offered_choices(context.conversation)
    if context.task is None and not context.conversation.with_person and not offered:
        waits = queue.next_queued(context.session, context.conversation.id)
        if waits is not None:
            context.say("situation.waiting", "carry_on", what=dialogue.label(waits.intent))


def _shown(context: Context, given: Given) -> list[str]:
    found = set(given.situations)
    if (words := context.value(given.fields.get("value"))) is not None:
        found |= set(in_reply(words))
    if found == {"regret"} and given.intent == "withdraw_request" and status.known_cases(context):
        # There is a request to speak of, and whoever answers about it tells the same truth.
        return []
    if given.intent == "no_mailbox":
        # "I left that company, so I can't read those emails" is about the mailbox: who can't see says so, and
        # so does who asks for another.
        found -= {name for name in SOUND_ALIKE if not by_form(name, _text(context))}
    return [name for name in HANDLING if name in found]


def _text(context: Context) -> str:
    return context.turn.engine_text or ""


def _without_situation(context: Context, given: Given, handler: Handler) -> None:
    if given.language not in (None, "en") and given.intent in NOT_ENGLISH_ACTS:
        _other_language(context, given)
    else:
        handler(context, given)


def _other_language(context: Context, given: Given) -> None:
    """Said politely in English, and in one line of their language; after a few times a person."""
    context.conversation.misunderstandings += 1
    line = line_in(given.language or "")
    text = phrase("situation.language") + (f"\n{line}" if line else "")
    buttons = LIKELY if context.conversation.misunderstandings < 3 else ("talk_to_human", "leave_message")
    context.say("situation.said", *buttons, text=text)
    if context.conversation.misunderstandings < 3:
        dialogue.remind(context)


def _tell_people(context: Context, name: str, times: int) -> None:
    """Give a person something to do, once; insults only once they go on."""
    task = HANDLING[name].task
    if name == "abuse" and times > 1:
        task = ABUSE_AGAIN
    if task is not None:
        cases.raise_task(
            context.session,
            key=f"situation-{name}-{context.conversation.id}",
            kind=name,
            text=phrase("situation.task", task=task, conversation=context.conversation.id),
            due_on=context.at.date() + timedelta(days=HANDLING[name].task_days),
        )


def _say(context: Context, name: str, times: int, *buttons: str) -> None:
    again = f"situation.{name}.again"
    known = again in phrases() and times > 1 and not HANDLING[name].always
    context.say(again if known else f"situation.{name}", *buttons, **helplines().model_dump())


def _danger(context: Context, given: Given) -> None:
    """Kind words, numbers, a person at once; nothing is asked, and what was asked for waits."""
    context.say("situation.danger", **helplines().model_dump())
    wanted = _requests(given, [DANGER])
    waits = context.task is not None or bool(wanted)
    dialogue.put_off(context, wanted, given)
    if wanted:
        context.say("situation.danger.request", date=f"{context.said_at:%-d %B}")
    if handovers.available(context.session):
        handovers.request(context.session, context.conversation, seq=context.turn.seq)
        context.say("situation.danger.person")
    else:
        choices = ("talk_to_human", "carry_on") if waits else ("talk_to_human",)
        context.say("situation.danger.nobody", *choices, hours=opening(context.at))


def _record_what_was_threatened(context: Context, given: Given) -> None:
    """A right that was only threatened with counts from today if it turns out to be meant."""
    rights = [
        right for each in given.requests if each.intent in FLOWS and (right := FLOWS[each.intent].right)
    ]
    if given.intent in FLOWS and rights:
        uncertain.record(context.session, context.conversation, rights, context.said_at)


def _carry_on(
    context: Context, given: Given, shown: list[str], wanted: tuple[Request, ...], handler: Handler
) -> None:
    starts = [handling.starts for handling in _handlings(shown) if handling.starts]
    if starts:
        _start(context, starts, wanted, given)
    elif wanted:
        _serve(context, given, wanted)
    elif _answers_what_was_asked(context, given):
        handler(context, replace(given, requests=()))
    else:
        dialogue.remind(context)


def _handlings(shown: list[str]) -> list[Handling]:
    return [HANDLING[name] for name in shown]


def _offers(shown: list[str]) -> tuple[str, ...]:
    return next((handling.offers for handling in _handlings(shown) if handling.offers), ())


def _requests(given: Given, shown: list[str]) -> tuple[Request, ...]:
    """What the message asks for, without what the words of its situations were only taken for."""
    if given.intent not in FLOWS and given.intent not in INFORMED | answers.ABOUT_REQUESTS:
        return ()
    hidden = frozenset({"out_of_scope"}).union(*(handling.hides for handling in _handlings(shown)))
    said = given.requests or (Request(given.intent),)
    if not OF_OTHERS & set(shown):
        # "He reads my mail, tell me what you hold": somebody is spoken of, but nothing is asked for them.
        said = tuple(_own(request) for request in said)
    elif shown == ["child"]:
        # "My mum doesn't know": a child who speaks of a parent asks for themselves.
        said = tuple(_own(request) if _speaks_of_a_parent(request) else request for request in said)
        hidden |= {"on_behalf"} if any(_speaks_of_a_parent(request) for request in said) else set()
    return tuple(request for request in said if request.intent not in hidden)


def _speaks_of_a_parent(request: Request) -> bool:
    return request.intent == "on_behalf" and request.slots.get("relation", "parent") == "parent"


def _own(request: Request) -> Request:
    wants = str(request.slots.get("wants", ""))
    return Request(wants, request.confidence) if request.intent == "on_behalf" and wants in FLOWS else request


def _start(context: Context, flows: list[str], wanted: tuple[Request, ...], given: Given) -> None:
    """Begin what takes a situation up; what was asked for beside it waits its turn."""
    dialogue.put_off(context, tuple(request for request in wanted if request.intent in FLOWS), given)
    dialogue.put_off(context, tuple(Request(name) for name in flows), given)
    dialogue.resume(context, announce=False)


def _serve(context: Context, given: Given, wanted: tuple[Request, ...]) -> None:
    first = next((request for request in wanted if request.intent in FLOWS), wanted[0])
    left = replace(given, intent=first.intent, requests=wanted, situations=())
    # The engine may have expected another kind of answer: it is told by a fresh session.
    context.conversation.engine_session = None
    answers.answer(context, left)


def _answers_what_was_asked(context: Context, given: Given) -> bool:
    if context.task is None:
        return False
    return context.task.awaits in given.fields or given.choice is not None
