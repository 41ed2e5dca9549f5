"""Topics by channels in HubSpot: email has subscription types, the rest is noted on the contact."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping

from actions.crm.hubspot.client import HubSpotClient
from actions.wording.services import topics

KNOWN_FOR_SECONDS = 300.0
WANTED = {"SUBSCRIBED": True, "UNSUBSCRIBED": False}
STATES = {True: "SUBSCRIBED", False: "UNSUBSCRIBED"}


class Subscriptions:
    """Which topic is which of HubSpot's subscription types: the one called as the topic's id or label is."""

    def __init__(self, client: HubSpotClient) -> None:
        self._client = client
        self._topics: dict[str, str] = {}
        self._until = 0.0

    def missing(self) -> list[str]:
        """The labels of the topics for which HubSpot has no subscription type."""
        known = self._known()
        return [about.label for topic, about in topics().topics.items() if topic not in known]

    def read(self, address: str) -> dict[str, bool]:
        """What an address wants by email, by topic; a topic nobody ever decided on is not among them."""
        by_type = {number: topic for topic, number in self._known().items()}
        return {
            by_type[str(status["subscriptionId"])]: WANTED[status["status"]]
            for status in self._client.statuses(address)
            if str(status.get("subscriptionId")) in by_type and status.get("status") in WANTED
        }

    def write(self, address: str, changes: Mapping[str, bool]) -> None:
        """Subscribe an address to topics, or unsubscribe it.

        Raises:
            CrmUnusable: HubSpot has no subscription type for a topic.
        """
        if not changes:
            return
        known = self._known()
        missing = sorted(set(changes) - known.keys())
        if missing:
            labels = ", ".join(f"'{topics().topics[topic].label}'" for topic in missing)
            raise self._client.web.unusable(
                f"has no subscription type for {labels}: make one of that name there"
            )
        self._client.set_statuses(
            address, {known[topic]: STATES[wanted] for topic, wanted in changes.items()}
        )

    def _known(self) -> dict[str, str]:
        if time.monotonic() >= self._until:
            types = {_plain(str(each.get("name"))): str(each["id"]) for each in self._client.definitions()}
            self._topics = {
                topic: types[name]
                for topic, about in topics().topics.items()
                for name in (_plain(topic), _plain(about.label))
                if name in types
            }
            self._until = time.monotonic() + KNOWN_FOR_SECONDS
        return self._topics


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", name.lower()).strip()
