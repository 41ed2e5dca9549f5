"""What colleagues wrote to each other in the threads of a contact who asks for access: put before the agent.

What was said to the contact is in their conversation already; notes stand in Slack only, so they are fetched
when somebody has to look through the team's threads, and decided about piece by piece like other free text.
"""

from __future__ import annotations

import threading

import structlog
from slack_sdk.errors import SlackClientError
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.cases.models import Case
from actions.cases.tasks import open_tasks
from actions.logs import where
from actions.rights import review, sources
from actions.rights.models import ReviewItem
from actions.rights.search import Passage, conversations_of
from actions.slack.models import SlackReply, SlackThread
from bot.slack.interfaces import SlackServices
from bot.slack.threads import catching_up, places, texts
from bot.slack.wording import plain

SOURCE = "team_threads"
LOOK_SECONDS = 60.0
NOT_SAID = ("note", "held", "refused")
log = structlog.get_logger("slack")


def loop(services: SlackServices, stop: threading.Event) -> None:
    """See `bot.slack.interfaces.Loop`."""
    while not stop.is_set():
        try:
            look(services)
        except (SlackClientError, OSError) as error:
            log.warning("threads_not_searched", error=type(error).__name__)
        except Exception as error:
            log.error("threads_not_searched", error=type(error).__name__, at=where(error))
        stop.wait(LOOK_SECONDS)


def look(services: SlackServices) -> int:
    """Fetch the notes that requests for access wait for; returns how many threads had any."""
    with services.database.read() as session:
        wanted = [(case_id, thread) for case_id in _waiting(session) for thread in _threads(session, case_id)]
    return sum(_put_before(services, case_id, thread) for case_id, thread in wanted)


def _waiting(session: Session) -> list[int]:
    """Requests for access whose threads are still to be looked through."""
    tasks = open_tasks(session, kind=sources.MANUAL)
    cases = [(task, session.get(Case, task.case_id)) for task in tasks if task.case_id is not None]
    return [
        case.id
        for task, case in cases
        if case is not None
        and case.right == "access"
        and case.contact_id
        and task.key == sources.task_key(case, SOURCE)
    ]


def _threads(session: Session, case_id: int) -> list[SlackThread]:
    """Threads of the contact with something that was not said to them, and not put before the agent yet."""
    case = session.get_one(Case, case_id)
    theirs = conversations_of(session, case.contact_id or "", ())
    known = select(ReviewItem.ref).where(ReviewItem.case_id == case_id)
    notes = select(SlackReply.handover_id).where(SlackReply.state.in_(NOT_SAID))
    rows = select(SlackThread).where(
        SlackThread.conversation_id.in_(theirs),
        SlackThread.handover_id.in_(notes),
        SlackThread.name.not_in(known),
    )
    return list(session.scalars(rows))


def _put_before(services: SlackServices, case_id: int, thread: SlackThread) -> int:
    with services.database.read() as session:
        root = places.root_ts(session, thread)
        rows = select(SlackReply).where(
            SlackReply.handover_id == thread.handover_id, SlackReply.state.in_(NOT_SAID)
        )
        notes = {reply.ts for reply in session.scalars(rows)}
    if root is None:
        return 0
    found = [
        message
        for message in catching_up.fetched(services, thread.channel, root)
        if message["ts"] in notes and message.get("text")
    ]
    if not found:
        return 0
    said = "\n".join(texts.to_plain(str(message["text"])) for message in found)
    title = plain("thread.notes", day=f"{thread.opened_at:%-d %B %Y}")
    with services.database.write() as session:
        case = session.get_one(Case, case_id)
        if thread.name in {item.ref for item in review.items(session, case)}:
            return 0
        review.begin(session, case, [Passage(SOURCE, thread.name, title, said, thread.opened_at)])
    return 1
