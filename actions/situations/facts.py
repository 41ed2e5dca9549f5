"""Helplines and lines in other languages, read from `data/situations`."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from actions.policy.files import read
from actions.settings import get_settings
from actions.situations.interfaces import Helplines, HelplinesFile, LanguageLine
from actions.wording import organisation
from actions.wording.interfaces import WordingError

HELPLINES = "_helplines.yml"
LANGUAGES = "_languages.yml"

Content = TypeVar("Content")


def folder() -> Path:
    """Where the situations are."""
    return get_settings().data / "situations"


def helplines() -> Helplines:
    """Who helps at once, where the organisation is.

    Raises:
        WordingError: the file is malformed, or has none for this nation.
    """
    found = _helplines().nations.get(organisation().nation)
    if found is None:
        raise WordingError(f"{folder() / HELPLINES} has no helplines for the nation {organisation().nation}.")
    return found


def line_in(language: str) -> str | None:
    """What is said in another language, by its ISO 639-1 code; None where we have no words."""
    found = _languages().get(language)
    return found.line if found else None


def load(path: Path, adapter: TypeAdapter[Content]) -> Content:
    """Read one of the files.

    Raises:
        WordingError: it is missing or malformed; the message names the line.
    """
    try:
        source = read(path)
        return adapter.validate_python(source.content)
    except FileNotFoundError as error:
        raise WordingError(f"{path} is missing; restore it.") from error
    except ValidationError as error:
        first = error.errors()[0]
        named = ".".join(str(part) for part in first["loc"] if part != "[key]")
        raise WordingError(f"{path}:{source.line(first['loc'])}: {named}: {first['msg']}") from error


@lru_cache(maxsize=1)
def _helplines() -> HelplinesFile:
    return load(folder() / HELPLINES, TypeAdapter(HelplinesFile))


@lru_cache(maxsize=1)
def _languages() -> dict[str, LanguageLine]:
    return load(folder() / LANGUAGES, TypeAdapter(dict[str, LanguageLine]))
