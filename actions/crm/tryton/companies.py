"""Companies, and their service agreements, as Tryton's relations between parties have them.

Tryton keeps agreements in modules for selling, which bring accounting with them. A party that stands for an
agreement, related to the company with its dates and to those who signed it, needs none of them.
"""

from __future__ import annotations

from datetime import date

from actions.crm.interfaces import Agreement
from actions.crm.tryton import naming
from actions.crm.tryton.categories import Categories
from actions.crm.tryton.client import TrytonClient, unlike
from actions.crm.tryton.mapping import Party


class Companies:
    """Companies and agreements of a Tryton."""

    def __init__(self, client: TrytonClient) -> None:
        self._client = client
        self._categories = Categories(client)

    def id_of(self, name: str) -> int:
        """The party of the company of that name; it is made where it is missing."""
        domain = [["name", "=", name], ["categories.rec_name", "=", naming.COMPANY[-1]]]
        found = self._client.search_read(naming.PARTY, domain, ["code"], limit=1)
        if found:
            identifier: int = found[0]["id"]
            return identifier
        category = self._categories.ids([naming.COMPANY])[naming.COMPANY]
        (made,) = self._client.create(naming.PARTY, [{"name": name, "categories": [["add", [category]]]}])
        return made

    def kind(self, name: str) -> int:
        """The kind of relation of that name; it is made, with its reverse, where it is missing."""
        found = self._client.search_read(naming.RELATION_TYPE, [["name", "=", name]], ["name"], limit=1)
        if found:
            identifier: int = found[0]["id"]
            return identifier
        (made,) = self._client.create(naming.RELATION_TYPE, [{"name": name}])
        if reverse := naming.REVERSES.get(name):
            (other,) = self._client.create(naming.RELATION_TYPE, [{"name": reverse, "reverse": made}])
            self._client.change(naming.RELATION_TYPE, [made], {"reverse": other})
        return made

    def agreements(self, party: Party, today: date) -> tuple[Agreement, ...]:
        """The agreements of somebody's company, the newest first, and whether they signed each."""
        company = party.link(naming.WORKS_FOR, naming.HELD_FOR)
        if company is None:
            return ()
        domain = [["from_.code", "=", company.code], ["type.name", "=", naming.HAS_AGREEMENT]]
        fields = ["to.code", "to.name", "start_date", "end_date"]
        rows = self._client.search_read(naming.RELATION, domain, fields, order=[["start_date", "DESC"]])
        signed = {link.code for link in party.links if link.kind == naming.SIGNED}
        try:
            return tuple(
                Agreement(
                    id=row["to."]["code"],
                    title=row["to."]["name"] or "",
                    active=_between(row["start_date"], today, row["end_date"]),
                    ends_on=row["end_date"],
                    signatory=row["to."]["code"] in signed,
                )
                for row in rows
            )
        except (KeyError, TypeError) as error:
            raise unlike(f"model.{naming.RELATION}.search_read") from error


def _between(start: date | None, day: date, end: date | None) -> bool:
    return (start is None or start <= day) and (end is None or day <= end)
