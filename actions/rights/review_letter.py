"""What the letter after an agent's review says: what is sent, what is left out and why, where was looked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from actions.cases import services as cases
from actions.cases.models import Case
from actions.mail.interfaces import Attachment
from actions.rights import grounds, sources
from actions.rights.models import ReviewItem
from actions.wording import phrase


def attachments(found: list[ReviewItem]) -> tuple[Attachment, ...]:
    """What the contact gets, in one file; none when nothing is left to be sent."""
    shown = [_as_text(item) for item in found if item.verdict in ("kept", "redacted")]
    if not shown:
        return ()
    return (Attachment("your-data.txt", "text/plain", ("\n" + "-" * 72 + "\n\n").join(shown)),)


def _as_text(item: ReviewItem) -> str:
    head = [item.title or "", _on(item.at), phrase(f"review.source.{_kind(item)}")]
    body = item.text if item.verdict == "kept" else item.shown
    return "\n".join(line for line in head if line) + f"\n\n{body}\n"


def _kind(item: ReviewItem) -> str:
    return item.source if item.source in ("crm", "helpdesk", "chats") else "other"


def _on(at: datetime | None) -> str:
    return f"{at:%-d %B %Y}" if at else ""


def sent(found: list[ReviewItem]) -> str:
    """How many texts are sent, in words."""
    count = sum(item.verdict in ("kept", "redacted") for item in found)
    name = "review.sent.one" if count == 1 else "review.sent.many" if count else "review.sent.none"
    return phrase(name, count=count)


def left_out(found: list[ReviewItem]) -> list[str]:
    """What was left out, counted by its ground: how much, and why (UK GDPR Art. 12(4))."""
    told = []
    for verdict in ("redacted", "withheld"):
        for name, ground in grounds.grounds().exemptions.items():
            count = sum(item.verdict == verdict and item.exemption == name for item in found)
            if count:
                text = phrase(f"review.{verdict}", count=count, why=ground.says, source=ground.source)
                told.append(f"- {text}")
    return told


def searched(session: Session, case: Case) -> list[str]:
    """Where people looked, and whether there was anything."""
    return [
        "- "
        + phrase(
            "review.searched",
            source=sources.sources()[each.source].label,
            result=phrase("review.something" if each.found else "review.nothing"),
        )
        for each in cases.searches_of(session, case)
        if each.searched and isinstance(sources.sources().get(each.source), sources.Manual)
    ]
