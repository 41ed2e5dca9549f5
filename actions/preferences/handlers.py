"""The step that puts people on the suppression list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from actions.fulfilment.interfaces import StepContext
from actions.fulfilment.registry import handles_here
from actions.preferences import services
from actions.wording import topics


@handles_here("suppress")
def suppress(session: Session, context: StepContext, payload: Mapping[str, Any]) -> None:
    """Stop all marketing to an erased contact's addresses, and remember them, so that no import revives them.

    An address that others use too is not stopped: there the person is remembered by address and name.
    """
    reference = payload["reference"]
    for address in payload["own"]:
        services.suppress(
            session,
            "email",
            address,
            topics=topics().optional,
            reason=payload["reason"],
            case_reference=reference,
        )
        services.remember_erased(session, "email", address, case_reference=reference)
    for address in payload["shared"]:
        services.remember_erased(session, "person", address, payload["name"], case_reference=reference)
