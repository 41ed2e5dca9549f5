"""Steps that reach the helpdesk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from actions.fulfilment.interfaces import StepContext, TryLater
from actions.fulfilment.registry import handles
from actions.handover import transcript
from actions.helpdesk import services
from actions.helpdesk.interfaces import Helpdesk, HelpdeskError
from actions.wording import phrase


@handles("helpdesk_ticket")
def helpdesk_ticket(context: StepContext, payload: Mapping[str, Any]) -> None:
    """Pass a contact's message to the helpdesk, once, with the conversation it came from."""
    body = payload["body"]
    if (conversation := payload.get("conversation")) is not None:
        with context.database.read() as session:
            story = transcript.as_text(session, conversation)
        body = phrase("person.ticket", words=body, transcript=story)
    with _trouble() as helpdesk:
        helpdesk.create_ticket(payload["subject"], body, payload["requestor"], key=context.key)


@handles("helpdesk_anonymise")
def helpdesk_anonymise(context: StepContext, payload: Mapping[str, Any]) -> None:
    """Take an erased contact, and what they wrote, out of the tickets of their addresses.

    Raises:
        TryLater: a ticket still bears one of the addresses.
    """
    with _trouble() as helpdesk:
        for address in payload["addresses"]:
            helpdesk.anonymise(address)
            if helpdesk.find_by_requestor(address):
                raise TryLater("the helpdesk still has a ticket of the contact")


@contextmanager
def _trouble() -> Iterator[Helpdesk]:
    """The helpdesk; where it cannot do it now, the step is tried again later."""
    try:
        yield services.get_helpdesk()
    except HelpdeskError as error:
        raise TryLater(str(error)) from error
