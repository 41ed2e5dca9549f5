"""Lets a program of the engine's environment read labelled messages, and takes the time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.engine.reader import EngineReader
from bot.evaluation.interfaces import Labelled, Read, Scored
from nlu.pseudonyms import Pseudonymiser, clean


class ReaderEnded(RuntimeError):
    """The program that reads has ended; its log says why."""


@dataclass(frozen=True)
class Prepared:
    """A labelled message as the engine sees it.

    Attributes:
        line: the message.
        hidden: its text with placeholders.
        altered: whether anything was hidden, and not merely tidied.
        seconds: how long hiding took.
    """

    line: Labelled
    hidden: str
    altered: bool
    seconds: float


def hide(lines: Iterable[Labelled], pseudonymiser: Pseudonymiser) -> list[Prepared]:
    """Put placeholders in place of personal data, as the gateway does before the engine sees a message."""
    prepared = []
    for line in lines:
        started = time.perf_counter()
        hidden = pseudonymiser.hide(line.text)
        seconds = time.perf_counter() - started
        prepared.append(Prepared(line, hidden.text, bool(hidden.found), seconds))
    return prepared


def read_hidden(
    reader: EngineReader, prepared: Sequence[Prepared], progress: Callable[[int], None] = lambda done: None
) -> list[Scored]:
    """Read every message with its placeholders.

    Args:
        reader: a program that answers in the published form.
        prepared: the messages.
        progress: told how many are done.

    Raises:
        ReaderEnded: the program ended.
    """
    scored = []
    for done, one in enumerate(prepared, start=1):
        scored.append(Scored(one.line, _ask(reader, one.hidden)))
        progress(done)
    return scored


def read_open(reader: EngineReader, prepared: Sequence[Prepared], hidden: Sequence[Scored]) -> list[Scored]:
    """Read again, as it was written, each message in which something was hidden.

    Args:
        reader: a program that answers in the published form.
        prepared: the messages.
        hidden: what `read_hidden` made of them, taken over where nothing was hidden.

    Raises:
        ReaderEnded: the program ended.
    """
    return [
        Scored(one.line, _ask(reader, clean(one.line.text))) if one.altered else before
        for one, before in zip(prepared, hidden, strict=True)
    ]


def _ask(reader: EngineReader, text: str) -> Read:
    started = time.perf_counter()
    answer = reader.ask(text)
    seconds = time.perf_counter() - started
    if answer is None:
        raise ReaderEnded
    return Read.of(answer, seconds)
