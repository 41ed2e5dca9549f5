"""The shape of `data/policy`, and of an answer taken from it."""

from __future__ import annotations

import re
from datetime import date as Day
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

SENTENCES_AT_MOST = 3
WORDS_AT_MOST = 60
QUESTIONS_AT_LEAST = 8
NOT_TOLD_AT_LEAST = 30

SECTION = re.compile(r"[1-9]\d?(?:\.[1-9]\d?){0,3}(?:/[a-z][a-z_]*)?")
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)")


def _section(name: str) -> str:
    if not SECTION.fullmatch(name):
        raise ValueError(f"'{name}' is no section: write 9, 9.4 or 10.2.1, and a row of a table as 12/access")
    return name


def _short(text: str) -> str:
    if len(text.split()) > WORDS_AT_MOST:
        raise ValueError(f"it is too long: {len(text.split())} words, at most {WORDS_AT_MOST}")
    return _sentences(text)


def _few_sentences(text: str) -> str:
    count = len(_SENTENCE_END.findall(text))
    if count > SENTENCES_AT_MOST:
        raise ValueError(f"it is too long: {count} sentences, at most {SENTENCES_AT_MOST}")
    return _short(text)


def _sentences(text: str) -> str:
    if not text.endswith((".", "!", "?")):
        raise ValueError("it does not end as a sentence does")
    return text


Section = Annotated[str, AfterValidator(_section)]


class Part(BaseModel):
    """A part of a file: unknown keys are mistakes, and nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Approval(Part):
    """Who approved an answer, and when."""

    by: str = Field(min_length=1)
    date: Day


class Entry(Part):
    """One section as a file has it."""

    section: Section
    title: str = Field(min_length=1, max_length=60)
    policy_says: Annotated[str, AfterValidator(_short)]
    we_say: Annotated[str, AfterValidator(_few_sentences)]
    questions: tuple[Annotated[str, Field(min_length=1)], ...] = Field(min_length=QUESTIONS_AT_LEAST)
    next: tuple[str, ...] = Field(min_length=1)
    approved: Approval | None


class AnswersFile(Part):
    """A file of sections: the version of the policy that it answers for, and the answers."""

    version: str
    answers: tuple[Entry, ...]


class NotToldFile(Part):
    """`_not_told.yml`: what people ask and the policy does not tell."""

    questions: tuple[Annotated[str, Field(min_length=1)], ...] = Field(min_length=NOT_TOLD_AT_LEAST)


class PolicyAnswer(Part):
    """What one section answers.

    Attributes:
        key: the section, with its row if it is one of a table: `9.4`, `12/erasure`.
        section: the number that is cited: `9.4`, `12`.
        title: what it is about.
        policy_says: what the policy says, in our words.
        we_say: the whole answer; to be said only if it is approved.
        next: buttons that fit (`choices.yml`).
        version: the version of the policy that the answer was written for.
        url: where the policy is published.
        approved: who approved it and when; None when nobody did, or for another version of the policy.
    """

    key: str
    section: str
    title: str
    policy_says: str
    we_say: str
    next: tuple[str, ...]
    version: str
    url: str
    approved: Approval | None
