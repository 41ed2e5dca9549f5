"""`python -m bot`: the command line."""

from __future__ import annotations

from bot.cli.main import main

main()
