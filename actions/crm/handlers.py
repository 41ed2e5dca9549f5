"""Steps that change the CRM, and those that read it again to prove the change before anybody is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from actions.crm import services
from actions.crm.interfaces import Crm, CrmError, CrmUnusable
from actions.fulfilment.interfaces import NotYet, StepContext, TryLater
from actions.fulfilment.registry import handles
from actions.fulfilment.waiting import require_no_hold


@handles("crm_erase")
def crm_erase(context: StepContext, payload: Mapping[str, Any]) -> None:
    """Delete a contact in the CRM.

    Raises:
        NotYet: a legal hold stands; a person is told.
    """
    with context.database.read() as session:
        require_no_hold(session, context, payload["contact_id"])
    with trouble() as crm:
        crm.erase(payload["contact_id"])


@handles("crm_reduce")
def crm_reduce(context: StepContext, payload: Mapping[str, Any]) -> None:
    """Delete all but what a ground keeps.

    Raises:
        NotYet: a legal hold stands; a person is told.
    """
    with context.database.read() as session:
        require_no_hold(session, context, payload["contact_id"])
    with trouble() as crm:
        crm.reduce(payload["contact_id"], payload["keep"])


@handles("crm_prove_erasure")
def crm_prove_erasure(context: StepContext, payload: Mapping[str, Any]) -> None:
    """Make sure that what was promised is so.

    Raises:
        TryLater: something is still there.
    """
    with trouble() as crm:
        holdings = crm.holdings(payload["contact_id"])
    if holdings is None:
        return
    if not payload["keep"]:
        raise TryLater("the CRM still has the contact")
    beyond = set(holdings.contact.fields) - set(payload["keep"])
    others = (
        holdings.tracked_emails or holdings.preferences or holdings.contact.other_emails or holdings.further
    )
    if beyond or others:
        raise TryLater(
            f"the CRM still has more than the plan keeps: {', '.join(sorted(beyond)) or 'other records'}"
        )


@handles("crm_rectify")
def crm_rectify(context: StepContext, payload: Mapping[str, Any]) -> None:
    """Replace fields of a contact."""
    with trouble() as crm:
        crm.rectify(payload["contact_id"], payload["changes"])


@handles("crm_prove_rectification")
def crm_prove_rectification(context: StepContext, payload: Mapping[str, Any]) -> None:
    """Make sure that the fields are as they were corrected to be; a contact who is gone has none.

    Raises:
        TryLater: one of them is not.
    """
    with trouble() as crm:
        contact = crm.get(payload["contact_id"])
    if contact is None:
        return
    wrong = [
        name
        for name, value in payload["changes"].items()
        if _comparable(name, contact.fields.get(name, "")) != _comparable(name, value)
    ]
    if wrong:
        raise TryLater(f"the CRM does not have the correction yet: {', '.join(sorted(wrong))}")


@handles("crm_restrict")
def crm_restrict(context: StepContext, payload: Mapping[str, Any]) -> None:
    """Set or lift a restriction (UK GDPR Art. 18)."""
    with trouble() as crm:
        crm.restrict(payload["contact_id"], payload["restricted"])


@handles("crm_prove_restriction")
def crm_prove_restriction(context: StepContext, payload: Mapping[str, Any]) -> None:
    """Make sure that the restriction is set or lifted; what is reduced is used for nothing else anyway.

    Raises:
        TryLater: it is not.
    """
    with trouble() as crm:
        contact = crm.get(payload["contact_id"])
    if contact is not None and contact.state in ("active", "restricted"):
        wanted = "restricted" if payload["restricted"] else "active"
        if contact.state != wanted:
            raise TryLater(f"the CRM says {contact.state} where it should say {wanted}")


@handles("crm_set_preferences")
def crm_set_preferences(context: StepContext, payload: Mapping[str, Any]) -> None:
    """Set preferences of every contact that uses an address, or of one by id; nobody is nothing to do."""
    with trouble() as crm:
        for contact_id in _meant(crm, payload):
            crm.set_preferences(contact_id, _changes(payload))


@handles("crm_prove_preferences")
def crm_prove_preferences(context: StepContext, payload: Mapping[str, Any]) -> None:
    """Make sure that the preferences are as they were asked to be.

    Raises:
        TryLater: one of them is not.
    """
    with trouble() as crm:
        for contact_id in _meant(crm, payload):
            holdings = crm.holdings(contact_id)
            for key, wanted in _changes(payload).items():
                if holdings is not None and holdings.preferences.get(key) != wanted:
                    raise TryLater(f"the CRM does not have the preference yet: {' by '.join(key)}")


@contextmanager
def trouble() -> Iterator[Crm]:
    """The CRM; where it cannot do it now, the step is tried again, or waits for an operator."""
    try:
        yield services.get_crm()
    except CrmUnusable as error:
        raise NotYet(str(error)) from error
    except CrmError as error:
        raise TryLater(str(error)) from error


def _meant(crm: Crm, payload: Mapping[str, Any]) -> list[str]:
    if payload.get("contact_id"):
        return [payload["contact_id"]]
    return [contact.id for contact in crm.find_by_email(payload["address"])]


def _changes(payload: Mapping[str, Any]) -> dict[tuple[str, str], bool]:
    return {
        (topic, channel): payload["wanted"] for topic in payload["topics"] for channel in payload["channels"]
    }


def _comparable(name: str, value: str) -> str:
    return value.strip().lower() if name == "email" else value.strip()
