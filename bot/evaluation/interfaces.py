"""What is measured: a labelled message, what was made of it, and what was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

POLICY = "policy"
"""The category whose expectation is a section of the policy."""

NOT_TOLD = "none"
"""The expectation of a policy question that the policy does not answer."""

OUT_OF_SCOPE = "out_of_scope"

CATEGORIES = (
    "plain",
    "typo",
    "messy",
    "negation",
    "hypothetical",
    "third_party",
    "several",
    "letter",
    OUT_OF_SCOPE,
    POLICY,
)
"""The usual ones, in the order in which they are shown; labelled text may have others."""

GRAVE = frozenset({"erase", "restrict", "object", "withdraw_consent"})
"""What must never start unasked."""

RIGHTS = frozenset(
    {
        "access",
        "portability",
        "rectify",
        "erase",
        "restrict",
        "object",
        "opt_out",
        "opt_in",
        "withdraw_consent",
        "complaint",
        "report_breach",
    }
)
"""Intents that open a case of a right; a plain one of them should be acted on, not asked about."""


@dataclass(frozen=True)
class Labelled:
    """One line of a labelled file.

    Attributes:
        file: the file's name.
        number: the line's, from 1.
        category: what kind of text it is.
        alternatives: each of them a complete right answer: requests in the order said, or one section.
        text: the message.
    """

    file: str
    number: int
    category: str
    alternatives: tuple[tuple[str, ...], ...]
    text: str

    @property
    def place(self) -> str:
        """Where it stands."""
        return f"{self.file}:{self.number}"


@dataclass(frozen=True)
class Read:
    """What was made of a message.

    Attributes:
        decision: `act`, `ask`, `inform` or `talk`.
        intents: names, in the order printed.
        confidence: of the first of them.
        sections: of the policy, best first.
        out_of_scope: how likely it is, from 0 to 1.
        seconds: how long the reading took.
    """

    decision: str
    intents: tuple[str, ...]
    confidence: float
    sections: tuple[str, ...]
    out_of_scope: float
    seconds: float

    @classmethod
    def of(cls, answer: Mapping[str, Any], seconds: float) -> Read:
        """Take what counts out of the understanding in the published form."""
        intents = answer["intents"]
        return cls(
            decision=answer["decision"],
            intents=tuple(intent["name"] for intent in intents),
            confidence=float(intents[0]["confidence"]) if intents else 0.0,
            sections=tuple(section["section"] for section in answer["sections"]),
            out_of_scope=float(answer["out_of_scope"]),
            seconds=seconds,
        )

    @property
    def requests(self) -> tuple[str, ...]:
        """What it was taken for: where the contact would be asked, what they would be offered first."""
        return self.intents[:1] if self.decision == "ask" else self.intents


@dataclass(frozen=True)
class Scored:
    """A labelled message beside what was made of it."""

    line: Labelled
    read: Read


@dataclass(frozen=True)
class Category:
    """The figures of one category.

    Attributes:
        name: its name.
        lines: how many lines it has.
        right: on how many what it was taken for is right.
        unasked: on how many of those nothing would be asked.
        in_order: on how many the requests stand in the order said too.
        macro_f1: mean F1 over the intents that it expects; None for the policy.
    """

    name: str
    lines: int
    right: int
    unasked: int
    in_order: int
    macro_f1: float | None

    @property
    def accuracy(self) -> float:
        """The share that is right."""
        return self.right / self.lines


@dataclass(frozen=True)
class Retrieval:
    """How well sections of the policy are found: counts of lines."""

    told: int
    first: int
    first_three: int
    untold: int
    nothing_given: int


@dataclass(frozen=True)
class Point:
    """Coverage and accuracy where only what is at least as sure as the threshold is taken."""

    threshold: float
    covered: float
    right: float


@dataclass(frozen=True)
class Bin:
    """Readings of about the same confidence: how sure they were, and how many of them were right."""

    lines: int
    confidence: float
    right: float


@dataclass(frozen=True)
class Figures:
    """Everything that follows from the answers alone."""

    lines: int
    categories: tuple[Category, ...]
    accuracy: float
    macro_f1: float
    acted: int
    rights: int
    unsafe: tuple[Scored, ...]
    retrieval: Retrieval
    auroc: float | None
    coverage: tuple[Point, ...]
    calibration: tuple[Bin, ...]
    calibration_error: float
    confusion: Mapping[tuple[str, str], int] = field(repr=False)


@dataclass(frozen=True)
class Speed:
    """How long something took, in milliseconds, over so many messages."""

    messages: int
    median: float
    p95: float


@dataclass(frozen=True)
class Fit:
    """What fitting a model took.

    Attributes:
        seconds: on the wall clock.
        processor_seconds: of all processors together; hardly changed by what else the machine does.
        examples: how many were learnt from.
        load: of the machine at the end, processes wanting a processor.
    """

    seconds: float
    processor_seconds: float
    examples: int
    load: float


@dataclass(frozen=True)
class Engine:
    """The running engine.

    Attributes:
        ready_seconds: from its start to its being ready, warmed up.
        memory_mb: resident, after it has read the messages; None where the system does not tell.
        parsing: one message, asked for over HTTP.
    """

    ready_seconds: float
    memory_mb: float | None
    parsing: Speed


@dataclass(frozen=True)
class Hiding:
    """What hiding personal data does to the understanding.

    Attributes:
        altered: in how many lines something was hidden.
        accuracy_without: of all but the policy, when nothing is hidden.
        lost: how many lines are right only without.
        gained: how many are right only with it.
        speed: of hiding one message.
    """

    altered: int
    accuracy_without: float
    lost: int
    gained: int
    speed: Speed


@dataclass(frozen=True)
class Compared:
    """Rasa's default pipeline, on the same lines and from the same examples.

    Attributes:
        epochs: how often it went through the examples; 100 unless it was stopped before.
    """

    figures: Figures
    fit: Fit
    reading: Speed
    epochs: int = 100


@dataclass(frozen=True)
class Circumstances:
    """What the figures hold for: the day, the machine, the versions, the data."""

    date: str
    machine: str
    load: str
    versions: Mapping[str, str]
    model: str
    data: str
    source: str
    seen: int


@dataclass(frozen=True)
class Report:
    """A whole evaluation."""

    circumstances: Circumstances
    figures: Figures
    reading: Speed
    hiding: Hiding
    fit: Fit | None
    engine: Engine | None
    compared: Compared | None
