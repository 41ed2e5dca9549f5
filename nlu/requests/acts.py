"""What a clause does: ask for something, rule something out, suppose something, or tell something.

It is a second opinion beside the classifier of intents, which takes every text for a complete message and
so finds a request in each reason and in each refusal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from nlu.requests import words
from nlu.requests.clauses import clauses_of
from nlu.requests.lines import lines_of
from nlu.requests.marked_examples import MarkedExample

ASKS = "asks"
REFUSES = "refuses"
SUPPOSES = "supposes"
TELLS = "tells"
OTHERS = (REFUSES, SUPPOSES, TELLS)

_TAUGHT_BY_INTENTS = frozenset(
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
        "request_status",
        "source",
        "automated_decisions",
        "ask_policy",
        "ask_rights",
        "customers_customer",
        "contact_dpo",
        "account_help",
        "talk_to_human",
        "withdraw_request",
    }
)
_BEFORE = (
    "and ",
    "then ",
    "also ",
    "just ",
    "but ",
    "so ",
    "please ",
    "after that ",
    "only ",
    "first ",
    "second, ",
    "now ",
)
_AFTER = (" too", " as well", " instead", " please", " then", " meanwhile", ".", "!", " now", " thanks")
JOINED_ONE_IN = 3


class ActsUnreadable(ValueError):
    """The folder lacks one of the lists."""


def read_acts(folder: Path) -> list[tuple[str, str]]:
    """Read the clauses whose act is known.

    Args:
        folder: The folder with a text for each act, one clause a line, `#` before a note.

    Returns:
        Each clause with its act.

    Raises:
        ActsUnreadable: If a list is missing or empty.
    """
    texts = [(act, folder / f"{act}.txt") for act in (ASKS, *OTHERS)]
    found = [(clause, act) for act, path in texts if path.is_file() for _, clause in lines_of(path)]
    missing = [act for act in (ASKS, *OTHERS) if act not in {act for _, act in found}]
    if missing:
        raise ActsUnreadable(f"{folder}: there is nothing in {', '.join(f'{act}.txt' for act in missing)}")
    return found


def asking(requests: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Pick the requests that show how something is asked for: those of one clause.

    Args:
        requests: Texts with their intents.
    """
    for text, intent in requests:
        if intent in _TAUGHT_BY_INTENTS and len(clauses_of(text)) == 1:
            yield text


def acts_of(marked: Iterable[MarkedExample]) -> Iterator[tuple[str, str]]:
    """Return the clauses of marked messages, each with its act."""
    for example in marked:
        for clause, asks in example.clauses():
            ruled_out = words.RULED_OUT.search(clause.lower())
            yield clause, ASKS if asks else REFUSES if ruled_out else TELLS


def joined(clauses: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return some of the clauses as they stand beside others: "and …", "… instead".

    Args:
        clauses: Clauses with their acts.
    """
    found = []
    for number, (clause, act) in enumerate(clauses[::JOINED_ONE_IN]):
        before, after = _BEFORE[number % len(_BEFORE)], _AFTER[number // 2 % len(_AFTER)]
        found.append((before + clause if number % 2 else clause.rstrip(".!?") + after, act))
    return found
