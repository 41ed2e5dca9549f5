"""A failure as somebody who did not write the code can read it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.converse.demo import Message


class Failed(Exception):
    """A script was not played as written.

    Attributes:
        path: the script.
        line: of the step.
        expected: what the step wanted.
        reasons: what was different.
    """

    def __init__(
        self,
        *,
        path: Path,
        line: int,
        expected: str,
        reasons: Sequence[str],
        transcript: Sequence[str],
        state: Mapping[str, Any],
        mail: Sequence[Mapping[str, Any]],
    ) -> None:
        self.path = path
        self.line = line
        self.expected = expected
        self.reasons = list(reasons)
        self._transcript = transcript
        self._state = state
        self._mail = mail
        super().__init__(self.render())

    def render(self) -> str:
        """All of it, over several lines."""
        return "\n".join(
            [
                f"{self.path}:{self.line}:",
                f"  - {self.expected}",
                *(f"  + {reason}" for reason in self.reasons),
                "",
                "  Since the contact spoke last:",
                *(f"    {line}" for line in self._transcript or ["(nothing was said)"]),
                "",
                *(f"  {line}" for line in summary(self._state, self._mail)),
            ]
        )


def expectation(kind: str, content: Any) -> str:
    """A step on one line, as YAML that could stand in a script."""
    return f"{kind}: {content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)}"


def story(messages: Sequence[Message]) -> list[str]:
    """Messages as a transcript."""
    return [line for message in messages for line in _told(message)]


def said(message: Message) -> str:
    """A message in one line."""
    return " ".join(part.strip() for part in _told(message))


def _told(message: Message) -> Iterator[str]:
    text = message.get("text") or ""
    if "fields" in message:
        text += f"{{ {', '.join(message['fields'])} }}"
    if "choice" in message:
        text += f"[ {message['choice']} ]"
    yield f"{message['from']}: {text}".rstrip()
    if "card" in message:
        yield f"  ⎡ {message['card']['title']}"
        for row in message["card"]["rows"]:
            yield f"  ⎢ {row['id']}: {row['value']}"
    if "ask" in message:
        yield f"  {{ {message['ask']['field']} }}"
    if message.get("choices"):
        yield "  " + " ".join(f"[ {choice['id']}: {choice['label']} ]" for choice in message["choices"])
    if "case" in message:
        case = message["case"]
        yield f"  case {case['reference']}: {case['right']}, {case['state']}, due {case['due']}"


def summary(state: Mapping[str, Any], mail: Sequence[Mapping[str, Any]]) -> list[str]:
    """The demo's state in a few lines."""
    cases = [f"{case['reference']} {case['right']} {case['state']}" for case in state.get("cases", ())]
    letters = [f"“{each['subject']}” to {_recipient(each)}" for each in mail]
    return [f"Cases: {', '.join(cases) or 'none'}", f"Mail: {', '.join(letters) or 'none'}"]


def _recipient(mail: Mapping[str, Any]) -> str:
    return ", ".join(mail["to"]) if isinstance(mail["to"], list) else str(mail["to"])
