"""What the file of masked details says, and what is said of a mistake in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.masking import masking, said_as
from actions.masking.services import load
from actions.settings import get_settings
from actions.wording.interfaces import WordingError
from nlu.pseudonyms import MASKED

GOOD = (get_settings().data / "masking.yml").read_text()


def test_every_kind_has_its_words() -> None:
    words = masking()
    assert set(words.labels) == set(words.read_as) == set(MASKED)
    assert all(label.startswith("[") and label.endswith("]") for label in words.labels.values())
    assert "cancer" in words.health.conditions


def test_several_kinds_are_said_as_one_list() -> None:
    assert said_as(["card"]) == "card number"
    assert said_as(["card", "password"]) == "card number and password"
    assert said_as(["card", "bank", "health"]) == "card number, bank details and health details"
    assert said_as([]) == ""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("    - abortion\n", "    - Abortion\n", r"masking\.yml:\d+: .*write 'abortion'"),
        (
            "    read_as: password\n",
            "    read_as: removed password\n",
            r"masking\.yml:\d+: .*'remov…' would be read",
        ),
        (
            '    label: "[card number removed]"\n',
            "    label: gone\n",
            r"masking\.yml:\d+: kinds\.card\.label",
        ),
        ("  bank:\n", "  banks:\n", r"masking\.yml:\d+: kinds\.banks"),
        ("health:\n  # what", "health: [\n  # what", r"masking\.yml:\d+: this is not YAML"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in GOOD
    path = tmp_path / "masking.yml"
    path.write_text(GOOD.replace(old, new, 1))
    with pytest.raises(WordingError, match=message):
        load(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(WordingError, match=r"masking\.yml is missing"):
        load(tmp_path / "masking.yml")
