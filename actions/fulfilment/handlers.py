"""The one list of modules whose import registers handlers of steps; importing this one registers all."""

from __future__ import annotations

from importlib import import_module

MODULES = (
    "actions.crm.handlers",
    "actions.erasures.handlers",
    "actions.fulfilment.builtin",
    "actions.helpdesk.handlers",
    "actions.mail.handlers",
    "actions.notices.handlers",
    "actions.preferences.handlers",
    "actions.recipients.handlers",
    "actions.rights.handlers",
)

for module in MODULES:
    import_module(module)
