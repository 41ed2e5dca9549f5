"""All that can be done with a case, in one place: for the chat, the command line, a web desk and Slack.

Approving and refusing are `actions.rights.decisions`, since they set in motion what a right asks for.
"""

from __future__ import annotations

from actions.cases.counting import clock_stands_still, deadline_of
from actions.cases.finding import (
    by_reference,
    history,
    listed,
    of_address,
    open_duplicate,
    open_of_conversation,
    summary,
    under_way_like,
)
from actions.cases.holds import holds_of, lift_hold, on_hold, place_hold, standing_holds, stands
from actions.cases.moving import decide, join, move, open_case, open_linked
from actions.cases.notes import (
    RESTRICTED,
    add_note,
    add_tag,
    assign,
    link,
    linked,
    notes_of,
    record_search,
    record_searches,
    remove_tag,
    searches_of,
    tags_of,
)
from actions.cases.tasks import complete, open_tasks, raise_task, task_by_id, tasks_of
from actions.cases.timing import (
    acknowledge,
    ask_contact,
    choose_start,
    clarified,
    extend,
    set_jurisdiction,
    set_review,
)

__all__ = [
    "RESTRICTED",
    "acknowledge",
    "add_note",
    "add_tag",
    "ask_contact",
    "assign",
    "by_reference",
    "choose_start",
    "clarified",
    "clock_stands_still",
    "complete",
    "deadline_of",
    "decide",
    "extend",
    "history",
    "holds_of",
    "join",
    "lift_hold",
    "link",
    "linked",
    "listed",
    "move",
    "notes_of",
    "of_address",
    "on_hold",
    "open_case",
    "open_duplicate",
    "open_linked",
    "open_of_conversation",
    "open_tasks",
    "place_hold",
    "raise_task",
    "record_search",
    "record_searches",
    "remove_tag",
    "searches_of",
    "set_jurisdiction",
    "set_review",
    "standing_holds",
    "stands",
    "summary",
    "tags_of",
    "task_by_id",
    "tasks_of",
    "under_way_like",
]
