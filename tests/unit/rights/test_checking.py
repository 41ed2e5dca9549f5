"""Mistakes in the data of the rights are named with their file and line, before anything runs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from actions.rights import checking, grounds, sources
from actions.settings import PROJECT_ROOT, get_settings


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the data folder that a test may spoil."""
    copy = tmp_path / "data"
    copy.mkdir()
    for name in ("sources.yml", "grounds.yml", "identity.yml", "choices.yml", "organisation.yml"):
        shutil.copy(PROJECT_ROOT / "data" / name, copy)
    shutil.copytree(PROJECT_ROOT / "data" / "policy", copy / "policy")
    monkeypatch.setattr(get_settings(), "data", copy)
    return copy


def line_of(path: Path, text: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def test_our_own_data_have_no_mistake() -> None:
    assert checking.check() == []
    assert set(grounds.grounds().restriction) == {"accuracy", "unlawful", "claims", "objection"}
    assert {source.reach for source in sources.sources().values()} == {"connected", "manual", "out_of_scope"}


@pytest.mark.parametrize(
    ("file", "old", "new", "where", "message"),
    [
        ("sources.yml", "reach: connected", "reach: conected", "  crm:", "tag 'conected'"),
        ("sources.yml", "  crm:\n", "  crn:\n", "reach: connected", "nobody knows how to look in 'crn'"),
        ("sources.yml", "  crm:\n", "  crn:\n", "sources:", "'crm' is missing"),
        ("sources.yml", "days: 14", "days: 40", "days: 40", "'days': input should be less than"),
        ("sources.yml", "({reference}) and write", "({name}) and write", "({name})", "nobody fills '{name}'"),
        ("sources.yml", 'policy: "8.4"', 'policy: "88.4"', '"88.4"', "no section 88.4"),
        (
            "sources.yml",
            "    reason: it is theirs, so please ask them\n",
            "",
            "  products:",
            "'reason': field",
        ),
        ("grounds.yml", "  other_people:", "  other_folk:", "exemptions:", "'other_people' is missing"),
        ("grounds.yml", "  claims:", "  claim:", "  claim:", "no button 'claim.ground'"),
        ("grounds.yml", "review: agreement_end", "review: never", "review: never", "agreement_end"),
        (
            "identity.yml",
            "access:              {ordinary: code, agreement: code,",
            "access:              {ordinary: code, agreement: code_and_agent,",
            "  access:",
            "an agreement delays nobody",
        ),
        (
            "identity.yml",
            "erasure:             {ordinary: code,",
            "erasure:             {ordinary: nothing,",
            "  erasure:",
            "without a code",
        ),
        (
            "identity.yml",
            "complaint:           {ordinary: nothing",
            "complaint:           {ordinary: code",
            "  complaint:",
            "must not need less",
        ),
        (
            "identity.yml",
            "  opt_in:              {ordinary: code, agreement: code, doubtful: code_and_agent}\n",
            "",
            "proof:",
            "'opt_in' is missing",
        ),
        ("identity.yml", "  other: ", "  others: ", "  others:", "there is no right 'others'"),
        ("identity.yml", "proof:", "proof: [", "", "this is not YAML"),
    ],
)
def test_a_mistake_is_named_with_its_line(
    data: Path, file: str, old: str, new: str, where: str, message: str
) -> None:
    path = data / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    found = [problem for problem in checking.check() if message in problem]
    assert found, checking.check()
    if where:
        assert found[0].startswith(f"{path}:{line_of(path, where)}: ")


def test_a_file_that_is_not_there_is_named(data: Path) -> None:
    (data / "grounds.yml").unlink()
    assert [problem.rpartition(": ")[2] for problem in checking.check()] == [
        "the file is missing; restore it"
    ]
