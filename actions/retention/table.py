"""The rules of retention as the table in `docs/privacy.md`, so that what is promised is what is done."""

from __future__ import annotations

from actions.retention.rules import rules

HEADING = ("what", "where", "protected by", "how long")


def rows() -> list[tuple[str, str, str, str]]:
    """What is kept, where, protected by what, and how long."""
    timed = [
        (rule.what, _where(rule.tables), rule.protected, f"{rule.keep} after {rule.after}")
        for rule in rules().rules.values()
    ]
    return timed + [
        (one.what, _where(one.tables), one.protected, f"until {one.until}") for one in rules().otherwise
    ]


def markdown() -> str:
    """The table, to be written into the documentation."""
    lines = [HEADING, tuple("---" for _ in HEADING), *rows()]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def documented(text: str) -> list[tuple[str, ...]]:
    """The rows of the table in a text, below the line that heads it."""
    lines = iter(text.splitlines())
    heading = f"| {' | '.join(HEADING)} |"
    for line in lines:
        if line == heading:
            break
    found = []
    for line in lines:
        if not line.startswith("|"):
            break
        cells = tuple(cell.strip() for cell in line.strip("|").split("|"))
        if set(cells) != {"---"}:
            found.append(cells)
    return found


def _where(tables: tuple[str, ...]) -> str:
    return ", ".join(f"`{table}`" for table in tables) or "—"
