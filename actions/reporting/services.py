"""Writing a month's report to one file that needs nothing else."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from actions.cases.deadlines import zone
from actions.cases.explain import long_date
from actions.cases.interfaces import RIGHTS
from actions.reporting import pictures
from actions.reporting.interfaces import Figures
from actions.retention.rules import rules
from actions.wording import phrase


def write(figures: Figures, folder: Path) -> Path:
    """Write the report.

    Args:
        figures: the month.
        folder: where to; made when it is not there.

    Returns:
        The file, named after the month.

    Raises:
        OSError: the folder cannot be written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{figures.month}.html"
    fresh = path.with_suffix(".new")
    fresh.write_text(as_page(figures), encoding="utf-8")
    fresh.replace(path)
    return path


def as_page(figures: Figures) -> str:
    """The report as HTML, its pictures inside."""
    shown = {
        "days": pictures.days(figures),
        "trend": pictures.trend(figures),
        "rights": pictures.rights(figures) if figures.closed else "",
        "times": pictures.times(figures) if figures.answered else "",
        "refusals": pictures.refusals(figures) if figures.refused else "",
    }
    labels = {right: phrase(f"right.{right}").capitalize() for right in RIGHTS}
    kept = {name: rule.what for name, rule in rules().rules.items()}
    return (
        _environment()
        .get_template("page.html")
        .render(figures=figures, pictures=shown, kept=kept, labels=labels, zone=zone(), day=long_date)
    )


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
