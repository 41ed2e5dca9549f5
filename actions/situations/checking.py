"""Finding what is malformed in `data/situations` before anybody meets it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from actions.policy.files import Source, Unreadable, read
from actions.situations.facts import HELPLINES, LANGUAGES, folder
from actions.situations.handling import HANDLING
from actions.situations.interfaces import HelplinesFile, LanguageLine, SituationFile
from actions.wording import organisation
from actions.wording.services import phrases

Content = TypeVar("Content")

LANGUAGE_CODE = re.compile(r"[a-z]{2}")
LANGUAGES_AT_LEAST = 10


@dataclass
class _Findings:
    """Problems by file and line, and the sentences seen so far: each stands once only."""

    problems: list[tuple[Path, int, str]] = field(default_factory=list)
    sentences: dict[str, str] = field(default_factory=dict)

    def add(self, source: Source, place: tuple[int | str, ...], message: str) -> None:
        self.problems.append((source.path, source.line(place), message))


def check(where: Path | None = None) -> list[str]:
    """Every mistake in the situations, as `file:line: what is wrong`; an empty list when there is none.

    Args:
        where: the folder to check; by default `situations` in the data folder.
    """
    place = where or folder()
    findings = _Findings()
    found = set()
    for path in sorted(place.glob("[!_]*.yml")):
        found.add(path.stem)
        _check_situation(path, findings)
    for name in sorted(set(HANDLING) - found):
        findings.problems.append((place / f"{name}.yml", 1, "the file is missing: nobody would recognise it"))
    _check_helplines(place / HELPLINES, findings)
    _check_languages(place / LANGUAGES, findings)
    return [f"{path}:{line}: {message}" for path, line, message in sorted(findings.problems)]


def _check_situation(path: Path, findings: _Findings) -> None:
    loaded = _loaded(path, TypeAdapter(SituationFile), findings)
    if loaded is None:
        return
    source, file = loaded
    if file.situation != path.stem:
        findings.add(source, ("situation",), f"the file of '{file.situation}' is called {file.situation}.yml")
    if path.stem not in HANDLING:
        known = ", ".join(sorted(HANDLING))
        findings.add(source, ("situation",), f"nothing follows from '{path.stem}'; there is {known}")
    elif f"situation.{path.stem}" not in phrases():
        message = f"'situation.{path.stem}' is missing in phrases/situations.yml"
        findings.add(source, ("situation",), message)
    for kind in ("examples", "ordinary"):
        for number, text in enumerate(getattr(file, kind)):
            for message in _sentence_problems(text, f"{path.name}:{source.line((kind, number))}", findings):
                findings.add(source, (kind, number), message)
    for number, pattern in enumerate(file.patterns):
        for message in _pattern_problems(pattern, file):
            findings.add(source, ("patterns", number), message)


def _sentence_problems(text: str, place: str, findings: _Findings) -> Iterator[str]:
    alike = " ".join(text.lower().rstrip("?!. ").split())
    if not alike:
        yield "there is nothing written here"
    elif (seen := findings.sentences.setdefault(alike, place)) != place:
        yield f"'{text}' stands at {seen} already"


def _pattern_problems(pattern: str, file: SituationFile) -> Iterator[str]:
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        yield f"this is no regular expression: {error}"
        return
    if pattern != pattern.lower() and re.search(r"(?<!\\)[A-Z]", pattern):
        yield "texts are searched in lower case, so no capital ever matches"
    if compiled.search(""):
        yield "this matches every text"
    for text in file.ordinary:
        if compiled.search(text.lower()):
            yield f"this matches what is ordinary: '{text}'"


def _check_helplines(path: Path, findings: _Findings) -> None:
    loaded = _loaded(path, TypeAdapter(HelplinesFile), findings)
    if loaded is not None and organisation().nation not in loaded[1].nations:
        findings.add(
            loaded[0], ("nations",), f"{organisation().nation}, the organisation's nation, is missing"
        )


def _check_languages(path: Path, findings: _Findings) -> None:
    loaded = _loaded(path, TypeAdapter(dict[str, LanguageLine]), findings)
    if loaded is None:
        return
    source, lines = loaded
    for code in lines:
        if not LANGUAGE_CODE.fullmatch(code) or code == "en":
            findings.add(source, (code,), f"'{code}' is no ISO 639-1 code of another language, such as 'pl'")
    if len(lines) < LANGUAGES_AT_LEAST:
        findings.add(
            source, (), f"there are {len(lines)} languages; at least {LANGUAGES_AT_LEAST} are needed"
        )


def _loaded(path: Path, adapter: TypeAdapter[Content], findings: _Findings) -> tuple[Source, Content] | None:
    try:
        source = read(path)
        return source, adapter.validate_python(source.content, strict=False)
    except FileNotFoundError:
        findings.problems.append((path, 1, "the file is missing"))
    except Unreadable as error:
        findings.problems.append((path, error.line, error.message))
    except ValidationError as error:
        for each in error.errors():
            findings.add(source, each["loc"], _said(each["loc"], each["msg"], each["type"]))
    return None


def _said(place: tuple[int | str, ...], message: str, kind: str) -> str:
    if kind == "string_type":
        return "this is no text; put it in quotation marks"
    names = [str(part) for part in place if isinstance(part, str) and part != "[key]"]
    plain = message.removeprefix("Value error, ")
    return f"'{names[-1]}': {plain[0].lower()}{plain[1:]}" if names else plain
