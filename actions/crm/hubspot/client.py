"""HubSpot's interface: contacts, what hangs on them, and subscriptions; one method a thing it does.

Addresses travel in bodies wherever HubSpot has such a way, so that they stand in no log of addresses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any
from urllib.parse import quote

from actions.connectors.web import Web
from actions.crm.hubspot.mapping import OURS, PROPERTIES
from actions.crm.hubspot.refusals import explained, unknown_properties

CONTACTS = "/crm/v3/objects/contacts"
COMPANIES = "/crm/v3/objects/companies"
EMAILS = "/crm/v3/objects/emails"
SUBSCRIPTIONS = "/communication-preferences/v4"
BATCH = 100
"""As many objects as a batch, and a page, takes."""
MOST_FOUND = 10_000
"""A search gives out no more than this, however it is paged."""
Json = dict[str, Any]


class HubSpotClient:
    """Calls of one HubSpot account."""

    def __init__(self, web: Web) -> None:
        self.web = web

    def contact(self, identifier: str) -> Json | None:
        """A contact with its companies and the history of its address; None where there is none."""
        params: dict[str, str | int] = {
            "properties": ",".join(PROPERTIES),
            "propertiesWithHistory": "email",
            "associations": "companies",
        }
        if not identifier.isdigit():
            return None
        return self._one(f"{CONTACTS}/{identifier}", params, "reading a contact")

    def id_by_email(self, address: str) -> str | None:
        """The contact whose address it is; what was just written is found at once, unlike by a search."""
        what = "reading a contact by its address"
        body = {"idProperty": "email", "inputs": [{"id": address}], "properties": ["email"]}
        response = self.web.send("POST", f"{CONTACTS}/batch/read", what=what, json=body, safe=True)
        found = self._results(self.web.read(response, what), what)
        return str(found[0]["id"]) if found else None

    def search(
        self, groups: Sequence[Sequence[Json]], *, properties: Sequence[str], sort: str = "createdate"
    ) -> Iterator[Json]:
        """Contacts that match one of several groups of filters, page by page; it may lag behind what is so.

        Raises:
            CrmUnusable: there are more than HubSpot gives out.
        """
        what, after = "searching contacts", ""
        while True:
            body: Json = {
                "filterGroups": [{"filters": list(filters)} for filters in groups],
                "sorts": [{"propertyName": sort, "direction": "ASCENDING"}],
                "properties": list(properties),
                "limit": BATCH,
            }
            if after:
                body["after"] = after
            answer = self.web.read(
                self.web.send("POST", f"{CONTACTS}/search", what=what, json=body, safe=True), what
            )
            yield from self._results(answer, what)
            after = str(((answer.get("paging") or {}).get("next") or {}).get("after") or "")
            if not after:
                return
            if int(after) >= MOST_FOUND:
                raise self.web.unusable(f"gives out no more than {MOST_FOUND} contacts of one search")

    def update(self, identifier: str, properties: Mapping[str, str]) -> bool:
        """Set properties of a contact; those of ours that HubSpot does not know yet are made first.

        Returns:
            False where the contact is gone.

        Raises:
            CrmUnusable: another contact has the address, or a property cannot be set.
        """
        what, path = "changing a contact", f"{CONTACTS}/{identifier}"
        for _ in range(2):
            response = self.web.send(
                "PATCH",
                path,
                what=what,
                json={"properties": dict(properties)},
                safe=True,
                takes=(400, 404, 409),
            )
            if response.status_code == 404:
                return False
            if response.ok:
                return True
            if response.status_code == 409:
                raise self.web.unusable(
                    "has another contact with that address: merge the two there, or correct the other one"
                )
            missing = unknown_properties(response) & OURS.keys()
            if not missing:
                break
            for name in sorted(missing):
                self._make_property(name)
        raise self.web.changed(f"refused a change of a contact ({explained(response)})")

    def create(self, contacts: Sequence[Mapping[str, str]]) -> list[str]:
        """Create contacts; returns their ids.

        Raises:
            NotAllCreated: some were not.
        """
        what = "adding contacts"
        self._make_missing({name for contact in contacts for name in contact})
        inputs = [
            {"properties": dict(contact), "objectWriteTraceId": str(number)}
            for number, contact in enumerate(contacts)
        ]
        response = self.web.send(
            "POST", f"{CONTACTS}/batch/create", what=what, json={"inputs": inputs}, takes=(400, 409)
        )
        answer = self.web.read(response, what)
        created = [str(each["id"]) for each in answer.get("results") or []] if response.ok else []
        if response.status_code not in (200, 201) or len(created) != len(contacts):
            raise NotAllCreated(created, explained(response))
        return created

    def archive(self, identifiers: Iterable[str], *, objects: str = CONTACTS) -> None:
        """Put objects into HubSpot's recycling bin, from which they go after 90 days."""
        for some in batches(identifiers):
            body = {"inputs": [{"id": each} for each in some]}
            self.web.send("POST", f"{objects}/batch/archive", what="archiving", json=body, safe=True)

    def erase(self, identifier: str) -> None:
        """Delete a contact for good, as the GDPR asks."""
        self.web.send(
            "POST",
            f"{CONTACTS}/gdpr-delete",
            what="deleting a contact for good",
            json={"objectId": identifier},
            safe=True,
            takes=(404,),
        )

    def remove_other_email(self, identifier: str, address: str) -> None:
        """Take one of a contact's further addresses off it; only an older part of the interface can."""
        path = f"/contacts/v1/secondary-email/{identifier}/email/{quote(address, safe='@')}"
        self.web.send("DELETE", path, what="removing a further address", safe=True, takes=(404,))

    def company(self, identifier: str, properties: Sequence[str]) -> Json | None:
        """A company; None where there is none."""
        params: dict[str, str | int] = {"properties": ",".join(properties)}
        return self._one(f"{COMPANIES}/{identifier}", params, "reading a company")

    def email_ids(self, identifier: str) -> list[str]:
        """The ids of the emails on a contact's record."""
        what, after = "listing a contact's emails", ""
        found: list[str] = []
        while True:
            params: dict[str, str | int] = {"limit": 500} | ({"after": after} if after else {})
            path = f"/crm/v4/objects/contacts/{identifier}/associations/emails"
            response = self.web.send("GET", path, what=what, params=params, takes=(404,))
            if response.status_code == 404:
                return found
            answer = self.web.read(response, what)
            found += [str(each["toObjectId"]) for each in self._results(answer, what)]
            after = str(((answer.get("paging") or {}).get("next") or {}).get("after") or "")
            if not after:
                return found

    def emails(self, identifiers: Sequence[str]) -> list[Json]:
        """Emails by their ids; those that are gone are left out."""
        what, found = "reading emails", list[Json]()
        for some in batches(identifiers):
            body = {
                "inputs": [{"id": each} for each in some],
                "properties": ["hs_timestamp", "hs_email_subject", "hs_email_text"],
            }
            response = self.web.send("POST", f"{EMAILS}/batch/read", what=what, json=body, safe=True)
            found += self._results(self.web.read(response, what), what)
        return found

    def definitions(self) -> list[Json]:
        """The kinds of email one can subscribe to."""
        what = "listing subscription types"
        response = self.web.send("GET", f"{SUBSCRIPTIONS}/definitions", what=what)
        return self._results(self.web.read(response, what), what)

    def statuses(self, address: str) -> list[Json]:
        """What an address is subscribed to."""
        what = "reading subscriptions"
        path = f"{SUBSCRIPTIONS}/statuses/{quote(address, safe='@')}"
        response = self.web.send("GET", path, what=what, params={"channel": "EMAIL"}, takes=(404,))
        return [] if response.status_code == 404 else self._results(self.web.read(response, what), what)

    def set_statuses(self, address: str, states: Mapping[str, str]) -> None:
        """Subscribe an address, unsubscribe it, or neither.

        Args:
            address: the subscriber.
            states: `SUBSCRIBED`, `UNSUBSCRIBED` or `NOT_SPECIFIED` by the id of a subscription type.
        """
        what = "changing subscriptions"
        inputs = [
            {
                "subscriberIdString": address,
                "channel": "EMAIL",
                "subscriptionId": int(subscription),
                "statusState": state,
                "legalBasis": "CONSENT_WITH_NOTICE",
                "legalBasisExplanation": "Asked for by the contact themselves, in the privacy assistant.",
            }
            for subscription, state in states.items()
        ]
        for some in batches(inputs):
            path = f"{SUBSCRIPTIONS}/statuses/batch/write"
            response = self.web.send("POST", path, what=what, json={"inputs": some}, safe=True)
            self._require_all(self.web.read(response, what), len(some), what)

    def unsubscribe_from_all(self, address: str) -> None:
        """Stop every email to an address, those of kinds made later too."""
        what = "unsubscribing from all"
        path = f"{SUBSCRIPTIONS}/statuses/{quote(address, safe='@')}/unsubscribe-all"
        self.web.send("POST", path, what=what, params={"channel": "EMAIL"}, safe=True)

    def _one(self, path: str, params: Mapping[str, str | int], what: str) -> Json | None:
        response = self.web.send("GET", path, what=what, params=params, takes=(404,))
        if response.status_code == 404:
            return None
        found = self.web.read(response, what)
        if not isinstance(found, dict) or not isinstance(found.get("properties"), dict):
            raise self.web.changed(f"answered without properties when {what}")
        return found

    def _results(self, answer: object, what: str) -> list[Json]:
        results = answer.get("results") if isinstance(answer, dict) else None
        if not isinstance(results, list):
            raise self.web.changed(f"answered without results when {what}")
        if isinstance(answer, dict) and any(
            error.get("category") != "OBJECT_NOT_FOUND" for error in answer.get("errors") or []
        ):
            raise self.web.later(f"did only a part of it when {what}")
        return results

    def _require_all(self, answer: object, count: int, what: str) -> None:
        if len(self._results(answer, what)) < count:
            raise self.web.later(f"did only a part of it when {what}")

    def _make_missing(self, names: set[str]) -> None:
        for name in sorted(names & OURS.keys()):
            self._make_property(name)

    def _make_property(self, name: str) -> None:
        body = {
            "name": name,
            "label": OURS[name],
            "type": "string",
            "fieldType": "textarea" if name == "rightline_preferences" else "text",
            "groupName": "contactinformation",
        }
        self.web.send(
            "POST",
            "/crm/v3/properties/contacts",
            what="making a property",
            json=body,
            safe=True,
            takes=(409,),
        )


class NotAllCreated(Exception):
    """Only some contacts of a batch were created; carries their ids, and why the others were not."""

    def __init__(self, created: list[str], why: str) -> None:
        super().__init__(why)
        self.created = created


def batches(items: Iterable[Any]) -> Iterator[list[Any]]:
    """As many at a time as HubSpot takes."""
    remaining = iter(items)
    while some := list(islice(remaining, BATCH)):
        yield some
