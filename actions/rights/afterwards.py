"""Buttons that count after a request was served: each is about the newest request it fits."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from actions.rights import access, status
from actions.tasks.context import Context
from actions.tasks.interfaces import Request


def enough(context: Context) -> bool:
    """What was shown at once is enough: close the request for access that still waits for people."""
    for case in status.known_cases(context):
        if case.right == "access" and case.state == "in_progress":
            access.enough(context, case)
            return True
    return False


def find_mine(context: Context) -> bool:
    """Look for requests under an address that is proven first."""
    # The dialogue knows the flows, and those know the rights.
    from actions.tasks import dialogue

    dialogue.start(context, Request("request_status"))
    return True


BUTTONS: Mapping[str, Callable[[Context], bool]] = {"enough": enough, "find_mine": find_mine}
"""By the button's id; each says whether there was a request it fits."""
