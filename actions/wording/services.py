"""Loading and rendering words; a mistake in a file is an error that names it, never a silent blank."""

from __future__ import annotations

import string
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError

from actions.conversations.interfaces import AskedField
from actions.conversations.offers import Option
from actions.settings import get_settings
from actions.wording.interfaces import ChoiceText, IdentityRules, Organisation, Topics, WordingError

Model = TypeVar("Model", bound=BaseModel)
Kind = TypeVar("Kind")


def read_yaml(name: str) -> Any:
    """The content of a file of the data folder.

    Args:
        name: its path inside the folder.

    Raises:
        WordingError: the file is missing or is not YAML.
    """
    path = get_settings().data / name
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise WordingError(f"{path} is missing; restore it.") from error
    except yaml.YAMLError as error:
        raise WordingError(f"{path} is not valid YAML: {error}") from error


@lru_cache(maxsize=1)
def organisation() -> Organisation:
    """Who the assistant speaks for."""
    return load("organisation.yml", Organisation)


@lru_cache(maxsize=1)
def topics() -> Topics:
    """What may be sent, and how."""
    return load("topics.yml", Topics)


@lru_cache(maxsize=1)
def identity_rules() -> IdentityRules:
    """What each right needs, and how codes behave."""
    return load("identity.yml", IdentityRules)


@lru_cache(maxsize=1)
def choices() -> dict[str, ChoiceText]:
    """Every button by its key, `id` or `id.variant`."""
    return _adapt("choices.yml", TypeAdapter(dict[str, ChoiceText]))


@lru_cache(maxsize=1)
def phrases() -> dict[str, str]:
    """Every phrase by its id, from all files of `phrases/`."""
    found: dict[str, str] = {}
    for path in sorted((get_settings().data / "phrases").glob("*.yml")):
        for name, text in _adapt(f"phrases/{path.name}", TypeAdapter(dict[str, str])).items():
            if name in found:
                raise WordingError(f"{path}: the phrase '{name}' stands in another file too; keep one.")
            found[name] = " ".join(text.split(" ")).strip()
    return found


@lru_cache(maxsize=1)
def escapes() -> frozenset[str]:
    """Replies that are never taken for the value asked for."""
    return frozenset(_adapt("escapes.yml", TypeAdapter(list[str])))


def placeholders(text: str) -> set[str]:
    """The names in braces of a text.

    Raises:
        ValueError: a brace is not closed.
    """
    return {name.split(".")[0] for _, name, _, _ in string.Formatter().parse(text) if name}


def phrase(name: str, /, **values: object) -> str:
    """A phrase with its blanks filled; `organisation` is always known to it.

    Args:
        name: the phrase's id.
        values: what its blanks need.

    Raises:
        WordingError: there is no such phrase, or a blank has no value.
    """
    text = phrases().get(name)
    if text is None:
        raise WordingError(f"No phrase '{name}' in {get_settings().data / 'phrases'}.")
    missing = placeholders(text) - set(values) - {"organisation"}
    if missing:
        raise WordingError(f"The phrase '{name}' has blanks nobody fills: {', '.join(sorted(missing))}.")
    return text.format(organisation=organisation(), **values)


def option(key: str) -> Option:
    """A button by its key.

    Raises:
        WordingError: there is no such button.
    """
    found = choices().get(key)
    if found is None:
        raise WordingError(f"No choice '{key}' in {get_settings().data / 'choices.yml'}.")
    return Option(key.partition(".")[0], found.label, found.style, found.send, found.typed)


def options(*keys: str) -> tuple[Option, ...]:
    """Several buttons, in order."""
    return tuple(option(key) for key in keys)


def ask_label(field: AskedField) -> str:
    """The label of a typed field."""
    return phrase(f"ask.{field}")


def load(name: str, model: type[Model]) -> Model:
    """A file of the data folder as what it holds; for capabilities with data of their own.

    Args:
        name: its path inside the folder.
        model: the shape it must have.

    Raises:
        WordingError: the file is missing or wrong; the message names the place.
    """
    return _adapt(name, TypeAdapter(model))


def _adapt(name: str, adapter: TypeAdapter[Kind]) -> Kind:
    try:
        return adapter.validate_python(read_yaml(name))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise WordingError(f"{get_settings().data / Path(name)}, at '{where}': {first['msg']}.") from error
