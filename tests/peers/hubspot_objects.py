"""What is in the stand-in's account: contacts, companies, emails, subscriptions; and what HubSpot refuses."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from actions.clock.services import machine_now
from tests.peers.hubspot_search import comparable, matches
from tests.peers.hubspot_things import READ_ONLY, STANDARD, Refused, Thing, others, written

Json = dict[str, Any]
MOST_IN_A_BATCH = 100
MOST_FOUND = 10_000


@dataclass
class Account:
    """One account.

    Attributes:
        lag: how many requests later a search sees what was written.
        topics: the subscription types, by id.
    """

    lag: int = 0
    contacts: dict[str, Thing] = field(default_factory=dict)
    companies: dict[str, Thing] = field(default_factory=dict)
    emails: dict[str, Thing] = field(default_factory=dict)
    made: set[str] = field(default_factory=set)
    topics: dict[int, str] = field(default_factory=dict)
    subscribed: dict[tuple[str, int], str] = field(default_factory=dict)
    opted_out: set[str] = field(default_factory=set)
    blocked: set[str] = field(default_factory=set)
    opened: datetime = field(default_factory=machine_now)
    numbers: Any = field(default_factory=lambda: itertools.count(101))
    clock: Any = field(default_factory=itertools.count)
    searches: int = 0

    def now(self) -> datetime:
        """A moment later than the one before, in whole milliseconds as HubSpot has it."""
        opened = self.opened.replace(microsecond=self.opened.microsecond // 1000 * 1000)
        return opened + timedelta(milliseconds=next(self.clock))

    @property
    def known(self) -> frozenset[str]:
        """The names of contacts' properties."""
        return STANDARD | self.made

    @property
    def stamp(self) -> str:
        """The present, as HubSpot writes it."""
        return written(self.now())

    def put_contact(self, properties: dict[str, str], created: datetime, company: str | None = None) -> str:
        """Put a contact there as somebody would on HubSpot's pages; returns the id."""
        number = str(next(self.numbers))
        created = created.replace(microsecond=created.microsecond // 1000 * 1000)
        thing = Thing(number, dict(properties), created, company=company)
        if thing.properties.get("email"):
            thing.addresses.append((thing.properties["email"], created))
        self.contacts[number] = thing
        return number

    def read(self, identifier: str, query: dict[str, str]) -> Json:
        """`GET …/contacts/ID`."""
        key = query.get("idProperty")
        thing = self._by_address(identifier) if key == "email" else self._contact(identifier)
        if thing is None:
            raise Refused(404, "OBJECT_NOT_FOUND")
        wanted = set((query.get("properties") or "email,firstname,lastname").split(","))
        found = self._shown(thing, wanted)
        if "email" in (query.get("propertiesWithHistory") or "").split(","):
            found["propertiesWithHistory"] = {
                "email": [
                    {"value": value, "timestamp": written(at), "sourceType": "INTEGRATION"}
                    for value, at in reversed(thing.addresses)
                ]
            }
        if "companies" in (query.get("associations") or "").split(",") and thing.company:
            link = {"id": thing.company, "type": "contact_to_company"}
            found["associations"] = {"companies": {"results": [link]}}
        return found

    def change(self, identifier: str, properties: dict[str, str]) -> Json:
        """`PATCH …/contacts/ID`."""
        thing = self._contact(identifier)
        if thing is None:
            raise Refused(404, "OBJECT_NOT_FOUND")
        self._check(properties, but=thing)
        self._set(thing, properties)
        return self._shown(thing, set(properties))

    def batch_read(self, objects: str, body: Json) -> tuple[int, Json]:
        """`POST …/batch/read`."""
        inputs = self._inputs(body)
        things = self.contacts if objects == "contacts" else self.emails
        found, missing = [], []
        for each in inputs:
            thing = (
                self._by_address(each["id"]) if body.get("idProperty") == "email" else things.get(each["id"])
            )
            if thing is None or thing.archived:
                missing.append(each["id"])
            else:
                found.append(self._shown(thing, set(body.get("properties") or ())))
        answer: Json = {
            "status": "COMPLETE",
            "results": found,
            "startedAt": self.stamp,
            "completedAt": self.stamp,
        }
        if missing:
            error = {
                "status": "error",
                "category": "OBJECT_NOT_FOUND",
                "message": f"Could not get some {objects} objects, they may be deleted or not exist.",
                "context": {"ids": missing},
            }
            answer |= {"numErrors": 1, "errors": [error]}
        return (207 if missing else 200), answer

    def batch_create(self, body: Json) -> tuple[int, Json]:
        """`POST …/contacts/batch/create`: some may be created and others not, where each has a trace id."""
        created, errors = [], []
        inputs = self._inputs(body)
        for each in inputs:
            try:
                self._check(each["properties"])
            except Refused as refusal:
                if "objectWriteTraceId" not in each:
                    raise
                errors.append(
                    refusal.body | {"context": {"objectWriteTraceId": [each["objectWriteTraceId"]]}}
                )
                continue
            at = self.now()
            number = str(next(self.numbers))
            thing = self.contacts[number] = Thing(number, {}, at, visible_at=self.searches + self.lag)
            self._set(thing, each["properties"])
            created.append(self._shown(thing, set(each["properties"])))
        answer: Json = {
            "status": "COMPLETE",
            "results": created,
            "startedAt": self.stamp,
            "completedAt": self.stamp,
        }
        if errors:
            return 207, answer | {"numErrors": len(errors), "errors": errors}
        return 201, answer

    def archive(self, objects: str, body: Json) -> None:
        """`POST …/batch/archive`."""
        things = self.contacts if objects == "contacts" else self.emails
        for each in self._inputs(body):
            if each["id"] in things:
                things[each["id"]].archived = True

    def search(self, body: Json) -> Json:
        """`POST …/contacts/search`."""
        self.searches += 1
        groups = body.get("filterGroups") or []
        limit, after = int(body.get("limit", 10)), int(body.get("after") or 0)
        if len(groups) > 5 or any(len(group["filters"]) > 6 for group in groups) or not 0 < limit <= 200:
            raise Refused(400, "VALIDATION_ERROR")
        if after + limit > MOST_FOUND:
            raise Refused(400, "VALIDATION_ERROR", "There was a problem with the request.")
        if len(body.get("sorts") or []) > 1:
            raise Refused(400, "VALIDATION_ERROR", "Only one sort is allowed")
        found = [
            thing
            for thing in self.contacts.values()
            if not thing.archived and thing.visible_at < self.searches and matches(self.known, thing, groups)
        ]
        for sort in body.get("sorts") or []:
            found.sort(key=lambda thing: comparable(thing, sort["propertyName"]))
        page = found[after : after + limit]
        answer: Json = {
            "total": len(found),
            "results": [self._shown(thing, set(body.get("properties") or ())) for thing in page],
        }
        if after + limit < len(found):
            answer["paging"] = {"next": {"after": str(after + limit), "link": ""}}
        return answer

    def gdpr_delete(self, body: Json) -> None:
        """`POST …/contacts/gdpr-delete`; an address that nobody has is put on the block list."""
        by_address = body.get("idProperty") == "email"
        thing = self._by_address(body["objectId"]) if by_address else self._contact(body["objectId"])
        if thing is None:
            if by_address:
                self.blocked.add(body["objectId"])
                return
            raise Refused(404, "OBJECT_NOT_FOUND")
        if thing.properties.get("email"):
            self.blocked.add(thing.properties["email"])
        del self.contacts[thing.id]

    def read_company(self, identifier: str, query: dict[str, str]) -> Json:
        """`GET …/companies/ID`."""
        if identifier not in self.companies:
            raise Refused(404, "OBJECT_NOT_FOUND")
        return self._shown(self.companies[identifier], set((query.get("properties") or "name").split(",")))

    def emails_of(self, identifier: str, query: dict[str, str]) -> Json:
        """`GET …/associations/emails`."""
        if self._contact(identifier) is None:
            raise Refused(404, "OBJECT_NOT_FOUND")
        theirs = [
            email for email in self.emails.values() if email.contact == identifier and not email.archived
        ]
        after, limit = int(query.get("after") or 0), min(int(query.get("limit") or 500), 4)
        kind = {"category": "HUBSPOT_DEFINED", "typeId": 197, "label": None}
        page = [
            {"toObjectId": int(email.id), "associationTypes": [kind]}
            for email in theirs[after : after + limit]
        ]
        answer: Json = {"results": page}
        if after + limit < len(theirs):
            answer["paging"] = {"next": {"after": str(after + limit)}}
        return answer

    def remove_secondary(self, identifier: str, address: str) -> Json:
        """`DELETE /contacts/v1/secondary-email/ID/email/ADDRESS`."""
        thing = self._contact(identifier)
        further = others(thing) if thing else []
        if thing is None or address not in further:
            raise Refused(404, "OBJECT_NOT_FOUND")
        further.remove(address)
        thing.properties["hs_additional_emails"] = ";".join(further)
        return {"portalId": 1, "vid": int(identifier), "secondaryEmails": further}

    def make_property(self, body: Json) -> Json:
        """`POST /crm/v3/properties/contacts`."""
        if body["name"] in self.made | STANDARD:
            raise Refused(409, "OBJECT_ALREADY_EXISTS")
        if not {"name", "label", "type", "fieldType", "groupName"} <= body.keys():
            raise Refused(400, "VALIDATION_ERROR")
        self.made.add(body["name"])
        return body

    def definitions(self) -> Json:
        """`GET …/definitions`."""
        return {
            "status": "COMPLETE",
            "results": [
                {"id": str(number), "name": name, "isActive": True, "communicationMethod": "Email"}
                for number, name in self.topics.items()
            ],
        }

    def statuses(self, address: str, query: dict[str, str]) -> Json:
        """`GET …/statuses/ADDRESS`."""
        if query.get("channel") != "EMAIL":
            raise Refused(400, "VALIDATION_ERROR", "channel is required")
        return {"status": "COMPLETE", "results": [self._status(address, number) for number in self.topics]}

    def write_statuses(self, body: Json) -> tuple[int, Json]:
        """`POST …/statuses/batch/write`."""
        done, errors = [], []
        for each in self._inputs(body):
            number, state = each["subscriptionId"], each["statusState"]
            if not isinstance(number, int) or each["channel"] != "EMAIL":
                raise Refused(400, "VALIDATION_ERROR")
            if number not in self.topics or state not in ("SUBSCRIBED", "UNSUBSCRIBED", "NOT_SPECIFIED"):
                errors.append({"status": "error", "category": "VALIDATION_ERROR", "message": "No such type"})
                continue
            self.subscribed[each["subscriberIdString"], number] = state
            if state == "SUBSCRIBED":
                self.opted_out.discard(each["subscriberIdString"])
            done.append(self._status(each["subscriberIdString"], number))
        answer: Json = {"status": "COMPLETE", "results": done}
        return (207, answer | {"numErrors": len(errors), "errors": errors}) if errors else (200, answer)

    def unsubscribe_all(self, address: str, query: dict[str, str]) -> Json:
        """`POST …/statuses/ADDRESS/unsubscribe-all`."""
        if query.get("channel") != "EMAIL":
            raise Refused(400, "VALIDATION_ERROR", "channel is required")
        self.opted_out.add(address)
        return {"status": "COMPLETE", "results": [self._status(address, number) for number in self.topics]}

    def _status(self, address: str, number: int) -> Json:
        state = "UNSUBSCRIBED" if address in self.opted_out else self.subscribed.get((address, number))
        return {
            "channel": "EMAIL",
            "subscriberIdString": address,
            "subscriptionId": number,
            "subscriptionName": self.topics[number],
            "status": state or "NOT_SPECIFIED",
            "source": "stand-in",
            "timestamp": written(self.opened),
        }

    def _contact(self, identifier: str) -> Thing | None:
        thing = self.contacts.get(identifier)
        return None if thing is None or thing.archived else thing

    def _by_address(self, address: str) -> Thing | None:
        return next(
            (
                thing
                for thing in self.contacts.values()
                if not thing.archived
                and address.lower() in (thing.properties.get("email", "").lower(), *others(thing))
            ),
            None,
        )

    def _check(self, properties: dict[str, str], but: Thing | None = None) -> None:
        unknown = sorted(set(properties) - STANDARD - self.made)
        if unknown:
            errors = [
                {
                    "message": f'Property "{name}" does not exist',
                    "code": "PROPERTY_DOESNT_EXIST",
                    "context": {"propertyName": [name]},
                }
                for name in unknown
            ]
            raise Refused(400, "VALIDATION_ERROR", "Property values were not valid", errors=errors)
        if any(not isinstance(value, str) for value in properties.values()):
            raise Refused(400, "VALIDATION_ERROR", "Invalid input JSON")
        if READ_ONLY & properties.keys():
            error = {
                "code": "READ_ONLY_VALUE",
                "context": {"propertyName": sorted(READ_ONLY & properties.keys())},
            }
            raise Refused(400, "VALIDATION_ERROR", errors=[error])
        address = properties.get("email", "")
        if not address:
            return
        if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", address):
            error = {"code": "INVALID_EMAIL", "context": {"propertyName": ["email"]}}
            raise Refused(400, "VALIDATION_ERROR", f"Email address {address} is invalid", errors=[error])
        owner = self._by_address(address)
        if owner is not None and owner is not but:
            raise Refused(409, "CONFLICT", f"Contact already exists. Existing ID: {owner.id}")

    def _set(self, thing: Thing, properties: dict[str, str]) -> None:
        if "email" in properties and properties["email"] != thing.properties.get("email"):
            thing.addresses.append((properties["email"], self.now()))
        thing.properties |= properties
        thing.properties = {name: value for name, value in thing.properties.items() if value}

    def _inputs(self, body: Json) -> list[Json]:
        inputs: list[Json] = body["inputs"]
        if not 0 < len(inputs) <= MOST_IN_A_BATCH:
            raise Refused(400, "VALIDATION_ERROR", "The maximum number of inputs is 100")
        return inputs

    def _shown(self, thing: Thing, wanted: set[str]) -> Json:
        always = {"hs_object_id": thing.id, "createdate": written(thing.created)}
        known = STANDARD | self.made
        values = {
            name: thing.properties.get(name) for name in wanted if name in known or name in thing.properties
        }
        return {
            "id": thing.id,
            "properties": values | always,
            "createdAt": written(thing.created),
            "updatedAt": written(thing.created),
            "archived": False,
        }
