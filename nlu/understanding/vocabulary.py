"""Which intents there are, and what kind of answer each calls for."""

from __future__ import annotations

REQUESTS = frozenset(
    {
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
        "on_behalf",
        "complaint",
        "report_breach",
        "withdraw_request",
    }
)
"""They open a request, which is confirmed before anything happens."""

GRAVE = frozenset({"erase", "restrict", "object", "withdraw_consent"})
"""Requests that must never start unasked."""

QUESTIONS = frozenset(
    {
        "source",
        "automated_decisions",
        "ask_policy",
        "ask_rights",
        "request_status",
        "customers_customer",
        "contact_dpo",
        "account_help",
    }
)
"""They are answered."""

TALK = frozenset(
    {"talk_to_human", "greet", "goodbye", "thank", "affirm", "deny", "help", "stop", "out_of_scope"}
)
"""The rest of a conversation."""

CONTRACT = REQUESTS | QUESTIONS | TALK
"""Every intent that may be printed."""

SITUATIONAL = frozenset({"no_mailbox", "resend_code"})
"""They mean something only while a choice of the same id is on offer."""

STRUCTURED = frozenset({"choose", "provide"})
"""What buttons and fields send; `provide` is also a text that is nothing but a value."""

UNCLEAR = "unclear"
"""What the rules see when the contact is asked which intent was meant."""
