"""Finding what is malformed in the answers before anybody is given one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from actions.policy.files import NOT_TOLD, Source, Unreadable, answer_files, folder, read
from actions.policy.interfaces import AnswersFile, Entry, NotToldFile
from actions.wording import organisation
from actions.wording.services import choices, placeholders

File = TypeVar("File", bound=BaseModel)


@dataclass
class _Findings:
    """Problems by file and line, and what was seen so far: a section or a question stands once only."""

    approvals: bool
    problems: list[tuple[Path, int, str]] = field(default_factory=list)
    sections: dict[str, str] = field(default_factory=dict)
    questions: dict[str, str] = field(default_factory=dict)

    def add(self, source: Source, place: tuple[int | str, ...], message: str) -> None:
        self.problems.append((source.path, source.line(place), message))

    def once(
        self, seen: dict[str, str], name: str, source: Source, place: tuple[int | str, ...], what: str
    ) -> None:
        if name in seen:
            self.add(source, place, f"the {what} '{name}' stands at {seen[name]} already")
        else:
            seen[name] = f"{source.path.name}:{source.line(place)}"


def check(where: Path | None = None, *, approvals: bool = True) -> list[str]:
    """Every mistake in the answers, as `file:line: what is wrong`; an empty list when there is none.

    Args:
        where: the folder to check; by default `policy` in the data folder.
        approvals: whether answers that were approved for another version of the policy are a mistake too;
            they do no harm, since they count as not approved.
    """
    place = where or folder()
    findings = _Findings(approvals=approvals)
    files = answer_files(place)
    if not files:
        findings.problems.append((place, 1, "there is no file with answers"))
    for path in files:
        _check_answers(path, findings)
    _check_not_told(place / NOT_TOLD, findings)
    return [f"{path}:{line}: {message}" for path, line, message in sorted(findings.problems)]


def _check_answers(path: Path, findings: _Findings) -> None:
    source, file = _loaded(path, AnswersFile, findings)
    if source is None or file is None:
        return
    current = organisation().policy_version
    if findings.approvals and file.version != current:
        message = f"the answers are for version {file.version} of the policy, which is now {current}"
        findings.add(source, ("version",), f"{message}: approve them again")
    for index, entry in enumerate(file.answers):
        _check_entry(source, index, entry, findings)


def _check_entry(source: Source, index: int, entry: Entry, findings: _Findings) -> None:
    place = ("answers", index)
    findings.once(findings.sections, entry.section, source, (*place, "section"), "section")
    for number, key in enumerate(entry.next):
        if key not in choices():
            findings.add(source, (*place, "next", number), f"choices.yml has no choice '{key}'")
    for number, question in enumerate(entry.questions):
        findings.once(
            findings.questions, _read_alike(question), source, (*place, "questions", number), "question"
        )
    for name in ("policy_says", "we_say"):
        for message in _blank_problems(getattr(entry, name)):
            findings.add(source, (*place, name), message)


def _check_not_told(path: Path, findings: _Findings) -> None:
    if not path.is_file():
        findings.problems.append(
            (path, 1, "the file is missing: it holds questions that the policy does not answer")
        )
        return
    source, file = _loaded(path, NotToldFile, findings)
    if source is None or file is None:
        return
    for number, question in enumerate(file.questions):
        findings.once(findings.questions, _read_alike(question), source, ("questions", number), "question")


def _loaded(path: Path, model: type[File], findings: _Findings) -> tuple[Source | None, File | None]:
    try:
        source = read(path)
    except Unreadable as error:
        findings.problems.append((path, error.line, error.message))
        return None, None
    try:
        return source, model.model_validate(source.content)
    except ValidationError as error:
        for each in error.errors():
            findings.add(source, each["loc"], _said(each["loc"], each["msg"]))
        return source, None


def _said(place: tuple[int | str, ...], message: str) -> str:
    names = [str(part) for part in place if isinstance(part, str)]
    plain = message.removeprefix("Value error, ")
    return f"'{names[-1]}': {plain[0].lower()}{plain[1:]}" if names else plain


def _blank_problems(text: str) -> Iterator[str]:
    try:
        unknown = placeholders(text) - {"organisation"}
        text.format(organisation=organisation(), **dict.fromkeys(unknown, ""))
    except (ValueError, AttributeError, IndexError, KeyError) as error:
        yield f"a brace is wrong: {error}"
        return
    for name in sorted(unknown):
        yield f"nobody fills '{{{name}}}'; there is {{organisation.…}}"


def _read_alike(question: str) -> str:
    return " ".join(question.lower().rstrip("?!. ").split())
