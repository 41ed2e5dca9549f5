"""The description at /openapi.json is true: what it allows, and much it does not, gets an answer it names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import APIOperation, Case, GenerationMode, checks

from tests.unit.gateway.conftest import Chat, Running

EXAMPLES = 25
NOTHING_TO_GET_WRONG = ("GET /api/vocabulary", "GET /healthz", "GET /readyz")
CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]


@pytest.fixture(scope="module")
def chat(shared: Running) -> Chat:
    return shared.open()


def operations(running: Running) -> Iterator[APIOperation]:
    """All but the stream: one that is let in stays open by design, and its refusals are tested beside it."""
    api = schemathesis.openapi.from_url(f"{running.url}/openapi.json")
    for found in api.exclude(path_regex="/events$").get_all_operations():
        yield found.ok()


def ask(operation: APIOperation, mode: GenerationMode, call: Callable[[Case], None]) -> None:
    """Make many requests of one operation: such as are described, or such as are not."""

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    def asked(case: Case) -> None:
        call(case)

    asked()


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_strangers_get_answers_that_are_described(shared: Running, mode: GenerationMode) -> None:
    asked = []
    for operation in operations(shared):
        if mode is GenerationMode.NEGATIVE and operation.label in NOTHING_TO_GET_WRONG:
            continue
        # That a part is away is what 503 is for, there alone.
        found = CHECKS[1:] if operation.label == "GET /readyz" else CHECKS
        ask(operation, mode, partial(_call, shared, found))
        asked.append(operation.label)
    assert len(asked) >= 4


def _call(running: Running, found: list[checks.CheckFunction], case: Case) -> None:
    case.call_and_validate(base_url=running.url, checks=found, timeout=15)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_a_contact_gets_answers_that_are_described(shared: Running, chat: Chat, mode: GenerationMode) -> None:
    def call(case: Case) -> None:
        case.path_parameters["id"] = chat.id
        case.call_and_validate(base_url=shared.url, checks=CHECKS, headers=chat.headers, timeout=15)

    of_conversations = [operation for operation in operations(shared) if "{id}" in operation.path]
    assert len(of_conversations) == 3
    for operation in of_conversations:
        ask(operation, mode, call)
