"""What `./rightline doctor` asks a Request Tracker."""

from __future__ import annotations

from collections.abc import Iterator

from actions.health.interfaces import Finding
from actions.helpdesk.interfaces import HelpdeskError
from actions.helpdesk.rt.client import RtClient
from actions.helpdesk.rt.pages import RtPages

OLDEST = 5


def examine(client: RtClient, pages: RtPages, queue: str) -> Iterator[Finding]:
    """Does it answer, is its version known, is the queue ours to use, may we anonymise?

    Nothing is changed there. What it tells of a queue includes whether we may open tickets in it.
    """
    try:
        version = client.version()
    except HelpdeskError as error:
        yield Finding("failed", str(error), "Mend RIGHTLINE_RT_URL and RIGHTLINE_RT_TOKEN.")
        return
    major = version.partition(".")[0]
    if not major.isdigit() or int(major) < OLDEST:
        yield Finding("warning", f"Request Tracker {version} is older than the versions we know", "Use RT 5.")
    else:
        yield Finding("ok", f"Request Tracker {version} answers and knows us")
    yield from _queue(client, queue)
    try:
        pages.look()
    except HelpdeskError as error:
        yield Finding("failed", str(error), "See docs/connectors.md: our user's password and rights.")
    else:
        yield Finding("ok", "its pages let us in, to export and to anonymise")


def _queue(client: RtClient, queue: str) -> Iterator[Finding]:
    mend = "Mend RIGHTLINE_RT_QUEUE, or give our user SeeQueue and CreateTicket there."
    try:
        may = client.may_create_in(queue)
    except HelpdeskError as error:
        yield Finding("failed", str(error), mend)
        return
    if may:
        yield Finding("ok", f"tickets can be opened in the queue '{queue}'")
    else:
        yield Finding("failed", f"no tickets can be opened by us in a queue '{queue}'", mend)
