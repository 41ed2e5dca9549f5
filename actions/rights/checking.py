"""Finding what is wrong in the data of the rights before anything runs: sources, grounds, proofs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from actions import policy
from actions.cases.interfaces import RIGHTS
from actions.policy.files import Place, Source, Unreadable, read
from actions.rights import erasure_plan, grounds, search, sources
from actions.settings import get_settings
from actions.wording.interfaces import STRENGTH, IdentityRules, Proof, ProofByRisk, WordingError
from actions.wording.services import choices, placeholders

IDENTITY = "identity.yml"
# What the law and our own rules leave no choice about.
NEVER_PROVEN = ("marketing_objection", "consent_withdrawal", "complaint", "breach_report")
ALWAYS_PROVEN = (
    "information",
    "access",
    "portability",
    "rectification",
    "erasure",
    "restriction",
    "objection",
    "opt_in",
)
NEVER_DELAYED = ("information", "access", "portability")
RISKS = ("ordinary", "agreement", "doubtful")
KNOWN_TO_TASKS = {"reference"}

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, order=True)
class Problem:
    """A mistake, and where it stands."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{get_settings().data / self.file}:{self.line}: {self.message}"


def check() -> list[str]:
    """Every mistake in `sources.yml`, `grounds.yml` and `identity.yml`, as `file:line: what is wrong`."""
    found = [*_sources(), *_grounds(), *_identity()]
    return [str(problem) for problem in sorted(found)]


def _sources() -> Iterator[Problem]:
    source, file, problems = _loaded(sources.FILE, sources.Sources)
    yield from problems
    if source is None or file is None:
        return
    for name in search.LOOKS:
        if name not in file.sources:
            yield _problem(source, ("sources",), f"'{name}' is missing: the assistant looks there itself")
    for name, each in file.sources.items():
        place: Place = ("sources", name)
        if each.reach == "connected" and name not in search.LOOKS:
            known = ", ".join(search.LOOKS)
            message = f"nobody knows how to look in '{name}': make it manual, or choose among {known}"
            yield _problem(source, (*place, "reach"), message)
        if each.reach != "connected" and name in search.LOOKS:
            message = f"the assistant looks in '{name}' itself, so it must be connected"
            yield _problem(source, (*place, "reach"), message)
        if not _is_section(each.policy):
            message = f"the policy's answers have no section {each.policy}"
            yield _problem(source, (*place, "policy"), message)
        if isinstance(each, sources.Manual):
            for purpose, text in each.tasks.items():
                yield from _of_blanks(source, (*place, "tasks", purpose), text)


def _grounds() -> Iterator[Problem]:
    source, file, problems = _loaded(grounds.FILE, grounds.Grounds)
    yield from problems
    if source is None or file is None:
        return
    for name in (erasure_plan.AGREEMENT, "request_record", "no_marketing", "legal_hold"):
        if name not in file.keep:
            yield _problem(source, ("keep",), f"the ground '{name}' is missing: erasures rest on it")
    if "other_people" not in file.exemptions:
        yield _problem(source, ("exemptions",), "the ground 'other_people' is missing: reviews rest on it")
    for name in ("accuracy", "objection"):
        if name not in file.restriction:
            yield _problem(source, ("restriction",), f"the ground '{name}' is missing: disputes rest on it")
    for name in file.restriction:
        if f"{name}.ground" not in choices():
            yield _problem(source, ("restriction", name), f"choices.yml has no button '{name}.ground' for it")


def _identity() -> Iterator[Problem]:
    source, file, problems = _loaded(IDENTITY, IdentityRules)
    yield from problems
    if source is None or file is None:
        return
    for missing in sorted(set(RIGHTS) - set(file.proof)):
        yield _problem(source, ("proof",), f"'{missing}' is missing: every right has a line")
    for right, proof in file.proof.items():
        place: Place = ("proof", right)
        if right not in RIGHTS:
            yield _problem(source, place, f"there is no right '{right}'; there is {', '.join(RIGHTS)}")
        for message in _against_the_rules(right, proof):
            yield _problem(source, place, message)


def _against_the_rules(right: str, proof: ProofByRisk) -> Iterator[str]:
    needed: list[Proof] = [proof.ordinary, proof.agreement, proof.doubtful]
    if right in NEVER_PROVEN and set(needed) != {"nothing"}:
        yield "stopping, complaining and reporting need no proof of anybody (UK GDPR Art. 12(6) and 21(3))"
    if right in ALWAYS_PROVEN and "nothing" in needed:
        yield "nobody sees, changes or destroys anything without a code"
    if right in NEVER_DELAYED and STRENGTH[proof.agreement] > STRENGTH[proof.ordinary]:
        yield "an agreement delays nobody who wants to see or have their own data"


def _is_section(name: str) -> bool:
    try:
        return policy.answer(name) is not None
    except WordingError:
        # The policy's own checker says what is wrong there.
        return True


def _of_blanks(source: Source, place: Place, text: str) -> Iterator[Problem]:
    try:
        unknown = placeholders(text) - KNOWN_TO_TASKS
    except ValueError as error:
        yield _problem(source, place, f"a brace is wrong: {error}")
        return
    for name in sorted(unknown):
        yield _problem(source, place, f"nobody fills '{{{name}}}'; a task knows {{reference}} only")


def _loaded(name: str, model: type[Model]) -> tuple[Source | None, Model | None, list[Problem]]:
    path = get_settings().data / name
    try:
        source = read(path)
    except FileNotFoundError:
        return None, None, [Problem(name, 1, "the file is missing; restore it")]
    except Unreadable as error:
        return None, None, [Problem(name, error.line, error.message)]
    try:
        return source, model.model_validate(source.content), []
    except ValidationError as error:
        return (
            None,
            None,
            [_problem(source, _place(source, each["loc"]), _said(each)) for each in error.errors()],
        )


def _place(source: Source, loc: tuple[int | str, ...]) -> Place:
    """Where an error stands: without the names by which a model tells kinds apart."""
    place: Place = ()
    for part in loc:
        if (*place, part) in source.lines:
            place = (*place, part)
    return place


def _said(error: Any) -> str:
    names = [str(part) for part in error["loc"] if isinstance(part, str)]
    plain = str(error["msg"]).removeprefix("Value error, ")
    return f"'{names[-1]}': {plain[0].lower()}{plain[1:]}" if names else plain


def _problem(source: Source, place: Place, message: str) -> Problem:
    return Problem(source.path.name, source.line(place), message)
