"""What the worker does to fulfil a right; every handler has the same effect however often it runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy.orm import Session

from actions.cases import services as cases
from actions.cases.models import Case
from actions.conversations import log
from actions.conversations.offers import Speech, say
from actions.crm.interfaces import CrmError
from actions.crm.services import get_crm
from actions.fulfilment.interfaces import GiveUp, StepContext, TryLater
from actions.fulfilment.registry import handles, handles_here
from actions.helpdesk.services import get_helpdesk
from actions.preferences import services as preferences
from actions.wording import phrase, topics


@handles_here("suppress")
def suppress(session: Session, context: StepContext, payload: Mapping[str, Any]) -> None:
    """Put an address on the suppression list for all marketing, so that no import revives it."""
    preferences.suppress(
        session,
        "email",
        payload["address"],
        topics=topics().optional,
        reason=payload["reason"],
        case_reference=payload["reference"],
    )


@handles("crm_erase")
def crm_erase(context: StepContext, payload: Mapping[str, Any]) -> None:
    """Delete a contact in the CRM."""
    with _crm_trouble():
        get_crm().erase(payload["contact_id"])


@handles("crm_reduce")
def crm_reduce(context: StepContext, payload: Mapping[str, Any]) -> None:
    """Delete all but what a ground keeps."""
    with _crm_trouble():
        get_crm().reduce(payload["contact_id"], payload["keep"])


@handles("crm_prove_erasure")
def crm_prove_erasure(context: StepContext, payload: Mapping[str, Any]) -> None:
    """Read the CRM again and make sure that what was promised is so, before anybody is told.

    Raises:
        TryLater: something is still there.
    """
    with _crm_trouble():
        holdings = get_crm().holdings(payload["contact_id"])
    if not payload["keep"]:
        if holdings is not None:
            raise TryLater("the CRM still has the contact")
        return
    if holdings is None:
        return
    beyond = set(holdings.contact.fields) - set(payload["keep"])
    if beyond or holdings.tracked_emails or holdings.preferences or holdings.contact.other_emails:
        raise TryLater(
            f"the CRM still has more than the plan keeps: {', '.join(sorted(beyond)) or 'other records'}"
        )


@handles("crm_set_preferences")
def crm_set_preferences(context: StepContext, payload: Mapping[str, Any]) -> None:
    """Set preferences of every contact that uses an address; none on file is nothing to do."""
    changes = {
        (topic, channel): payload["wanted"] for topic in payload["topics"] for channel in payload["channels"]
    }
    with _crm_trouble():
        crm = get_crm()
        for contact in crm.find_by_email(payload["address"]):
            crm.set_preferences(contact.id, changes)


@handles("helpdesk_ticket")
def helpdesk_ticket(context: StepContext, payload: Mapping[str, Any]) -> None:
    """Pass a contact's message to the helpdesk, once."""
    get_helpdesk().create_ticket(payload["subject"], payload["body"], payload["requestor"], key=context.key)


@handles_here("close_request")
def close_request(session: Session, context: StepContext, payload: Mapping[str, Any]) -> None:
    """Tell the conversation that the request is done, and destroy what only its steps needed."""
    case = session.get(Case, context.case_id) if context.case_id is not None else None
    if case is None:
        raise GiveUp("a step that closes a request has no case")
    # The conversation before the case, as a turn does: the other way round, two could wait for each other.
    conversation = log.lock(session, case.conversation_id) if case.conversation_id is not None else None
    case.address = None
    case.details.pop("words", None)
    if conversation is not None:
        text = phrase(payload["phrase"], reference=case.reference)
        say(session, conversation, Speech(text, case=cases.summary(case)))


@contextmanager
def _crm_trouble() -> Iterator[None]:
    """A CRM that cannot do it now is tried again later."""
    try:
        yield
    except CrmError as error:
        raise TryLater(str(error)) from error
