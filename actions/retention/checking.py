"""Finding what is wrong with the rules of retention before anything is deleted by them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from actions.database.tables import METADATA
from actions.retention.rules import RULES, Rules
from actions.settings import get_settings

Place = tuple[int | str, ...]

AT_MOST = (
    ("turns", "conversations", "a turn goes with its conversation"),
    ("attempts", "conversations", "codes and proofs go with their conversation"),
    ("steps", "attempts", "a code's letter is known by the code's number"),
    ("letters", "cases", "a letter goes with its case"),
    ("abandoned", "cases", "an abandoned request is a case"),
    ("cases", "audit", "the audit trail says what was done about a case"),
)
"""What may not be kept longer than what, and why."""

CODES_ARE_COUNTED_FOR = timedelta(days=2)


def problems(path: Path | None = None) -> list[str]:
    """Every mistake in the rules, as `file:line: what is wrong`; an empty list when there is none.

    Args:
        path: the file to check; by default the data folder's.
    """
    where = path or get_settings().data / "retention.yml"
    try:
        source = where.read_text(encoding="utf-8")
        found = Rules.model_validate(yaml.safe_load(source))
    except FileNotFoundError:
        return [f"{where}:1: the file is missing; restore it"]
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return [f"{where}:{line}: this is not YAML: {error.problem}"]
    except ValidationError as error:
        lines = _lines(source)
        return [
            f"{where}:{_line(lines, each['loc'])}: '{'.'.join(map(str, each['loc']))}': {each['msg']}"
            for each in error.errors()
        ]
    lines = _lines(source)
    misfits = [*_rule_misfits(found), *_order_misfits(found), *_table_misfits(found)]
    return [f"{where}:{_line(lines, place)}: {message}" for place, message in misfits]


def _rule_misfits(found: Rules) -> Iterator[tuple[Place, str]]:
    for name in found.rules:
        if name not in RULES:
            yield ("rules", name), f"nothing enforces a rule '{name}'; there are {', '.join(RULES)}"
    for name in RULES:
        if name not in found.rules:
            yield ("rules",), f"the rule '{name}' is missing"


def _order_misfits(found: Rules) -> Iterator[tuple[Place, str]]:
    for shorter, longer, why in AT_MOST:
        if not {shorter, longer} <= set(found.rules):
            continue
        kept, most = found.keep(shorter), found.keep(longer)
        if kept.at_most > most.at_most:
            message = f"'{shorter}' is kept longer ({kept}) than '{longer}' ({most}), but {why}"
            yield ("rules", shorter, "keep"), message
    if "attempts" in found.rules and found.keep("attempts").at_most < CODES_ARE_COUNTED_FOR:
        message = "attempts must be kept for 2 days at least: codes are limited by counting those of a day"
        yield ("rules", "attempts", "keep"), message
    if found.drafts.remind_after.at_most >= found.drafts.close_after.at_most:
        yield ("drafts", "remind_after"), "the reminder must come before the request is closed"


def _table_misfits(found: Rules) -> Iterator[tuple[Place, str]]:
    places: list[tuple[Place, tuple[str, ...]]] = [
        (("rules", name, "tables"), rule.tables) for name, rule in found.rules.items()
    ]
    places += [(("otherwise", index, "tables"), one.tables) for index, one in enumerate(found.otherwise)]
    for place, tables in places:
        for table in tables:
            if table not in METADATA.tables:
                yield place, f"there is no table '{table}'"
    named = {table for _place, tables in places for table in tables}
    for table in sorted(set(METADATA.tables) - named):
        yield (), f"nothing says how long the table '{table}' is kept: name it in a rule or under 'otherwise'"


def _lines(source: str) -> dict[Place, int]:
    """The line on which each part of the file begins."""
    lines: dict[Place, int] = {}

    def note(node: Any, place: Place) -> None:
        lines.setdefault(place, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            for name, value in node.value:
                lines[(*place, name.value)] = name.start_mark.line + 1
                note(value, (*place, name.value))
        elif isinstance(node, yaml.SequenceNode):
            for index, item in enumerate(node.value):
                note(item, (*place, index))

    node = yaml.compose(source, Loader=yaml.SafeLoader)
    if node is not None:
        note(node, ())
    return lines


def _line(lines: dict[Place, int], place: Place) -> int:
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 1)
