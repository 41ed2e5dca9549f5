"""The shape of `masking.yml`."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from actions.wording.interfaces import Strict

MaskedKind = Literal["card", "password", "identity", "bank", "health"]
_ACTING = re.compile(r"\b(?:delet|eras|remov|stop|restrict|object|correct|cop(?:y|ies))", re.IGNORECASE)


def _lower(word: str) -> str:
    if word != word.lower().strip() or not word:
        raise ValueError(f"write '{word.lower().strip() or '…'}', in lower case and without blanks around it")
    return word


def _neutral(words: str) -> str:
    if found := _ACTING.search(words):
        raise ValueError(f"'{found.group()}…' would be read as a request; use other words")
    return words


Word = Annotated[str, AfterValidator(_lower)]


class Kind(Strict):
    """How one kind of masked detail is shown, spoken of and read."""

    label: str = Field(min_length=3, max_length=60, pattern=r"^\[.+\]$")
    said_as: str = Field(min_length=1, max_length=60)
    read_as: Annotated[str, AfterValidator(_neutral)] = Field(min_length=1, max_length=60)


class Health(Strict):
    """The words of health; see `nlu.pseudonyms.HealthWords`."""

    conditions: tuple[Word, ...]
    states: tuple[Word, ...]
    medicines: tuple[Word, ...]
    not_before: tuple[Word, ...]


class MaskingFile(Strict):
    """All of `masking.yml`."""

    kinds: dict[MaskedKind, Kind]
    health: Health

    @model_validator(mode="after")
    def _every_kind(self) -> Self:
        missing = set(MaskedKind.__args__) - set(self.kinds)  # type: ignore[attr-defined]
        if missing:
            raise ValueError(f"kinds are missing: {', '.join(sorted(missing))}")
        return self
