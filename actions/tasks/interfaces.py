"""What a contact's message means to the dialogue, and what a stage of a request is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from actions.tasks.context import Context

Outcome = Literal["wait", "next", "over"]


@dataclass(frozen=True)
class Request:
    """One thing asked for in a message, with what was said about it."""

    intent: str
    confidence: float = 1.0
    slots: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Given:
    """One turn's input, as the engine understood it.

    Attributes:
        intent: the engine's intent.
        choice: the button pressed, if one was.
        fields: placeholders by kind (`email`, `code`…), from typed fields or found in the text.
        requests: every request the message holds, in the order said.
        sections: policy sections the message may be about, best first.
        masked: kinds of what was taken out of the message before it was stored; see `actions.masking`.
        situations: what else turned up in the message; see `actions.situations`.
        language: the ISO 639-1 code of the language it is written in, where that is known.
    """

    intent: str
    choice: str | None = None
    fields: dict[str, str] = field(default_factory=dict)
    requests: tuple[Request, ...] = ()
    sections: tuple[str, ...] = ()
    masked: tuple[str, ...] = ()
    situations: tuple[str, ...] = ()
    language: str | None = None

    @property
    def slots(self) -> dict[str, Any]:
        """What was said about the first request."""
        return self.requests[0].slots if self.requests else {}


class Stage(Protocol):
    """One step of a request's dialogue."""

    def enter(self, context: Context) -> Outcome:
        """Begin, or begin again after an interruption: act, or ask for what is needed."""
        ...

    def receive(self, context: Context, given: Given) -> Outcome:
        """Take the answer to what was asked."""
        ...


@dataclass(frozen=True)
class Flow:
    """How an intent is served.

    Attributes:
        right: the right its case is about; None when no case is opened.
        stages: in order.
        rank: the safe order of several requests: stopping marketing first, erasure last.
    """

    right: str | None
    stages: tuple[Stage, ...]
    rank: int
