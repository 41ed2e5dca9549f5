"""Steps that reach the helpdesk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from actions.fulfilment.interfaces import NotYet, StepContext, TryLater
from actions.fulfilment.registry import handles
from actions.handover import transcript
from actions.helpdesk import case_tickets, services
from actions.helpdesk.interfaces import Helpdesk, HelpdeskError, HelpdeskUnusable
from actions.wording import phrase


@handles("helpdesk_ticket")
def helpdesk_ticket(context: StepContext, payload: Mapping[str, Any]) -> None:
    """Pass a contact's message to the helpdesk, once, with the conversation it came from."""
    body = payload["body"]
    if (conversation := payload.get("conversation")) is not None:
        with context.database.read() as session:
            story = transcript.as_text(session, conversation)
        body = phrase("person.ticket", words=body, transcript=story)
    with trouble() as helpdesk:
        helpdesk.create_ticket(payload["subject"], body, payload["requestor"], key=context.key)


@handles(case_tickets.KIND)
def helpdesk_case(context: StepContext, payload: Mapping[str, Any]) -> None:
    """Tell a case's ticket all that has become of the case and it has not heard."""
    case_id = payload["case_id"]
    with context.database.write() as session:
        if not case_tickets.begin(session, case_id, context.step_id):
            return
    over = False
    while not over:
        with context.database.read() as session:
            told = case_tickets.news(session, case_id)
        if told is None:
            return
        with trouble() as helpdesk:
            ticket_id = case_tickets.tell(helpdesk, told)
        with context.database.write() as session:
            over = case_tickets.end(session, case_id, ticket_id, told)


@handles("helpdesk_anonymise")
def helpdesk_anonymise(context: StepContext, payload: Mapping[str, Any]) -> None:
    """Take an erased contact, and what they wrote, out of the tickets of their addresses.

    Raises:
        TryLater: a ticket still bears one of the addresses.
    """
    with trouble() as helpdesk:
        for address in payload["addresses"]:
            helpdesk.anonymise(address)
            if helpdesk.find_by_requestor(address):
                raise TryLater("the helpdesk still has a ticket of the contact")


@contextmanager
def trouble() -> Iterator[Helpdesk]:
    """The helpdesk; where it cannot do it now, the step is tried again, or waits for an operator."""
    try:
        yield services.get_helpdesk()
    except HelpdeskUnusable as error:
        raise NotYet(str(error)) from error
    except HelpdeskError as error:
        raise TryLater(str(error)) from error
