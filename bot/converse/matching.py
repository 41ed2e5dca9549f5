"""What was expected against what came: each difference as a sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.converse.demo import Message
from bot.converse.script import duration

Expected = Any

TYPOGRAPHY = str.maketrans("’‘“”–\u00a0", "''\"\"- ")


def of_message(expected: Expected, message: Message) -> list[str]:
    """Why a message is not the one expected; nothing when it is.

    Args:
        expected: a text, or a mapping as `schema.json` has it; `not` is the caller's to look at.
        message: as the contract has it.
    """
    if isinstance(expected, str):
        return of_wording(expected, message.get("text"), "text")
    offered = [choice["id"] for choice in message.get("choices", ())]
    differences = [
        *of_wording(expected.get("says"), message.get("text"), "text"),
        *of_wording(expected.get("text"), message.get("text"), "text"),
        *_of_offers(expected, offered),
        *of_card(expected.get("card"), message.get("card")),
        *of_case(expected.get("case"), message.get("case"), message.get("at", "")),
    ]
    asked = message.get("ask", {}).get("field")
    if "asks" in expected and expected["asks"] != asked:
        differences.append(f"asks for {asked or 'nothing'}, not for {expected['asks']}")
    if "from" in expected and expected["from"] != message.get("from"):
        differences.append(f"is from the {message.get('from')}, not from the {expected['from']}")
    return differences


def of_wording(expected: Expected, actual: str | None, what: str) -> list[str]:
    """Why a text is not worded as expected: letters' case, line breaks and kinds of quotes do not matter."""
    if expected is None:
        return []
    if not isinstance(expected, Mapping):
        expected = {"contains": expected}
    if actual is None:
        return [f"has no {what}"]
    read = simplified(actual)
    return [
        *(f"{what} lacks “{part}”" for part in _listed(expected, "contains") if simplified(part) not in read),
        *(f"{what} has “{part}”" for part in _listed(expected, "not_contains") if simplified(part) in read),
        *(
            f"{what} does not match /{part}/"
            for part in _listed(expected, "matches")
            if not re.search(part, actual, re.IGNORECASE | re.DOTALL)
        ),
    ]


def of_card(expected: Expected, card: Mapping[str, Any] | None) -> list[str]:
    """Why a card is not the one expected."""
    if expected is None:
        return []
    if card is None:
        return ["shows no card"]
    rows = {row["id"]: row["value"] for row in card["rows"]}
    return [
        *of_wording(expected.get("title"), card["title"], "title of the card"),
        *(f"card has no row {name}" for name in _listed(expected, "has_rows") if name not in rows),
        *(f"card has a row {name}" for name in _listed(expected, "lacks_rows") if name in rows),
        *(
            difference
            for name, wording in expected.get("rows", {}).items()
            for difference in of_wording(wording, rows.get(name), f"row {name}")
        ),
    ]


def of_case(expected: Expected, case: Mapping[str, Any] | None, received_at: str = "") -> list[str]:
    """Why a case is not the one expected.

    Args:
        expected: some of right, state, reference and due.
        case: as the contract has it.
        received_at: when it was asked for, as RFC 3339; what a due date is counted from.
    """
    if expected is None:
        return []
    if case is None:
        return ["shows no case"]
    differences = [
        f"{name} of the case is {case.get(name)}, not {expected[name]}"
        for name in ("right", "state", "reference")
        if name in expected and expected[name] != case.get(name)
    ]
    due = expected.get("due")
    if due is None:
        return differences
    if isinstance(due, str):
        return differences + (
            [] if due == case.get("due") else [f"the case is due {case.get('due')}, not {due}"]
        )
    days = (date.fromisoformat(str(case.get("due"))) - date.fromisoformat(received_at[:10])).days
    after, before = duration(due.get("after", "P0D")).days, duration(due.get("before", "P9999D")).days
    if not after < days < before:
        differences.append(f"the case is due after {days} days, not between {after} and {before}")
    return differences


def of_mail(expected: Mapping[str, Any], mail: Mapping[str, Any]) -> list[str]:
    """Why a mail is not the one expected."""
    to = ", ".join(mail["to"]) if isinstance(mail["to"], list) else str(mail["to"])
    differences = [
        *of_wording(expected.get("subject"), mail["subject"], "subject"),
        *of_wording(expected.get("text"), mail["text"], "text"),
    ]
    if "to" in expected and expected["to"].lower() not in to.lower():
        differences.append(f"goes to {to}, not to {expected['to']}")
    if "attachment" in expected:
        wanted = expected["attachment"]
        attempts = [
            [
                *of_wording(wanted.get("name"), attached["name"], "name of the attachment"),
                *of_wording(wanted.get("text"), attached["text"], "attachment"),
            ]
            for attached in mail["attachments"]
        ]
        differences += nearest(attempts, "has no attachment")
    return differences


def of_contact(expected: Expected, held: Mapping[str, Any], before: Mapping[str, Any]) -> list[str]:
    """Why the CRM does not hold of a contact what was expected.

    Args:
        expected: `unchanged`, or a mapping as `schema.json` has it.
        held: the contact now.
        before: the contact when the script began.
    """
    if isinstance(expected, str):
        return [] if held == before else [f"was {dict(before)}, is {dict(held)}"]
    fields = held.get("fields", {})
    preferences = held.get("preferences", {})
    differences = [
        *(
            difference
            for name, wording in expected.get("fields", {}).items()
            for difference in of_wording(wording, fields.get(name), name)
        ),
        *(f"still has {name}" for name in expected.get("lacks_fields", ()) if fields.get(name)),
        *(
            f"gets {topic} by {channel}: {preferences.get(topic, {}).get(channel, False)}, not {wanted}"
            for topic, channels in expected.get("preferences", {}).items()
            for channel, wanted in channels.items()
            if preferences.get(topic, {}).get(channel, False) != wanted
        ),
    ]
    if "state" in expected and held.get("state") != expected["state"]:
        differences.append(f"is {held.get('state')}, not {expected['state']}")
    if "other_emails" in expected and held.get("other_emails", []) != expected["other_emails"]:
        differences.append(f"has the other addresses {held.get('other_emails', [])}")
    if "tracked_emails" in expected and held.get("tracked_emails", 0) != int(expected["tracked_emails"]):
        differences.append(f"has {held.get('tracked_emails', 0)} tracked emails")
    return differences


def nearest(attempts: Sequence[list[str]], nothing: str) -> list[str]:
    """The attempt that came closest, or a sentence for when there was none to compare with.

    Args:
        attempts: the differences of each.
        nothing: what to say without any.
    """
    return sorted(attempts, key=len)[0] if attempts else [nothing]


def simplified(text: str) -> str:
    """A wording without what does not matter: letters' case, line breaks, kinds of quotes and dashes."""
    return " ".join(text.translate(TYPOGRAPHY).casefold().split())


def _of_offers(expected: Mapping[str, Any], offered: Sequence[str]) -> list[str]:
    missing = [name for name in expected.get("offers", ()) if name not in offered]
    differences = [f"does not offer {name} (but {', '.join(offered) or 'nothing'})" for name in missing]
    exactly = expected.get("offers_exactly")
    if exactly is not None and sorted(exactly) != sorted(offered):
        differences.append(
            f"offers {', '.join(offered) or 'nothing'}, not exactly {', '.join(exactly) or 'nothing'}"
        )
    return differences


def _listed(expected: Mapping[str, Any], name: str) -> list[str]:
    value = expected.get(name, [])
    return [value] if isinstance(value, str) else list(value)
