"""The rules fit together, and what does not is named with its line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from actions.database.tables import METADATA
from actions.retention import rules as retention
from actions.retention.checking import problems
from actions.retention.rules import RULES, Keep
from actions.retention.sweepers import EVERY, SWEEPERS
from actions.retention.table import documented, rows
from actions.settings import PROJECT_ROOT, get_settings
from actions.wording.interfaces import WordingError

AT = datetime(2028, 3, 31, 12, tzinfo=UTC)
OURS = (PROJECT_ROOT / "data" / "retention.yml").read_text(encoding="utf-8")


def changed(folder: Path, old: str, new: str) -> list[str]:
    """The mistakes of our own rules with a change."""
    assert old in OURS
    path = folder / "retention.yml"
    path.write_text(OURS.replace(old, new, 1), encoding="utf-8")
    return [problem.removeprefix(f"{path}:") for problem in problems(path)]


def test_our_own_rules_have_no_mistake_and_name_every_table() -> None:
    assert problems() == []


def test_every_rule_is_enforced() -> None:
    assert set(SWEEPERS) == set(RULES) == set(EVERY)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "keep: {days: 14}",
            "keep: {days: 400}",
            "'turns' is kept longer (400 days) than 'conversations' (90 days)",
        ),
        ("keep: {days: 30}", "keep: {days: 1}", "codes are limited by counting those of a day"),
        ("keep: {years: 7}", "keep: {years: 5}", "'cases' is kept longer (6 years) than 'audit' (5 years)"),
        ("keep: {hours: 24}", "keep: {hours: 0}", "give one of hours, days, months or years"),
        ("keep: {hours: 24}", "keep: {hours: 24, days: 1}", "give one of hours, days, months or years"),
        ("keep: {hours: 24}", "keep: {weeks: 1}", "'rules.vault.keep.weeks'"),
        ("  limits:\n", "  limitz:\n", "nothing enforces a rule 'limitz'"),
        ("[turns]", "[turnz]", "there is no table 'turnz'"),
        (", notice_start]", "]", "nothing says how long the table 'notice_start' is kept"),
        ("remind_after: {days: 3}", "remind_after: {days: 20}", "the reminder must come before"),
        ("batch: 200", "batch: 0", "'batch'"),
        ("rules:", "rules: [", "this is not YAML"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert any(says in problem for problem in changed(tmp_path, old, new))


def test_a_mistake_is_named_with_its_line(tmp_path: Path) -> None:
    (problem,) = changed(tmp_path, "keep: {days: 14}", "keep: {days: 400}")
    line = int(problem.partition(":")[0])
    assert "days: 14" in OURS.splitlines()[line - 1]


def test_a_missing_file_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "restore it" in problems(tmp_path / "retention.yml")[0]
    monkeypatch.setenv("RIGHTLINE_DATA", str(tmp_path))
    get_settings.cache_clear()
    with pytest.raises(WordingError, match="is missing; restore it"):
        retention.rules()


@pytest.mark.parametrize(
    ("keep", "before"),
    [
        (Keep(hours=24), AT - timedelta(hours=24)),
        (Keep(days=30), datetime(2028, 3, 1, 12, tzinfo=UTC)),
        (Keep(months=1), datetime(2028, 2, 29, 12, tzinfo=UTC)),
        (Keep(months=6), datetime(2027, 9, 30, 12, tzinfo=UTC)),
        (Keep(years=6), datetime(2022, 3, 31, 12, tzinfo=UTC)),
    ],
)
def test_months_and_years_go_by_the_calendar(keep: Keep, before: datetime) -> None:
    assert keep.before(AT) == before
    assert keep.after(before) >= AT


def test_the_documentation_says_what_the_rules_say() -> None:
    text = (PROJECT_ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
    assert documented(text) == rows(), "write actions.retention.table.markdown() into docs/privacy.md"


def test_nothing_holds_back_what_is_swept() -> None:
    """A row that refers to a swept one must go or let go with it; to cases it is seen to by the sweeper."""
    swept = {
        "agent_tasks",
        "conversations",
        "fulfilment_steps",
        "identity_proofs",
        "legal_holds",
        "rate_counters",
        "suppressions",
        "turns",
        "vaulted_values",
        "verification_codes",
    }
    assert swept <= set(METADATA.tables)
    holding = [
        f"{table.name}.{key.parent.name}"
        for table in METADATA.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name in swept and key.ondelete not in ("CASCADE", "SET NULL")
    ]
    assert holding == []
