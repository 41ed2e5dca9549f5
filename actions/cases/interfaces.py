"""The vocabulary of cases, as the contract has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from actions.conversations.interfaces import CardRow

Right = Literal[
    "information",
    "access",
    "portability",
    "rectification",
    "erasure",
    "restriction",
    "objection",
    "marketing_objection",
    "opt_in",
    "consent_withdrawal",
    "complaint",
    "breach_report",
    "other",
]
CaseState = Literal[
    "draft",
    "awaiting_identity",
    "awaiting_clarification",
    "awaiting_approval",
    "scheduled",
    "in_progress",
    "fulfilled",
    "refused",
    "withdrawn",
    "expired",
]
Jurisdiction = Literal["uk", "eu", "other"]
NoteKind = Literal[
    "note", "question", "answer", "extension", "start", "hold", "task", "retention", "evidence"
]
LinkKind = Literal["same_message", "duplicate", "related"]
RIGHTS: tuple[Right, ...] = get_args(Right)
CASE_STATES: tuple[CaseState, ...] = get_args(CaseState)
JURISDICTIONS: tuple[Jurisdiction, ...] = get_args(Jurisdiction)
NOTE_KINDS: tuple[NoteKind, ...] = get_args(NoteKind)
CLOSED_STATES: frozenset[str] = frozenset({"fulfilled", "refused", "withdrawn", "expired"})
UNVERIFIED_STATES: tuple[CaseState, ...] = ("draft", "awaiting_identity")
OPEN_STATES: frozenset[str] = frozenset(CASE_STATES) - CLOSED_STATES


class ChangeRefused(Exception):
    """What somebody wanted done with a case cannot be done; the message is a sentence for an agent."""


class TransitionRefused(ChangeRefused):
    """A case cannot go from where it is to where it was told to; the message is a sentence for an agent."""


@dataclass(frozen=True)
class Explanation:
    """Why a case is due when it is, for a contact or an agent.

    Attributes:
        text: plain sentences.
        rows: the same step by step, each with the rule's source.
    """

    text: str
    rows: tuple[CardRow, ...]
