"""Which intents there are, and what kind of answer each calls for."""

from __future__ import annotations

from collections.abc import Mapping

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

PART_OF: Mapping[str, frozenset[str]] = {
    "access": frozenset(
        {"ask_policy", "ask_rights", "source", "automated_decisions", "portability", "view_preferences"}
    ),
    "portability": frozenset({"access", "ask_rights", "ask_policy"}),
    "erase": frozenset(
        {"ask_policy", "ask_rights", "object", "restrict", "withdraw_consent", "request_status"}
    ),
    "restrict": frozenset({"ask_rights", "ask_policy", "object", "request_status"}),
    "rectify": frozenset({"ask_rights", "report_breach", "account_help", "request_status"}),
    "object": frozenset({"ask_policy", "ask_rights", "automated_decisions", "restrict", "withdraw_consent"}),
    "opt_out": frozenset(
        {"ask_policy", "ask_rights", "view_preferences", "object", "withdraw_consent", "restrict"}
    ),
    "withdraw_consent": frozenset({"ask_rights", "ask_policy", "object", "restrict"}),
    "withdraw_request": frozenset({"restrict", "erase", "request_status", "ask_rights"}),
    "complaint": frozenset({"request_status", "ask_rights", "ask_policy"}),
    "report_breach": frozenset({"complaint", "ask_policy", "ask_rights", "source", "account_help"}),
    "customers_customer": frozenset(
        {"opt_out", "erase", "source", "complaint", "ask_policy", "ask_rights", "object"}
    ),
    "source": frozenset({"ask_policy", "ask_rights"}),
    "ask_rights": frozenset({"ask_policy", "automated_decisions", "request_status"}),
    "ask_policy": frozenset({"automated_decisions", "source"}),
    "automated_decisions": frozenset({"ask_policy", "ask_rights"}),
}
"""What a letter about one thing goes on about without asking for another: the purposes, recipients and
sources of an Article 15 letter are part of its access request."""

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
