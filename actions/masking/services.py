"""Reading `masking.yml`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from actions.masking.interfaces import MaskingFile
from actions.policy.files import read
from actions.settings import get_settings
from actions.wording.interfaces import WordingError

if TYPE_CHECKING:
    from nlu.pseudonyms import Masking


def masking() -> Masking:
    """What the pseudonymiser needs to take details out of messages.

    Raises:
        WordingError: the file is missing or malformed; the message names the place.
    """
    # spaCy comes with it, which takes a second; who only speaks of what was masked does without.
    from nlu.pseudonyms import HealthWords, Masking

    file = _file()
    return Masking(
        labels={kind: words.label for kind, words in file.kinds.items()},
        read_as={kind: words.read_as for kind, words in file.kinds.items()},
        health=HealthWords(**{name: tuple(words) for name, words in dict(file.health).items()}),
    )


def check() -> None:
    """Read the file, so that a mistake in it is found before anybody writes.

    Raises:
        WordingError: the file is missing or malformed; the message names the line.
    """
    _file()


def said_as(kinds: Iterable[str]) -> str:
    """What was taken out, for the middle of a sentence: "card number and password".

    Args:
        kinds: of `nlu.pseudonyms.MASKED`; others are passed over.
    """
    known = {str(kind): words.said_as for kind, words in _file().kinds.items()}
    said = [known[kind] for kind in kinds if kind in known]
    return " and ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said)


def load(path: Path) -> MaskingFile:
    """Read such a file.

    Raises:
        WordingError: it is missing or malformed; the message names the line.
    """
    try:
        source = read(path)
        return MaskingFile.model_validate(source.content)
    except FileNotFoundError as error:
        raise WordingError(f"{path} is missing; restore it.") from error
    except ValidationError as error:
        first = error.errors()[0]
        named = ".".join(str(part) for part in first["loc"] if part != "[key]")
        message = first["msg"].removeprefix("Value error, ")
        raise WordingError(f"{path}:{source.line(first['loc'])}: {named}: {message}") from error


@lru_cache(maxsize=1)
def _file() -> MaskingFile:
    return load(get_settings().data / "masking.yml")
