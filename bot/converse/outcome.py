"""What must be true when a script is over: cases, the CRM, mail and the suppression list."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.converse import matching
from bot.converse.demo import Demo
from bot.converse.mailroom import Mailroom

LOOK_SECONDS = 0.2
OUTCOME_SECONDS = 15.0


def differences(
    expect: Mapping[str, Any],
    demo: Demo,
    mailroom: Mailroom,
    before: Mapping[str, Any],
    *,
    patience: float = OUTCOME_SECONDS,
) -> list[str]:
    """Wait until everything expected is so, and say what is not.

    Args:
        expect: as `schema.json` has it, with every name filled in.
        demo: where the script was played.
        mailroom: the script's mail.
        before: the demo's state when the script began.
        patience: seconds to wait; the worker carries things out beside the conversation.
    """
    deadline = time.monotonic() + patience
    while True:
        state = demo.state()
        found = [*_of_state(expect, state, before), *_of_mail(expect, mailroom)]
        if not found or time.monotonic() > deadline:
            return found
        time.sleep(LOOK_SECONDS)


def _of_state(
    expect: Mapping[str, Any], state: Mapping[str, Any], before: Mapping[str, Any]
) -> Iterator[str]:
    cases = state["cases"]
    if "case" in expect:
        attempts = [_of_case(expect["case"], case) for case in cases]
        yield from matching.nearest(attempts, "there is no case at all")
    if "cases" in expect:
        yield from _of_cases(expect["cases"], cases)
    for case in cases if "no_case" in expect else ():
        if not _of_case(expect["no_case"], case):
            yield f"the case {case['reference']} is as none should be"
    for name, expected in expect.get("crm", {}).items():
        held, earlier = state["contacts"].get(name), before["contacts"].get(name, {})
        reasons = ["is unknown"] if held is None else matching.of_contact(expected, held, earlier)
        yield from (f"{name} {reason}" for reason in reasons)
    yield from _of_tasks(expect, state.get("tasks", ()))
    suppressed = state["suppression"]
    yield from (
        f"{address} is not suppressed"
        for address in _listed(expect, "suppression")
        if not _is_suppressed(address, suppressed)
    )
    yield from (
        f"{address} is suppressed"
        for address in _listed(expect, "no_suppression")
        if _is_suppressed(address, suppressed)
    )


def _of_mail(expect: Mapping[str, Any], mailroom: Mailroom) -> Iterator[str]:
    if not {"mail", "no_mail"} & expect.keys():
        return
    arrived = mailroom.arrived()
    for wanted in expect.get("mail", ()):
        attempts = [matching.of_mail(wanted, mail) for mail in arrived]
        reasons = matching.nearest(attempts, "there was no mail at all")
        yield from (f"mail {dict(wanted)}: {reason}" for reason in reasons)
    for unwanted in expect.get("no_mail", ()):
        for mail in arrived:
            if not matching.of_mail(unwanted, mail):
                yield f"the mail “{mail['subject']}” to {mail['to']} should not have been sent"


def _of_tasks(expect: Mapping[str, Any], tasks: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if "task" in expect:
        attempts = [_of_task(expect["task"], task) for task in tasks]
        yield from matching.nearest(attempts, "nobody has any task")
    for task in tasks if "no_task" in expect else ():
        if not _of_task(expect["no_task"], task):
            yield f"there is a task that should not be: {task['kind']}, {task['text']}"


def _of_task(expected: Mapping[str, Any], task: Mapping[str, Any]) -> list[str]:
    reasons = [] if expected.get("kind", task["kind"]) == task["kind"] else [f"its kind is {task['kind']}"]
    return reasons + matching.of_wording(expected.get("text", ""), task["text"], "its text")


def _of_cases(expected: Sequence[Any], cases: Sequence[Mapping[str, Any]]) -> list[str]:
    if len(expected) != len(cases):
        listed = ", ".join(f"{case['right']} {case['state']}" for case in cases) or "none"
        return [f"there are {len(cases)} cases, not {len(expected)}: {listed}"]
    return [
        f"case {number}: {reason}"
        for number, (wanted, case) in enumerate(zip(expected, cases, strict=True), start=1)
        for reason in _of_case(wanted, case)
    ]


def _of_case(expected: Mapping[str, Any], case: Mapping[str, Any]) -> list[str]:
    return matching.of_case(expected, case, str(case.get("received_at", "")))


def _is_suppressed(address: str, suppressed: Any) -> bool:
    return address.lower() in {str(entry).lower() for entry in suppressed}


def _listed(expect: Mapping[str, Any], name: str) -> list[str]:
    value = expect.get(name, [])
    return [value] if isinstance(value, str) else list(value)
