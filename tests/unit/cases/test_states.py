"""Only named transitions."""

from __future__ import annotations

import pytest

from actions.cases.interfaces import CASE_STATES, CLOSED_STATES, OPEN_STATES, TransitionRefused
from actions.cases.states import TRANSITIONS, require_person, transition


def test_every_state_has_its_transitions_and_closed_ones_have_none() -> None:
    assert set(TRANSITIONS) == set(CASE_STATES)
    assert all(not TRANSITIONS[state] for state in CLOSED_STATES)
    assert all(TRANSITIONS[state] for state in OPEN_STATES)


def test_every_state_is_reached_from_a_draft_and_leads_to_an_end() -> None:
    def reached(start: str) -> set[str]:
        seen, todo = {start}, [start]
        while todo:
            for state in TRANSITIONS[todo.pop()]:
                if state not in seen:
                    seen.add(state)
                    todo.append(state)
        return seen

    assert reached("draft") == set(CASE_STATES)
    assert all(reached(state) & CLOSED_STATES for state in OPEN_STATES)


def test_what_cannot_be_undone_is_never_withdrawn_once_it_runs() -> None:
    with pytest.raises(TransitionRefused):
        transition("PR-1111-1111", "in_progress", "withdrawn")
    assert transition("PR-1111-1111", "scheduled", "withdrawn") == "withdraw"


def test_only_the_unverified_expire() -> None:
    assert {state for state in CASE_STATES if "expired" in TRANSITIONS[state]} == {
        "draft",
        "awaiting_identity",
        "awaiting_clarification",
    }


@pytest.mark.parametrize(
    ("now_in", "to", "says"),
    [
        ("fulfilled", "refused", "Case PR-1111-1111 is closed (fulfilled), so it can't become refused."),
        ("scheduled", "scheduled", "Case PR-1111-1111 is scheduled already."),
        ("in_progress", "draft", "Case PR-1111-1111 is in progress, and can't go from there to draft."),
        ("draft", "lost", "There is no case state called 'lost'."),
    ],
)
def test_a_refused_transition_says_why(now_in: str, to: str, says: str) -> None:
    with pytest.raises(TransitionRefused) as refused:
        transition("PR-1111-1111", now_in, to)
    assert str(refused.value) == says


@pytest.mark.parametrize("machine", ["assistant", "worker", "system", "contact", ""])
def test_only_people_refuse(machine: str) -> None:
    with pytest.raises(TransitionRefused, match="Only a person"):
        require_person("PR-1111-1111", machine, "a reason")


@pytest.mark.parametrize("reason", [None, "", "  "])
def test_nobody_refuses_without_a_reason(reason: str | None) -> None:
    with pytest.raises(TransitionRefused, match="without a reason"):
        require_person("PR-1111-1111", "dana", reason)
