"""What a message looks like, to everybody: the contract's `Message`, and the input of a turn."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, NotRequired, TypedDict

Sender = Literal["contact", "assistant", "agent", "system"]
AskedField = Literal["email", "code", "phone", "name", "value"]


class Choice(TypedDict):
    """A button."""

    id: str
    label: str
    style: NotRequired[str]


class Ask(TypedDict):
    """A typed field the assistant asks for; its contents are never shown again."""

    field: AskedField
    label: str


class CardRow(TypedDict):
    """One row of a card."""

    id: str
    label: str
    value: str


class Card(TypedDict):
    """A titled list of rows."""

    title: str
    rows: list[CardRow]


class CaseSummary(TypedDict):
    """What a contact sees of a case; `due` is an ISO date."""

    reference: str
    right: str
    state: str
    due: str


class Body(TypedDict, total=False):
    """The part of a message that is stored encrypted; absent keys are absent.

    `replaces` is the seq of an earlier message that was taken back or corrected, and is erased.
    """

    text: str | None
    choices: list[Choice]
    ask: Ask
    card: Card
    case: CaseSummary
    fields: list[str]
    choice: str
    agent: str
    replaces: int


@dataclass(frozen=True)
class TurnInput:
    """What a contact sent, exactly one of the three: `text` (already cleaned), `choice` or `fields`."""

    text: str | None = None
    choice: str | None = None
    fields: dict[str, str] = field(default_factory=dict)

    def canonical(self) -> dict[str, Any]:
        """The content as plain data, to compare a repeated key by."""
        if self.text is not None:
            return {"text": self.text}
        return (
            {"choice": self.choice}
            if self.choice is not None
            else {"fields": dict(sorted(self.fields.items()))}
        )


class ConversationError(Exception):
    """A request about a conversation that cannot be served; carries the contract's status and code."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
