"""One turn of the dialogue: requests move through their stages, everything else is answered beside them."""

from __future__ import annotations

from collections.abc import Sequence

from actions.situations import services as situations
from actions.tasks import queue
from actions.tasks.context import Context
from actions.tasks.flows import FLOWS, needs_proof, stages_of
from actions.tasks.interfaces import Given, Outcome, Request, Stage
from actions.tasks.models import Task
from actions.wording import phrase

ANSWERS = frozenset({"affirm", "deny", "choose", "provide", "no_mailbox", "resend_code"})


def handle_request(context: Context, given: Given) -> None:
    """A turn of the form: open what was asked for, or carry on with the request under way.

    Args:
        context: the turn; its task is the active one, if there is one.
        given: what the contact said.
    """
    context.conversation.misunderstandings = 0
    if context.task is None:
        _open(context, given)
    elif given.intent in FLOWS and not _answers(context, given):
        if _says_more(context, given):
            said, found = context.data.get("slots", {}), context.data.get("entities", {})
            context.remember(slots={**said, **given.slots}, entities={**found, **given.fields})
            _run(context, _stage(context).receive(context, given))
        else:
            _another(context, given)
    elif _answers(context, given) or given.intent in ANSWERS:
        _run(context, _stage(context).receive(context, given))
    else:
        remind(context)


def remind(context: Context) -> None:
    """Ask again for what is still needed, after something else was talked about."""
    if context.task is not None:
        _run(context, _stage(context).enter(context))


def start(context: Context, request: Request) -> None:
    """Begin a request that a button asked for, before whatever waits.

    Args:
        context: the turn.
        request: what is wanted.
    """
    if context.task is not None:
        context.current.state = "queued"
    _note(context, request, Given(request.intent))
    resume(context)


def resume(context: Context, *, announce: bool = True) -> None:
    """Go on with what waits, in an engine session that is told of it.

    Args:
        context: the turn.
        announce: whether to say what comes now.
    """
    # The present session has no form under way; a fresh one is primed with the slot that is asked for.
    context.conversation.engine_session = None
    _serve_next(context, announce=announce and context.task is None)


def put_off(context: Context, requests: Sequence[Request], given: Given) -> None:
    """Note requests with their date, and let them and what is under way wait.

    Args:
        context: the turn; afterwards nothing is being served.
        requests: what was asked for; what waits already is not noted twice.
        given: the message.
    """
    waiting = queue.waiting_intents(context.session, context.conversation.id)
    for request in requests:
        if request.intent in FLOWS and request.intent not in waiting:
            _note(context, request, given)
    if context.task is not None:
        context.task.state, context.task.awaits = "queued", None
        context.task = None
    context.session.flush()


def hand_to_person(context: Context, why: str) -> None:
    """Let a person serve what would need a code: what waits, and what is under way and not proven yet.

    Args:
        context: the turn.
        why: the situation that asks for it.
    """
    for task in queue.unfinished(context.session, context.conversation.id):
        if needs_proof(task.intent) and task.stage == 0 and not (task.data or {}).get("by_person"):
            task.awaits = None
            task.data = {**(task.data or {}), "by_person": why}


def stop(context: Context) -> None:
    """Give up what is under way in the conversation, at the contact's word."""
    queue.abandon(context.session, context.conversation.id)
    context.task = None


def _answers(context: Context, given: Given) -> bool:
    awaited = context.current.awaits
    return (
        given.choice is not None
        if awaited == "choice"
        else awaited in given.fields or given.choice is not None
    )


def _says_more(context: Context, given: Given) -> bool:
    """Whether the same request was made again, with something about it that was asked for."""
    return given.intent == context.current.intent and len(given.requests) < 2 and bool(given.slots)


def _open(context: Context, given: Given) -> None:
    wanted = [request for request in given.requests if request.intent in FLOWS]
    if not wanted and given.intent in FLOWS:
        wanted = [Request(given.intent)]
    for request in wanted:
        _note(context, request, given)
    if len(wanted) > 1:
        context.say("several.noted", count=_in_words(len(wanted)))
    _serve_next(context, announce=False)


def _another(context: Context, given: Given) -> None:
    """A further request in the middle of one: noted with today's date, served in the safe order."""
    waiting = queue.waiting_intents(context.session, context.conversation.id)
    new = [request for request in given.requests or (Request(given.intent),) if request.intent in FLOWS]
    new = [request for request in new if request.intent not in waiting]
    if not new:
        remind(context)
        return
    for request in new:
        _note(context, request, given)
    current = context.current
    if min(FLOWS[request.intent].rank for request in new) < current.rank:
        current.state = "queued"
        context.session.flush()
        _serve_next(context, announce=False)
    else:
        context.say("several.after_this", what=label(new[0].intent))
        remind(context)


def _note(context: Context, request: Request, given: Given) -> None:
    task = queue.add(
        context.session,
        context.conversation,
        request,
        FLOWS[request.intent],
        entities=given.fields,
        said_at=context.said_at,
    )
    by_person = situations.by_person(context.session, context.conversation.id)
    if by_person is not None and needs_proof(request.intent):
        task.data = {**task.data, "by_person": by_person}


def _serve_next(context: Context, *, announce: bool) -> None:
    # While a person is asked for, nothing else is begun: the assistant is silent.
    waits = (
        None
        if context.conversation.with_person
        else queue.next_queued(context.session, context.conversation.id)
    )
    task = context.task = waits
    if task is None:
        return
    task.state = "active"
    context.session.flush()
    if announce:
        context.say("several.next", what=label(task.intent))
    _run(context, _stage(context).enter(context))


def _run(context: Context, outcome: Outcome) -> None:
    task = context.current
    stages = stages_of(task)
    while outcome == "next" and task.stage + 1 < len(stages):
        task.stage += 1
        task.awaits = None
        outcome = stages[task.stage].enter(context)
    if outcome == "wait":
        return
    _finish(context, task)


def _finish(context: Context, task: Task) -> None:
    task.state = "over"
    task.awaits = None
    task.data = {}
    context.session.flush()
    _serve_next(context, announce=True)


def _stage(context: Context) -> Stage:
    task = context.current
    return stages_of(task)[task.stage]


def label(intent: str) -> str:
    """What a request is called in the middle of a sentence."""
    return phrase(f"request.{intent}")


def _in_words(count: int) -> str:
    return {2: "two", 3: "three", 4: "four"}.get(count, str(count))
