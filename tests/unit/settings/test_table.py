"""The table of settings in docs/ is the one that the settings make."""

from __future__ import annotations

from actions.settings import Settings, variable
from actions.settings_table import markdown
from bot.paths import PROJECT


def test_the_page_of_settings_is_up_to_date() -> None:
    written = (PROJECT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert written == markdown(), "python -m actions.settings_table > docs/settings.md"


def test_every_setting_has_a_line_that_says_what_it_means() -> None:
    lines = {line.split("|")[1].strip(): line for line in markdown().splitlines() if line.startswith("| `")}
    assert list(lines) == [f"`{variable(field)}`" for field in Settings.model_fields]
    assert all(len(line.split("|")[3].strip()) > 10 for line in lines.values())
