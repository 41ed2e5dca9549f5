"""Buttons that count after a request was served: each is about the newest request it fits."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from actions.rights import access, status
from actions.tasks.context import Context


def enough(context: Context) -> bool:
    """What was shown at once is enough: close the request for access that still waits for people."""
    for case in status.known_cases(context):
        if case.right == "access" and case.state == "in_progress":
            access.enough(context, case)
            return True
    return False


BUTTONS: Mapping[str, Callable[[Context], bool]] = {"enough": enough}
"""By the button's id; each says whether there was a request it fits."""
