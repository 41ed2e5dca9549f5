"""Categories of parties by their names, made where they are missing."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from actions.crm.tryton import naming
from actions.crm.tryton.client import TrytonClient
from actions.crm.tryton.mapping import Party


class Categories:
    """Tryton's tree of categories. Asked anew each time: people change it too."""

    def __init__(self, client: TrytonClient) -> None:
        self._client = client

    def ids(self, paths: Collection[naming.Path]) -> dict[naming.Path, int]:
        """The ids of categories; missing ones, and those above them, are made.

        Raises:
            CrmError: Tryton cannot do it now.
        """
        if not paths:
            return {}
        known = self._known()
        for path in sorted(paths):
            for depth in range(1, len(path) + 1):
                self._make(known, path[:depth])
        return {path: known[path] for path in paths}

    def _known(self) -> dict[naming.Path, int]:
        rows = self._client.search_read(naming.CATEGORY, [], ["rec_name"])
        return {tuple(row["rec_name"].split(naming.SEPARATOR)): row["id"] for row in rows}

    def _make(self, known: dict[naming.Path, int], path: naming.Path) -> None:
        if path in known:
            return
        values = {"name": path[-1], "parent": known[path[:-1]] if path[:-1] else None}
        (known[path],) = self._client.create(naming.CATEGORY, [values])

    def change(self, party: Party, add: Iterable[naming.Path], remove: Iterable[naming.Path]) -> list[Any]:
        """What to write into a party's `categories`, so that it is in some and no longer in others."""
        missing = [path for path in add if path not in party.categories]
        orders: list[Any] = []
        if missing:
            orders.append(["add", list(self.ids(missing).values())])
        if gone := [party.categories[path] for path in remove if path in party.categories]:
            orders.append(["remove", gone])
        return orders
