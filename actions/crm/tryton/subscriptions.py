"""What somebody gets by email: subscriptions to Tryton's mailing lists, one list a topic, named by its key.

Tryton keeps subscriptions by address: whoever shares an address shares them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from actions.crm.tryton import naming
from actions.crm.tryton.client import TrytonClient, unlike

CHANNEL = "email"


@dataclass(frozen=True)
class Subscription:
    """An address on a list; it gets nothing unless it is active."""

    id: int
    address: str
    topic: str
    active: bool


class Subscriptions:
    """The mailing lists of a Tryton."""

    def __init__(self, client: TrytonClient) -> None:
        self._client = client

    def of(self, addresses: Collection[str]) -> list[Subscription]:
        """Every subscription of some addresses, ended ones too."""
        if not addresses:
            return []
        domain = [["email", "in", [address.lower() for address in addresses]]]
        rows = self._client.search_read(naming.SUBSCRIPTION, domain, ["email", "active", "list_.name"])
        try:
            return [
                Subscription(row["id"], row["email"], row["list_."]["name"], bool(row["active"]))
                for row in rows
            ]
        except (KeyError, TypeError) as error:
            raise unlike(f"model.{naming.SUBSCRIPTION}.search_read") from error

    def subscribe(self, address: str, topic: str, found: Sequence[Subscription]) -> None:
        """Put an address on a list.

        Args:
            address: whose.
            topic: the list's name; it is made where it is missing.
            found: all subscriptions of the address.
        """
        own = [each for each in found if each.topic == topic and each.address == address.lower()]
        if not own:
            values = {"email": address.lower(), "list_": self._list(topic)}
            self._client.create(naming.SUBSCRIPTION, [values])
        self._client.change(
            naming.SUBSCRIPTION, [each.id for each in own if not each.active], {"active": True}
        )

    def subscribe_all(self, wanted: Collection[tuple[str, str]]) -> None:
        """Put addresses on lists they are not on yet, each an (address, topic)."""
        lists = {topic: self._list(topic) for topic in sorted({topic for _address, topic in wanted})}
        rows = [{"email": address, "list_": lists[topic]} for address, topic in sorted(wanted)]
        if rows:
            self._client.create(naming.SUBSCRIPTION, rows)

    def end(self, topic: str, found: Sequence[Subscription]) -> bool:
        """Take addresses off a list as Tryton's own link does; says whether there was any to take off."""
        own = [each for each in found if each.topic == topic]
        self._client.change(naming.SUBSCRIPTION, [each.id for each in own if each.active], {"active": False})
        return bool(own)

    def move(self, old: str, new: str, *, keep_old: bool) -> None:
        """Give a new address what an old one gets; the old one is forgotten unless somebody else uses it."""
        before = self.of([old])
        there = self.of([new])
        for subscription in before:
            known = [each for each in there if each.topic == subscription.topic]
            if not known:
                self.subscribe(new, subscription.topic, there)
            if not subscription.active and not any(each.active for each in known):
                self.end(subscription.topic, self.of([new]))
        if not keep_old:
            self.forget([old])

    def forget(self, addresses: Collection[str]) -> None:
        """Delete every subscription of some addresses."""
        self._client.delete(naming.SUBSCRIPTION, [each.id for each in self.of(addresses)])

    def _list(self, topic: str) -> int:
        found = self._client.search_read(naming.LIST, [["name", "=", topic]], ["name"], limit=1)
        if found:
            identifier: int = found[0]["id"]
            return identifier
        (made,) = self._client.create(naming.LIST, [{"name": topic}])
        return made
