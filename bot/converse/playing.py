"""Plays one script, step by step."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from actions.wording.services import organisation
from bot.converse import matching
from bot.converse.agents import Agents
from bot.converse.channels import Channels, Talking
from bot.converse.demo import Demo, DemoError, Message, Refusal
from bot.converse.mailroom import Mailroom, another
from bot.converse.outcome import differences
from bot.converse.report import Failed, expectation, said, story
from bot.converse.script import Person, Script, Step, duration
from bot.converse.substitution import fill

LATE_SECONDS = 10.0
LOOK_SECONDS = 0.1
EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Record = Callable[[str, str], None]


def forget(_kind: str, _value: str) -> None:
    """Keep no record of personal values."""


@dataclass
class Seat:
    """One conversation of the script.

    Attributes:
        person: who speaks there.
        address: the address used there last.
        since: how many messages there were when the contact spoke last.
        matched: how many of them are behind us.
    """

    person: Person
    talk: Talking
    address: str
    since: int = 0
    matched: int = 0


class Player:
    """Plays a script against a demo that has just been reset."""

    def __init__(
        self,
        script: Script,
        demo: Demo,
        agents: Agents,
        *,
        record: Record = forget,
        patience: float = LATE_SECONDS,
        channels: Channels | None = None,
    ) -> None:
        """Prepare to play.

        Args:
            script: what to play.
            demo: where.
            agents: who decides cases.
            record: told the kind and the value of everything personal that is used.
            patience: seconds to wait for what does not come at once.
            channels: the ways to the demo; by default the website's only.
        """
        self.script = script
        self._demo = demo
        self._agents = agents
        self._record = record
        self._patience = patience
        self._channels = channels or Channels(demo, None)
        self._seats: dict[str, Seat] = {}

    def play(self) -> None:
        """Play every step and look at the outcome.

        Raises:
            Failed: something was not as expected.
            DemoError: the demo does not work.
        """
        self._before = self._demo.state()
        self._mailroom = Mailroom(self._demo, patience=self._patience)
        self._seat = self._take_seat("main", self.script.people[0])
        for step in self.script.steps:
            try:
                getattr(self, f"_{step.kind}")(step)
            except (DemoError, Refusal) as error:
                raise self._failed(step.line, step, [str(error)]) from error
        if self.script.expect:
            wanted = fill(self.script.expect, self._known)
            left = differences(wanted, self._demo, self._mailroom, self._before, patience=self._patience)
            if left:
                raise self._failed(self.script.expect_line, Step("expect", wanted, 0), left)

    def _contact(self, step: Step) -> None:
        self._mailroom.await_code()
        body = fill({"text": step.content} if isinstance(step.content, str) else step.content, self._known)
        refused = body.pop("refused", None)
        if "code" not in body.get("fields", {}):
            self._mailroom.new_code_may_come()
        self._note_values(body)
        seat = self._seat
        seat.talk.look()
        seat.since = seat.matched = len(seat.talk.messages)
        try:
            seq = seat.talk.send(body)
        except Refusal as refusal:
            if refused in (refusal.code, str(refusal.status)):
                return
            raise
        if refused is not None:
            raise self._failed(step.line, step, [f"was accepted, not refused as {refused}"])
        seat.talk.settle(seq)
        wants_code = body.get("choice") == "resend_code" or "email" in body.get("fields", {})
        asked = [message["ask"]["field"] for message in self._answers(seat.since) if "ask" in message]
        if "code" in asked and (wants_code or EMAIL.search(body.get("text", ""))):
            self._mailroom.code_is_coming()

    def _assistant(self, step: Step) -> None:
        wanted = fill(step.content, self._known)
        deadline = time.monotonic() + self._patience
        for expected in wanted if isinstance(wanted, list) else [wanted]:
            self._expect_message(step, expected, deadline)

    def _expect_message(self, step: Step, expected: Any, deadline: float) -> None:
        seat = self._seat
        if not (isinstance(expected, Mapping) and expected.keys() == {"not"}):
            while (number := self._first_match(expected)) is None:
                if time.monotonic() > deadline:
                    raise self._failed(step.line, Step("assistant", expected, 0), self._nearest(expected))
                time.sleep(LOOK_SECONDS)
                seat.talk.look()
            seat.matched = number + 1
        unwanted = expected.get("not", []) if isinstance(expected, Mapping) else []
        for each in unwanted if isinstance(unwanted, list) else [unwanted]:
            for message in self._answers(seat.since):
                if not matching.of_message(each, message):
                    reason = f"but this was said: {said(message)}"
                    raise self._failed(step.line, Step("assistant", {"not": each}, 0), [reason])

    def _first_match(self, expected: Any) -> int | None:
        messages = self._seat.talk.messages
        for number in range(self._seat.matched, len(messages)):
            if messages[number]["from"] != "contact" and not matching.of_message(expected, messages[number]):
                return number
        return None

    def _nearest(self, expected: Any) -> list[str]:
        attempts = [matching.of_message(expected, message) for message in self._answers(self._seat.matched)]
        more = "more " if self._seat.matched > self._seat.since else ""
        return matching.nearest(attempts, f"nothing {more}was said")

    def _answers(self, since: int) -> list[Message]:
        return [message for message in self._seat.talk.messages[since:] if message["from"] != "contact"]

    def _clock(self, step: Step) -> None:
        by = self._until(step.content["to"]) if isinstance(step.content, Mapping) else duration(step.content)
        self._mailroom.await_code()
        self._demo.advance(by)

    def _until(self, when: str) -> timedelta:
        day, _, clock = when.partition(" ")
        hour, minute = (int(part) for part in clock.split(":"))
        # A new conversation's greeting tells what time it is there.
        at = datetime.fromisoformat(self._demo.open().messages[0]["at"])
        local = at.astimezone(ZoneInfo(organisation().timezone))
        target = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
        target += timedelta(days=(DAYS.index(day) - local.weekday()) % 7)
        if target <= local:
            target += timedelta(days=7)
        return timedelta(seconds=round(target.timestamp() - at.timestamp()) + 1)

    def _agent(self, step: Step) -> None:
        wish = fill(step.content, self._known)
        done = self._agents.decide(wish)
        if "fails" not in wish:
            if not done.succeeded:
                raise self._failed(step.line, step, [f"it failed: {done.output}"])
            return
        reasons = (
            ["it succeeded"]
            if done.succeeded
            else matching.of_wording(wish["fails"], done.output, "its output")
        )
        if reasons:
            raise self._failed(step.line, step, [*reasons, done.output])

    def _mail(self, step: Step) -> None:
        self._mailroom.find(fill(step.content, self._known))

    def _wait(self, step: Step) -> None:
        time.sleep(duration(step.content).total_seconds())

    def _conversation(self, step: Step) -> None:
        content = {} if isinstance(step.content, str) else step.content
        person = next(
            (person for person in self.script.people if person.name == content.get("as")), self._seat.person
        )
        fresh = f"conversation {len(self._seats) + 1}"
        name = content.get("name") or (person.name if "as" in content else fresh)
        if name not in self._seats:
            self._until_done()
        self._seat = self._seats.get(name) or self._take_seat(name, person)

    def _until_done(self) -> None:
        """Who comes back comes later: what the worker can do now is done by then."""
        deadline = time.monotonic() + self._patience
        while self._demo.state().get("worker_busy") and time.monotonic() < deadline:
            time.sleep(LOOK_SECONDS)

    def _take_seat(self, name: str, person: Person) -> Seat:
        for kind, value in person.facts.items():
            self._record(kind, value)
        seat = Seat(person, self._channels.open(self.script.channel, person), person.facts["email"])
        self._seats[name] = seat
        if name == "main":
            self._seats.setdefault(person.name, seat)
        return seat

    def _known(self, name: str) -> str:
        owner, _, part = name.partition(".")
        if owner == "contact":
            return self._seat.person.facts.get(part, "")
        if owner == "case":
            value = str(self._newest_case()[part])
            if part == "reference":
                self._record("reference", value)
            return value
        if part.startswith("last."):
            received = self._mailroom.to(self._seat.address)
            return str(received[-1][part.removeprefix("last.")]) if received else ""
        previous = part == "previous_code"
        room, address = self._mailroom, self._seat.address
        code = room.previous_code(address) if previous else room.newest_code(address)
        self._record("code", code)
        return another(code) if part == "wrong_code" else code

    def _newest_case(self) -> Mapping[str, Any]:
        for seat in (self._seat, *self._seats.values()):
            for message in reversed(seat.talk.messages):
                if "case" in message:
                    found: Mapping[str, Any] = message["case"]
                    return found
        raise DemoError("no case has been mentioned yet")

    def _note_values(self, body: Mapping[str, Any]) -> None:
        fields: Mapping[str, str] = body.get("fields", {})
        addresses = [fields["email"]] if "email" in fields else EMAIL.findall(body.get("text", ""))
        for kind, value in fields.items():
            self._record(kind, value)
        for address in addresses:
            self._record("email", address)
            self._seat.address = address.strip().lower()
        for number in re.findall(r"(?<![\w@.])\+?\d[\d ().-]{4,}\d(?!\w)", body.get("text", "")):
            self._record("number", number)

    def _failed(self, line: int, step: Step, reasons: list[str]) -> Failed:
        seat = self._seat
        return Failed(
            path=self.script.path,
            line=line,
            expected=expectation(step.kind, step.content),
            reasons=reasons,
            transcript=story(seat.talk.messages[seat.since :]),
            state=self._demo.state(),
            mail=self._mailroom.arrived(),
        )
