"""What the stand-in gateway's assistant says: one short erasure, and an echo of everything else."""

from __future__ import annotations

import re
from typing import Any

Message = dict[str, Any]

CODE = "481206"
GREETING: Message = {
    "from": "assistant",
    "text": "Hello. I can show, correct, copy or delete what we hold about you. What would you like?",
    "choices": [
        {"id": "access", "label": "See what you hold"},
        {"id": "erase", "label": "Delete my details"},
    ],
}
CASE = {"reference": "PR-7F3K-9Q2M", "right": "erasure", "state": "awaiting_identity", "due": "2026-12-23"}
ASK_EMAIL: Message = {
    "text": "I can help with that. I've noted your request today. First I need to know it's really you. "
    "Which email address might we have for you?",
    "ask": {"field": "email", "label": "Email address"},
    "case": CASE,
}
ASK_CODE: Message = {
    "text": "A six-digit code is on its way to that address. It works for ten minutes.",
    "ask": {"field": "code", "label": "The code from the email"},
    "choices": [
        {"id": "resend_code", "label": "Send it again"},
        {"id": "no_mailbox", "label": "I can't get at that mailbox"},
    ],
}
WRONG_CODE: Message = {"text": "That isn't the code we sent. Four tries left.", "ask": ASK_CODE["ask"]}
PLAN: Message = {
    "text": "Thank you, Priya. This is what would happen:",
    "card": {
        "title": "What would happen",
        "rows": [
            {"id": "deleted", "label": "Deleted", "value": "mobile number, 14 tracked emails, settings"},
            {
                "id": "kept",
                "label": "Kept for now",
                "value": "your name and work email, on a service agreement of your company. We look at it "
                "again when that agreement ends, and delete them then unless something else requires them "
                "(policy 3 and 9.4)",
            },
            {
                "id": "fingerprint",
                "label": "Kept as a fingerprint",
                "value": "a scrambled form of your address, so that nobody adds you to a mailing list again",
            },
        ],
    },
}
OFFER: Message = {
    "text": "Because of the agreement a colleague checks this first. Would you like a copy of your data "
    "before anything is deleted? The copy needs no check.",
    "choices": [
        {"id": "copy_first", "label": "Copy first, then delete"},
        {"id": "erase", "label": "Just delete", "style": "danger"},
        {"id": "not_now", "label": "Not now"},
    ],
}
DONE: Message = {
    "text": "The copy is on its way to you. Your request is **PR-7F3K-9Q2M**, and you'll have our answer by "
    "**Wednesday 23 December 2026**.",
    "case": CASE | {"state": "awaiting_approval"},
    "choices": [{"id": "why_date", "label": "Why that date?"}],
}


def answer(body: dict[str, Any]) -> list[Message]:
    """What the assistant says to a message, given as it was sent."""
    fields = body.get("fields", {})
    if "email" in fields:
        return [ASK_CODE]
    if "code" in fields:
        return [PLAN, OFFER] if fields["code"] == CODE else [WRONG_CODE]
    if body.get("choice") == "copy_first":
        return [DONE]
    if body.get("choice") == "erase" or re.search("delete|rid of", body.get("text", "")):
        return [ASK_EMAIL]
    return [{"text": f"You said: {body.get('text') or body.get('choice') or ', '.join(fields)}"}]
