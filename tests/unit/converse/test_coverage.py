"""The scripts cover what they should: every right in happy and unhappy cases, and a smoke set that is one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
import yaml

from actions.cases.interfaces import RIGHTS
from tests.support.running import SCRIPTS, is_smoke

PATHS = sorted(SCRIPTS.glob("*.yml"))
LOADED = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in PATHS}


def rights_in(value: Any) -> Iterator[str]:
    """Every right that a script speaks of."""
    if isinstance(value, Mapping):
        if isinstance(value.get("right"), str):
            yield value["right"]
        for each in value.values():
            yield from rights_in(each)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for each in value:
            yield from rights_in(each)


def test_there_are_eighty_or_more() -> None:
    assert len(PATHS) >= 80


def test_about_ten_are_for_every_run() -> None:
    assert 8 <= sum(map(is_smoke, PATHS)) <= 12


@pytest.mark.parametrize("right", [right for right in RIGHTS if right != "other"])
def test_every_right_has_a_happy_script_and_two_that_are_not(right: str) -> None:
    counted = Counter(name for script in LOADED.values() for name in set(rights_in(script)))
    assert counted[right] >= 3


def test_titles_tell_the_scripts_apart() -> None:
    titles = Counter(script["conversation"] for script in LOADED.values())
    assert [title for title, count in titles.items() if count > 1] == []
