"""Handovers: asked for by contacts, taken by one agent at a time, ended by either."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from actions.audit import record
from actions.clock import now
from actions.conversations import log
from actions.conversations.models import Conversation, Message
from actions.conversations.offers import Speech, say
from actions.handover import desk_agents, hours
from actions.handover.interfaces import AgentIdentity, HandoverRefused, Outcome, desk_rules
from actions.handover.models import Handover
from actions.vault.cipher import keyed_hash
from actions.wording import option, phrase

OPEN = ("waiting", "taken")
MOST_TEXT = 8_000
WAYS_ON = ("leave_message", "back_to_assistant")


def available(session: Session) -> bool:
    """Whether somebody could take a conversation now: within opening hours, and an agent is on duty."""
    return hours.is_open(now(session)) and desk_agents.anybody_on_duty(session)


def request(session: Session, conversation: Conversation, *, seq: int) -> Handover:
    """Put a contact in the line for a person; asking again keeps their place.

    Args:
        session: a writing session that holds the conversation's lock.
        conversation: the locked conversation; from now on its messages are for a person.
        seq: the contact's message that asked.
    """
    found = of_conversation(session, conversation.id)
    if found is not None:
        return found
    at = now(session)
    handover = Handover(
        conversation_id=conversation.id,
        state="waiting",
        requested_at=at,
        told_at=at,
        from_seq=seq,
        sent_keys=[],
    )
    session.add(handover)
    conversation.with_person = True
    session.flush()
    _audit(session, handover, "contact", "handover_requested")
    return handover


def of_conversation(session: Session, conversation_id: str) -> Handover | None:
    """The handover under way in a conversation, if there is one."""
    return session.scalar(
        select(Handover)
        .where(Handover.conversation_id == conversation_id, Handover.state.in_(OPEN))
        .order_by(Handover.id.desc())
        .limit(1)
    )


def listed(session: Session, *, limit: int = 200) -> list[Handover]:
    """Everything under way: those who wait first, the longest wait first."""
    return list(
        session.scalars(
            select(Handover)
            .where(Handover.state.in_(OPEN))
            .order_by(Handover.state.desc(), Handover.id)
            .limit(limit)
        )
    )


def position(session: Session, handover: Handover) -> int:
    """The place in the line, counted from 1."""
    ahead = session.scalar(
        select(func.count())
        .select_from(Handover)
        .where(Handover.state == "waiting", Handover.id < handover.id)
    )
    return (ahead or 0) + 1


def take(session: Session, handover_id: int, agent: AgentIdentity, *, over: bool = False) -> Handover:
    """Take a conversation; the contact is told who is there.

    Args:
        session: a writing session.
        handover_id: which handover.
        agent: who takes it.
        over: take it from the colleague who has it.

    Raises:
        HandoverRefused: it is over, a colleague was faster, or the role only reads.
    """
    handover, conversation = _locked(session, handover_id)
    _may_talk(agent)
    if handover.taken_by == agent.name and handover.state == "taken":
        return handover
    if handover.state == "taken" and not over:
        raise HandoverRefused(
            f"{handover.taken_by} took this {_ago(session, handover.taken_at)}. "
            "Take it over if you have agreed on that."
        )
    before = handover.taken_by
    handover.state, handover.taken_by, handover.taken_at = "taken", agent.name, now(session)
    name = "handover.taken_over" if before else "handover.taken"
    log.append(session, conversation, "system", {"text": phrase(name, agent=agent.name), "agent": agent.name})
    _audit(session, handover, agent.name, "handover_taken", taken_from=before or "")
    return handover


def reply(session: Session, handover_id: int, agent: AgentIdentity, text: str, *, key: str) -> Message | None:
    """Say something to the contact.

    Args:
        session: a writing session.
        handover_id: which handover.
        agent: who speaks; the one who took it.
        text: what is said, at most 8,000 characters.
        key: the sender's own name for these words: sent again, they are said once.

    Returns:
        The message, or None when it was said before.

    Raises:
        HandoverRefused: it is over, it is somebody else's, or there is nothing or too much to say.
    """
    handover, conversation = _locked(session, handover_id)
    if key in handover.sent_keys:
        return None
    _own(handover, agent)
    words = text.strip()
    if not words:
        raise HandoverRefused("There is nothing to send: write something first.")
    if len(words) > MOST_TEXT:
        raise HandoverRefused(f"That is longer than {MOST_TEXT} characters: send it in two parts.")
    message = log.append(session, conversation, "agent", {"text": words, "agent": agent.name})
    handover.sent_keys = [*handover.sent_keys[-199:], key]
    return message


def hand_back(session: Session, handover_id: int, agent: AgentIdentity) -> Handover:
    """Give the conversation back to the assistant, which says so.

    Raises:
        HandoverRefused: it is over, or it is somebody else's.
    """
    handover, conversation = _locked(session, handover_id)
    _own(handover, agent)
    end(session, handover, conversation, "handed_back", by=agent.name)
    _speak(session, conversation, "handover.handed_back", "carry_on", "something_else.menu")
    return handover


def close(session: Session, handover_id: int, agent: AgentIdentity) -> Handover:
    """End the talk: all is said. The contact may always begin again with the assistant.

    Raises:
        HandoverRefused: it is over, or it is somebody else's.
    """
    handover, conversation = _locked(session, handover_id)
    _own(handover, agent)
    end(session, handover, conversation, "closed", by=agent.name)
    _speak(session, conversation, "handover.closed", "carry_on", "something_else.menu", agent=agent.name)
    return handover


def end(
    session: Session, handover: Handover, conversation: Conversation, outcome: Outcome, *, by: str
) -> None:
    """Note that a handover is over; the assistant answers again, in an engine session of its own."""
    handover.state, handover.outcome, handover.ended_at = "over", outcome, now(session)
    conversation.with_person = False
    conversation.engine_session = None
    _audit(session, handover, by, "handover_over", outcome=outcome)


def heard(session: Session, conversation: Conversation, seq: int) -> None:
    """A contact wrote while a person is asked for: acknowledged while nobody is there, silence afterwards.

    Args:
        session: a writing session that holds the conversation's lock.
        conversation: the locked conversation.
        seq: what the contact wrote.
    """
    handover = of_conversation(session, conversation.id)
    if handover is None:
        conversation.with_person = False
        return
    if handover.state == "waiting":
        _speak(session, conversation, "handover.noted", *WAYS_ON, reply_to=seq)


def tend(session: Session) -> int:
    """Tell those who have waited long where they stand, and free those for whom nobody will come today.

    Returns:
        How many were told something.
    """
    at = now(session)
    patience = timedelta(minutes=desk_rules().patience_minutes)
    due = session.scalars(
        select(Handover.id).where(Handover.state == "waiting", Handover.told_at <= at - patience).limit(100)
    ).all()
    for identifier in due:
        handover, conversation = _locked(session, identifier)
        handover.told_at = at
        if available(session):
            place = position(session, handover)
            _speak(session, conversation, "handover.still_waiting", *WAYS_ON, position=place)
        else:
            end(session, handover, conversation, "nobody_came", by="system")
            _speak(
                session,
                conversation,
                "handover.nobody_came",
                "leave_message",
                hours=hours.opening(at, conversation.time_zone),
            )
    return len(due)


def subject(conversation_id: str) -> str:
    """What audit entries call a conversation."""
    return f"conversation-{keyed_hash('conversation', conversation_id)[:16]}"


def _locked(session: Session, handover_id: int) -> tuple[Handover, Conversation]:
    # The conversation before anything that belongs to it, as everybody does.
    conversation_id = session.scalar(select(Handover.conversation_id).where(Handover.id == handover_id))
    conversation = log.lock(session, conversation_id) if conversation_id else None
    handover = session.get(Handover, handover_id, populate_existing=True)
    if conversation is None or handover is None:
        raise HandoverRefused("There is no such conversation any more.")
    if handover.state == "over":
        raise HandoverRefused(f"This talk has been over since {_ago(session, handover.ended_at)}.")
    return handover, conversation


def _may_talk(agent: AgentIdentity) -> None:
    if not agent.may_talk:
        raise HandoverRefused("Your role only reads. Ask somebody who may talk to contacts.")


def _own(handover: Handover, agent: AgentIdentity) -> None:
    _may_talk(agent)
    if handover.state != "taken":
        raise HandoverRefused("Nobody has taken this conversation yet: take it first.")
    if handover.taken_by != agent.name:
        raise HandoverRefused(f"{handover.taken_by} is talking to this contact; take it over first.")


def _speak(
    session: Session,
    conversation: Conversation,
    name: str,
    *choices: str,
    reply_to: int | None = None,
    **values: object,
) -> None:
    speech = Speech(phrase(name, **values), tuple(option(choice) for choice in choices))
    say(session, conversation, speech, reply_to)


def _ago(session: Session, at: datetime | None) -> str:
    seconds = 0 if at is None else max(0, round((now(session) - at).total_seconds()))
    if seconds < 90:
        return f"{seconds} seconds ago"
    return f"{round(seconds / 60)} minutes ago"


def _audit(session: Session, handover: Handover, actor: str, action: str, **details: str) -> None:
    record(session, actor=actor, action=action, subject=subject(handover.conversation_id), details=details)
