"""The one list of modules whose import registers handlers of steps; importing this one registers all."""

from __future__ import annotations

from importlib import import_module

MODULES = (
    "actions.fulfilment.builtin",
    "actions.mail.handlers",
    "actions.rights.handlers",
)

for module in MODULES:
    import_module(module)
