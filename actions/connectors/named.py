"""A connector of one's own, found by its dotted name: `package.module:factory`."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def is_dotted(name: str) -> bool:
    """Whether a setting names a factory and not one of the connectors that are delivered."""
    return ":" in name


def build(name: str, *, setting: str) -> Any:
    """Call the factory of that name, which takes no arguments and answers with the connector.

    Args:
        name: `package.module:factory`; the package is installed, or lies where Python looks.
        setting: where the name stands, for messages.

    Raises:
        ValueError: there is no such module or factory.
    """
    module_name, _, factory_name = name.partition(":")
    try:
        module = import_module(module_name)
    except ModuleNotFoundError as error:
        raise ValueError(
            f"{setting} is '{name}', but Python finds no module '{error.name}': install it, "
            "or put its folder into PYTHONPATH."
        ) from error
    factory = getattr(module, factory_name, None)
    if not callable(factory):
        raise ValueError(f"{setting} is '{name}', but '{module_name}' has no function '{factory_name}'.")
    return factory()
