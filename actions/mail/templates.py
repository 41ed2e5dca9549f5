"""Letters' templates: `mail/<id>.yml` in the data folder, with a subject, a text and the values they need.

Placeholders are `{name}` or `{name:format}`; the organisation's facts are known to every template as
`{organisation.brand}` and so on. Nothing is ever silently blank: a value that is missing, and one that is
given but has no place, are both errors. `_closing.yml` holds the lines that end every letter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field

from actions.mail import layout
from actions.mail.formats import written
from actions.mail.interfaces import TemplateError
from actions.settings import get_settings
from actions.wording import organisation

OURS = "organisation"
CLOSING = "_closing"


class Template(BaseModel):
    """A template's file.

    Attributes:
        version: raised whenever the wording changes, so that a case's letter can be told from a later one.
        values: the names of what the letter is given.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int = Field(ge=1)
    values: tuple[str, ...] = ()
    subject: str = Field(min_length=1)
    text: str = Field(min_length=1)


class Closing(BaseModel):
    """The lines that end every letter."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str = Field(min_length=1)


@dataclass(frozen=True)
class Rendered:
    """A letter's words."""

    subject: str
    text: str
    html: str


def folder() -> Path:
    """Where the templates are."""
    return get_settings().data / "mail"


def template_ids() -> list[str]:
    """The ids of all templates."""
    return sorted(path.stem for path in folder().glob("*.yml") if not path.stem.startswith("_"))


def version(template: str) -> int:
    """The version of a template's wording.

    Raises:
        TemplateError: there is no such template.
    """
    return _loaded(folder() / f"{template}.yml").version


def render(template: str, values: Mapping[str, object]) -> Rendered:
    """Fill a template.

    Args:
        template: its id.
        values: exactly what it names under `values`.

    Raises:
        TemplateError: there is no such template, it is wrong, or the values are not those it needs.
    """
    loaded = _loaded(folder() / f"{template}.yml")
    closing = _closing(folder() / f"{CLOSING}.yml")
    _require(template, loaded, values)

    def look(name: str, form: str) -> str:
        return written(_ours(name) if name.startswith(f"{OURS}.") else values[name], form)

    subject = layout.filled(loaded.subject, look)
    if not subject.isprintable():
        raise TemplateError(f"the subject of '{template}' would hold a line break or a control character")
    parts = layout.paragraphs(loaded.text) + layout.paragraphs(closing.text)
    return Rendered(subject, layout.plain(parts, look), layout.html(subject, parts, look))


def blanks(template: Template) -> set[str]:
    """The names a template's subject and text have places for, the organisation's facts apart."""
    found = layout.names(template.subject) + layout.names(template.text)
    return {name for name, _form in found if not name.startswith(f"{OURS}.")}


@lru_cache(maxsize=64)
def _loaded(path: Path) -> Template:
    return Template.model_validate(_content(path))


@lru_cache(maxsize=4)
def _closing(path: Path) -> Closing:
    return Closing.model_validate(_content(path))


def _content(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise TemplateError(f"there is no template {path}") from None


def _require(name: str, template: Template, values: Mapping[str, object]) -> None:
    needed = blanks(template)
    if missing := needed - set(values):
        raise TemplateError(f"the template '{name}' is not given {', '.join(sorted(missing))}")
    if unused := set(values) - needed:
        raise TemplateError(f"the template '{name}' has no place for {', '.join(sorted(unused))}")


def _ours(name: str) -> object:
    value: object = organisation()
    for part in name.split(".")[1:]:
        if not isinstance(value, BaseModel) or part not in type(value).model_fields:
            raise TemplateError(f"the organisation has no '{name.removeprefix(OURS + '.')}'")
        value = getattr(value, part)
    return value
