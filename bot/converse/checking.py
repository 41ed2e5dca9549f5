"""Whether a script follows the format: every mistake with its line and what to do about it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from bot.converse.reading import Document, Place, Problem
from bot.converse.vocabulary import known_words

SUBSTITUTION = re.compile(r"\{([a-z_]+(?:\.[a-z_]+)+)\}")
MAIL_PARTS = ("code", "wrong_code", "previous_code", "last.subject", "last.text")
CASE_PARTS = ("reference", "due", "state", "right")
PERSON_PARTS = ("email", "name", "surname", "work_telephone", "mobile_telephone")
SUBSTITUTIONS = frozenset(
    f"{owner}.{part}"
    for owner, parts in (("mail", MAIL_PARTS), ("case", CASE_PARTS), ("contact", PERSON_PARTS))
    for part in parts
)
KINDS = {
    "string": "a text",
    "object": "a mapping",
    "array": "a list",
    "boolean": "true or false",
}


@lru_cache(maxsize=1)
def schema() -> dict[str, Any]:
    """The format's JSON schema, with the words the assistant knows filled in."""
    loaded: dict[str, Any] = json.loads(Path(__file__).with_name("schema.json").read_text(encoding="utf-8"))
    for name, words in known_words().items():
        loaded["$defs"][name]["enum"] = list(words)
    return loaded


def problems_of(document: Document) -> list[Problem]:
    """Every mistake in a script, in the order of its lines."""
    validator = Draft202012Validator(schema())
    found = [
        problem for error in validator.iter_errors(document.data) for problem in _explained(document, error)
    ]
    if not found:
        found = [*_of_substitutions(document, document.data, ()), *_of_meaning(document)]
    return sorted(set(found), key=lambda problem: (problem.line, problem.message))


def _explained(document: Document, error: ValidationError) -> Iterator[Problem]:
    place: Place = tuple(error.absolute_path)
    instance: Any = error.instance
    rule = error.schema if isinstance(error.schema, Mapping) else {}
    if error.validator == "additionalProperties":
        known = list(rule.get("properties", ()))
        for key in instance:
            if key not in known:
                message = f"{rule.get('title', 'this')} has no '{key}'. {_suggestion(str(key), known)}"
                yield Problem(document.path, document.line_of_key((*place, key)), message)
        return
    if error.validator == "enum":
        noun = rule.get("title", "such word")
        line = document.line_of_key((*place, instance)) if _is_key(error) else document.line(place)
        guess = _suggestion(str(instance), _listed(error.validator_value))
        yield Problem(document.path, line, f"there is no {noun} '{instance}'. {guess}")
        return
    line = document.line_of_key(place) if place else 1
    yield Problem(document.path, line, f"{_complaint(error)} {rule.get('description', '')}".strip())


def _is_key(error: ValidationError) -> bool:
    """Whether the error is about the name of a key rather than a value."""
    return "propertyNames" in error.absolute_schema_path


def _complaint(error: ValidationError) -> str:
    value: Any = error.instance
    if error.validator == "required":
        missing = [name for name in _listed(error.validator_value) if name not in value]
        return f"'{missing[0]}' is missing."
    if error.validator == "type":
        unquoted = _unquoted_substitution(value)
        if unquoted:
            return f'write "{{{unquoted}}}" with quotes around the braces.'
        kinds = [KINDS[kind] for kind in _listed(error.validator_value)]
        return f"this must be {' or '.join(kinds)}, not {_kind(value)}."
    if error.validator == "pattern":
        return f"'{value}' does not fit."
    return (
        "this is not complete." if error.validator in ("minProperties", "minItems") else "this does not fit."
    )


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _unquoted_substitution(value: Any) -> str | None:
    if isinstance(value, Mapping) and len(value) == 1:
        (name, content), *_ = value.items()
        if content is None and name in SUBSTITUTIONS:
            return str(name)
    return None


def _kind(value: Any) -> str:
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return f"{str(value).lower()} (put it in quotes if it is meant as text)"
    return (
        "a mapping"
        if isinstance(value, Mapping)
        else "a list"
        if isinstance(value, Sequence) and not isinstance(value, str)
        else "a text"
    )


def _suggestion(word: str, known: Sequence[str]) -> str:
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    guess = f"Did you mean '{near[0]}'? " if near else ""
    return f"{guess}Known: {', '.join(sorted(known))}."


def _of_substitutions(document: Document, value: Any, place: Place) -> Iterator[Problem]:
    if isinstance(value, str):
        for name in SUBSTITUTION.findall(value):
            if name not in SUBSTITUTIONS:
                message = f"nothing is known as {{{name}}}. {_suggestion(name, sorted(SUBSTITUTIONS))}"
                yield Problem(document.path, document.line(place), message)
    elif isinstance(value, Mapping):
        for key, content in value.items():
            yield from _of_substitutions(document, content, (*place, key))
    elif isinstance(value, Sequence):
        for number, content in enumerate(value):
            yield from _of_substitutions(document, content, (*place, number))


def _of_meaning(document: Document) -> Iterator[Problem]:
    script = document.data
    people = [script["contact"]] if "contact" in script else script.get("contacts", [])
    if "contact" in script and "contacts" in script:
        yield Problem(
            document.path, document.line_of_key(("contacts",)), "give 'contact' or 'contacts', not both."
        )
    if not people:
        yield Problem(document.path, 1, "say who speaks: 'contact: priya', for example.")
    names = [person if isinstance(person, str) else person.get("as", "") for person in people]
    for number, step in enumerate(script["steps"]):
        (kind, content), *_ = step.items()
        place: Place = ("steps", number, kind)
        if kind == "contact":
            yield from _of_what_is_sent(document, content, place)
        elif kind == "agent":
            yield from _of_agent(document, content, place)
        elif (
            kind == "conversation"
            and isinstance(content, Mapping)
            and content.get("as", names[:1]) not in (*names, names[:1])
        ):
            message = f"'{content['as']}' is not among the contacts of this script: {', '.join(names)}."
            yield Problem(document.path, document.line((*place, "as")), message)
    yield from _of_patterns(document, script, ())


def _of_what_is_sent(document: Document, content: Any, place: Place) -> Iterator[Problem]:
    if isinstance(content, Mapping) and len({"text", "choice", "fields"} & content.keys()) != 1:
        message = "a contact sends exactly one of text, choice and fields."
        yield Problem(document.path, document.line(place), message)


def _of_agent(document: Document, content: Mapping[str, Any], place: Place) -> Iterator[Problem]:
    if len({"approves", "refuses", "runs"} & content.keys()) != 1:
        message = "an agent either approves a case, or refuses it, or runs a command."
        yield Problem(document.path, document.line(place), message)
    elif "refuses" in content and "reason" not in content and "fails" not in content:
        yield Problem(document.path, document.line(place), "an agent who refuses gives a 'reason'.")


def _of_patterns(document: Document, value: Any, place: Place) -> Iterator[Problem]:
    if isinstance(value, Mapping):
        for key, content in value.items():
            yield from _of_patterns(document, content, (*place, key))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for number, content in enumerate(value):
            yield from _of_patterns(document, content, (*place, number))
    elif isinstance(value, str) and "matches" in place[-2:]:
        try:
            re.compile(SUBSTITUTION.sub("x", value))
        except re.error as error:
            yield Problem(
                document.path, document.line(place), f"'{value}' is no regular expression: {error}."
            )
