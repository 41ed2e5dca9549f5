"""What an agent sees of a message: words, with every privately given value under its placeholder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.conversations import log
from actions.conversations.models import Message, Turn
from actions.vault import services as vault

HIDDEN = "•••"
SHORTEST = 3


def veiled(session: Session, conversation_id: str, after: int, limit: int = 300) -> list[dict[str, Any]]:
    """The messages after a seq as an agent may see them, oldest first.

    A contact's words are shown as the engine got them; in everybody else's, known values are replaced. What
    a card tells the contact about their data is between them and us.
    """
    messages = log.after(session, conversation_id, after, limit)
    engine_texts = select(Turn.seq, Turn.engine_text).where(
        Turn.conversation_id == conversation_id, Turn.seq > after
    )
    turns = {row.seq: row.engine_text for row in session.execute(engine_texts)}
    names = {value: placeholder for (_, value), placeholder in vault.known(session, conversation_id).items()}
    return [_veiled(message, turns.get(message.seq, ""), names) for message in messages]


def without_values(text: str, names: Mapping[str, str], *, shortest: int = SHORTEST) -> str:
    """A text with every known value replaced by its placeholder, longest first.

    Args:
        text: what somebody said.
        names: placeholders by the values they stand for.
        shortest: values of fewer characters stay, since they stand in too many words.
    """
    known = sorted((value for value in names if len(value) >= shortest), key=len, reverse=True)
    if not known:
        return text
    anywhere = re.compile(r"(?<!\w)(?:" + "|".join(re.escape(value) for value in known) + r")(?!\w)", re.I)
    folded = {value.casefold(): placeholder for value, placeholder in names.items()}
    return anywhere.sub(lambda match: folded[match.group().casefold()], text)


def _veiled(message: Message, engine_text: str, names: Mapping[str, str]) -> dict[str, Any]:
    shown = log.render(message)
    if shown.get("erased"):
        return shown
    if message.sender == "contact" and engine_text and not engine_text.startswith("/"):
        shown["text"] = engine_text
    elif shown.get("text"):
        shown["text"] = without_values(shown["text"], names)
    if "card" in shown:
        rows = [{**row, "value": HIDDEN} for row in shown["card"]["rows"]]
        shown["card"] = {**shown["card"], "rows": rows}
    shown.pop("choices", None)
    shown.pop("ask", None)
    return shown
