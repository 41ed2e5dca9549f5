"""What a channel may read of a talk: without what the desk's veil hides and what the CRM holds of somebody.

The assistant calls people by their name and repeats what it changed; on the desk's page one agent reads that,
in a channel everybody does.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.cases.models import Case
from actions.crm import services as crm
from actions.crm.interfaces import CrmError
from actions.database import Database
from actions.handover.models import Handover
from actions.wording import phrase
from bot.desk.veil import without_values
from bot.slack.wording import plain

NOBODYS = frozenset({"company"})
"""Fields that say nothing of a person."""
SHORTEST = 2
log = structlog.get_logger("slack")


def held_values(database: Database, handover_id: int) -> Mapping[str, str] | None:
    """What the CRM holds of whoever is in a talk, each with what stands in its place; None when it is away.

    Args:
        database: ours; no transaction is open while the CRM is asked.
        handover_id: of the talk.
    """
    with database.read() as session:
        contacts = _contacts(session, handover_id)
    values: dict[str, str] = {}
    try:
        for contact_id in contacts:
            contact = crm.get_crm().get(contact_id)
            if contact is None:
                continue
            named = [(name, value) for name, value in contact.fields.items() if name not in NOBODYS]
            named += [("email", address) for address in contact.other_emails]
            values |= {value: f"[{phrase(f'field.{name}')}]" for name, value in named if value}
    except CrmError as error:
        log.warning("crm_away", error=type(error).__name__)
        return None
    return values


def veil(
    row: dict[str, Any], values: Mapping[str, str] | None, bare: Collection[int], from_seq: int
) -> dict[str, Any]:
    """A talk as the channel may read it.

    Args:
        row: as the desk shows it.
        values: see `held_values`; where they are not known, nothing the assistant said is shown.
        bare: the seqs of the contact's messages whose names nobody could hide yet: where the values are not
            known either, they are not shown.
        from_seq: of the message that asked for a person.
    """
    messages = [_veiled(message, values, bare) for message in row["messages"]]
    asked = {"text": row["reason"], "from": "contact", "seq": from_seq}
    return {**row, "reason": _veiled(asked, values, bare)["text"], "messages": messages}


def _veiled(
    message: dict[str, Any], values: Mapping[str, str] | None, bare: Collection[int]
) -> dict[str, Any]:
    text = message.get("text")
    if not text:
        return message
    if values is None:
        readable = message["from"] == "contact" and message["seq"] not in bare
        return message if readable else {**message, "text": plain("thread.not_now")}
    return {**message, "text": without_values(text, values, shortest=SHORTEST)}


def _contacts(session: Session, handover_id: int) -> list[str]:
    found = (
        select(Case.contact_id)
        .join(Handover, Handover.conversation_id == Case.conversation_id)
        .where(Handover.id == handover_id, Case.contact_id.is_not(None))
        .distinct()
    )
    return [contact_id for contact_id in session.scalars(found) if contact_id]
