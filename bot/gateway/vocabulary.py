"""Every word of the interface that scripts may rely on: from the code's own enumerations and from data."""

from __future__ import annotations

from typing import get_args

from actions.cases.interfaces import CASE_STATES, RIGHTS
from actions.conversations.interfaces import AskedField
from actions.crm.interfaces import ContactState

__all__ = ["CASE_STATES", "INTENTS", "RIGHTS", "vocabulary"]

INTENTS = (
    "access",
    "portability",
    "rectify",
    "erase",
    "restrict",
    "object",
    "opt_out",
    "opt_in",
    "view_preferences",
    "withdraw_consent",
    "source",
    "automated_decisions",
    "ask_policy",
    "ask_rights",
    "request_status",
    "withdraw_request",
    "on_behalf",
    "customers_customer",
    "complaint",
    "report_breach",
    "contact_dpo",
    "account_help",
    "talk_to_human",
    "greet",
    "goodbye",
    "thank",
    "affirm",
    "deny",
    "help",
    "stop",
    "out_of_scope",
)


def vocabulary() -> dict[str, list[str]]:
    """Every intent, right, case state, contact state, choice id, field, topic and channel."""
    from actions.wording.services import choices, topics

    return {
        "intents": list(INTENTS),
        "rights": list(RIGHTS),
        "case_states": list(CASE_STATES),
        "contact_states": list(get_args(ContactState)),
        "choice_ids": list(dict.fromkeys(key.partition(".")[0] for key in choices())),
        "fields": list(get_args(AskedField)),
        "topics": list(topics().topics),
        "channels": list(topics().channels),
    }
