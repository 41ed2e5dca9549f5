"""Finding what is wrong with the templates before anybody is sent one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ValidationError

from actions.mail import layout, templates
from actions.mail.formats import FORMATS
from actions.wording import organisation


@dataclass(frozen=True, order=True)
class Problem:
    """A mistake and where it stands."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


def check(folder: Path | None = None) -> list[Problem]:
    """Every mistake in the templates of a folder, by file and line; an empty list when there is none.

    Args:
        folder: by default `mail` in the data folder.
    """
    where = folder or templates.folder()
    found = [problem for path in sorted(where.glob("*.yml")) for problem in _problems(path)]
    closing = where / f"{templates.CLOSING}.yml"
    if not closing.exists():
        found.append(Problem(closing, 1, "the file is missing: it holds the lines that end every letter"))
    return sorted(found)


def _problems(path: Path) -> list[Problem]:
    source = path.read_text(encoding="utf-8")
    model: type[BaseModel] = templates.Closing if path.stem == templates.CLOSING else templates.Template
    try:
        content = yaml.safe_load(source)
        loaded = model.model_validate(content)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return [Problem(path, line, f"this is not YAML: {error.problem}")]
    except ValidationError as error:
        return [
            Problem(path, _line_of_key(source, each["loc"]), _said(each["loc"], each["msg"]))
            for each in error.errors()
        ]
    found = _placeholder_problems(path, source)
    if not found and isinstance(loaded, templates.Template):
        found = _value_problems(path, source, loaded)
    return found


def _placeholder_problems(path: Path, source: str) -> list[Problem]:
    found = []
    for number, line in enumerate(source.splitlines(), 1):
        if line.lstrip().startswith("#"):
            continue
        try:
            named = layout.names(line)
        except ValueError as error:
            found.append(Problem(path, number, str(error)))
            continue
        for name, form in named:
            if form not in FORMATS:
                found.append(
                    Problem(path, number, f"there is no format '{form}'; there are {', '.join(FORMATS[1:])}")
                )
            if name.startswith(f"{templates.OURS}.") and not _known(name):
                found.append(Problem(path, number, f"the organisation has no '{name.partition('.')[2]}'"))
    return found


def _value_problems(path: Path, source: str, template: templates.Template) -> list[Problem]:
    used, declared = templates.blanks(template), set(template.values)
    missing = [
        Problem(path, _line_of_blank(source, name), f"'{name}' is not among the values")
        for name in sorted(used - declared)
    ]
    unused = [
        Problem(
            path, _line_of_key(source, ("values",)), f"the value '{name}' has no place in subject or text"
        )
        for name in sorted(declared - used)
    ]
    return missing + unused


def _known(name: str) -> bool:
    value: object = organisation()
    for part in name.split(".")[1:]:
        value = getattr(value, part, None)
    return isinstance(value, str)


def _said(where: tuple[int | str, ...], message: str) -> str:
    name = ".".join(str(part) for part in where)
    return f"'{name}': {message[0].lower()}{message[1:]}" if name else message


def _line_of_key(source: str, where: tuple[int | str, ...]) -> int:
    found = re.search(rf"^{re.escape(str(where[0]))}\s*:", source, re.MULTILINE) if where else None
    return source.count("\n", 0, found.start()) + 1 if found else 1


def _line_of_blank(source: str, name: str) -> int:
    found = re.search(rf"\{{{re.escape(name)}[:}}]", source)
    return source.count("\n", 0, found.start()) + 1 if found else 1
