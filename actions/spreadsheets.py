"""Cells that no spreadsheet takes for anything but text."""

from __future__ import annotations

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What begins a formula in one spreadsheet or another (OWASP, CSV injection); wide forms included."""


def harmless(value: str) -> str:
    """A cell that no spreadsheet takes for a formula, whatever blanks stand before it.

    A telephone number in international form begins with a plus sign and is left to be read as text too.
    """
    return f"'{value}" if value.lstrip(" ").startswith(FORMULA_STARTS) else value
