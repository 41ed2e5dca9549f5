"""A script is played as it is written, and what goes otherwise is shown so that its author understands."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.converse import demo as demo_module
from bot.converse.agents import AgentsAtHome, Done, NoAgents, arguments
from bot.converse.demo import Demo, DemoError
from bot.converse.mailroom import another, code_in
from bot.converse.playing import Player
from bot.converse.report import Failed
from bot.converse.running import find, load_all, play, play_all
from bot.converse.script import load
from tests.unit.converse.fake_demo import FakeDemo, code_mail, fake_demo

CASE = {"reference": "PR-1", "right": "access", "state": "fulfilled", "due": "2026-12-23"}


class Agent:
    """An agent who does as told by the test."""

    def __init__(self, done: Done) -> None:
        self.done = done
        self.wishes: list[Mapping[str, str]] = []

    def decide(self, wish: Mapping[str, str]) -> Done:
        self.wishes.append(wish)
        return self.done


def played(tmp_path: Path, fake: FakeDemo, steps: str, *, agents: Any = None, record: Any = None) -> None:
    path = tmp_path / "script.yml"
    path.write_text(f"conversation: x\ncontact: tom\n{steps}")
    with Demo(fake.address) as demo:
        more = {"record": record} if record else {}
        Player(load(path), demo, agents or NoAgents(), patience=0.5, **more).play()


def failure(tmp_path: Path, fake: FakeDemo, steps: str, **more: Any) -> Failed:
    with pytest.raises(Failed) as caught:
        played(tmp_path, fake, steps, **more)
    return caught.value


def test_what_is_said_is_sent_as_the_contract_has_it(tmp_path: Path) -> None:
    with fake_demo() as fake:
        played(
            tmp_path,
            fake,
            "steps:\n  - contact: hi\n  - contact: {choice: access, key: k}\n"
            '  - contact: {fields: {email: "{contact.email}"}}\n',
        )
    assert fake.received == [
        {"text": "hi"},
        {"choice": "access", "key": "k"},
        {"fields": {"email": "tom@northgate.example"}},
    ]


def test_messages_are_matched_in_order_and_only_those_since_the_contact_spoke(tmp_path: Path) -> None:
    with fake_demo(answer=lambda _: [{"text": "one"}, {"text": "two"}, {"text": "three"}]) as fake:
        played(tmp_path, fake, "steps:\n  - assistant: Hello\n  - contact: a\n  - assistant: [one, three]\n")
        played(tmp_path, fake, "steps:\n  - contact: a\n  - assistant: two\n  - assistant: three\n")
        failed = failure(tmp_path, fake, "steps:\n  - contact: a\n  - assistant: [two, one]\n")
        assert failed.reasons == ["text lacks “one”"]
        failed = failure(tmp_path, fake, "steps:\n  - contact: a\n  - assistant: Hello\n")
        assert failed.line == 5
        failed = failure(tmp_path, fake, "steps:\n  - contact: a\n  - assistant: [three, three]\n")
        assert failed.reasons == ["nothing more was said"]


def test_what_must_not_be_said_is_looked_for_in_every_new_message(tmp_path: Path) -> None:
    with fake_demo(answer=lambda _: [{"text": "one"}, {"text": "two"}]) as fake:
        played(tmp_path, fake, "steps:\n  - contact: a\n  - assistant: {says: one, not: Hello}\n")
        failed = failure(
            tmp_path, fake, "steps:\n  - contact: a\n  - assistant: {says: two, not: [x, one]}\n"
        )
        assert failed.expected == 'assistant: {"not": "one"}'
        assert failed.reasons == ["but this was said: assistant: one"]
        failure(tmp_path, fake, "steps:\n  - contact: a\n  - assistant: {not: {says: two}}\n")


def test_what_the_worker_says_later_is_waited_for(tmp_path: Path) -> None:
    with fake_demo(late=[{"text": "done"}]) as fake:
        played(tmp_path, fake, "steps:\n  - contact: a\n  - assistant: All right\n  - assistant: done\n")


def test_a_failure_shows_the_step_the_difference_the_transcript_and_the_state(tmp_path: Path) -> None:
    card = {"title": "What we hold", "rows": [{"id": "name", "label": "Name", "value": "Tom"}]}
    answer = {"text": "Which address?", "ask": {"field": "email", "label": "x"}, "card": card, "case": CASE}
    with fake_demo(answer=lambda _: [answer], mail=[]) as fake:
        fake.state["cases"] = [CASE]
        text = failure(tmp_path, fake, "steps:\n  - contact: a\n  - assistant: {asks: code}\n").render()
    assert text == (
        f"{tmp_path}/script.yml:5:\n"
        '  - assistant: {"asks": "code"}\n'
        "  + asks for email, not for code\n"
        "\n"
        "  Since the contact spoke last:\n"
        "    contact: a\n"
        "    assistant: Which address?\n"
        "      ⎡ What we hold\n"
        "      ⎢ name: Tom\n"
        "      { email }\n"
        "      case PR-1: access, fulfilled, due 2026-12-23\n"
        "\n"
        "  Cases: PR-1 access fulfilled\n"
        "  Mail: none"
    )


def test_codes_and_references_are_filled_in(tmp_path: Path) -> None:
    with fake_demo() as fake:
        codes = iter(["012345", "999999"])

        def answer(body: dict[str, Any]) -> list[dict[str, Any]]:
            if "email" in body.get("fields", {}) or body.get("choice") == "resend_code":
                fake.mail.append(code_mail(body.get("fields", {}).get("email", "a@b.example"), next(codes)))
            return [{"text": "ok", "case": CASE}]

        fake.answer = answer
        played(
            tmp_path,
            fake,
            "steps:\n"
            "  - contact: {fields: {email: a@b.example}}\n"
            '  - contact: {fields: {code: "{mail.wrong_code}"}}\n'
            '  - contact: {fields: {code: "{mail.code}"}}\n'
            "  - contact: {choice: resend_code}\n"
            '  - contact: {fields: {code: "{mail.previous_code}"}}\n'
            "  - contact: it is {mail.code}, {contact.name}, {case.reference}, {mail.last.subject}\n",
        )
    assert [body.get("fields", {}).get("code") for body in fake.received] == [
        None, "012346", "012345", None, "012345", None,
    ]  # fmt: skip
    assert fake.received[-1] == {"text": "it is 999999, Tom, PR-1, Your code"}


def test_a_code_that_does_not_come_is_a_failure(tmp_path: Path) -> None:
    with fake_demo() as fake:
        failed = failure(tmp_path, fake, 'steps:\n  - contact: {fields: {code: "{mail.code}"}}\n')
    assert failed.reasons == ["no code came for tom@northgate.example within 0.5 s"]


def test_a_refusal_is_expected_or_a_failure(tmp_path: Path) -> None:
    with fake_demo(refuse={"x": (409, "stale_choice")}) as fake:
        played(tmp_path, fake, "steps:\n  - contact: {text: x, refused: stale_choice}\n")
        played(tmp_path, fake, "steps:\n  - contact: {text: x, refused: '409'}\n")
        assert failure(tmp_path, fake, "steps:\n  - contact: x\n").reasons == ["409 stale_choice: No."]
        failed = failure(tmp_path, fake, "steps:\n  - contact: {text: y, refused: stale_choice}\n")
        assert failed.reasons == ["was accepted, not refused as stale_choice"]


def test_the_clock_goes_forward_by_a_duration_or_to_an_hour_of_the_week(tmp_path: Path) -> None:
    # A Monday at noon, in winter: London's time is UTC.
    with fake_demo() as fake:
        played(
            tmp_path,
            fake,
            "steps:\n  - clock: PT11M\n  - clock: {to: saturday 11:00}\n  - clock: {to: monday 12:30}\n"
            "  - clock: {to: monday 11:30}\n",
        )
    days = 86400
    assert fake.advanced == ["P0DT660S", f"P4DT{days - 3600 + 1}S", "P0DT1801S", f"P6DT{days - 1800 + 1}S"]


def test_an_agent_decides_as_told(tmp_path: Path) -> None:
    agent = Agent(Done(True, "approved"))
    with fake_demo(answer=lambda _: [{"text": "ok", "case": CASE}]) as fake:
        steps = 'steps:\n  - contact: a\n  - agent: {as: dana, approves: "{case.reference}"}\n'
        played(tmp_path, fake, steps, agents=agent)
        assert agent.wishes == [{"as": "dana", "approves": "PR-1"}]
        failed = failure(tmp_path, fake, steps.replace("}\n", ", fails: x}\n"), agents=agent)
        assert failed.reasons[0] == "it succeeded"
        agent.done = Done(False, "is not waiting")
        assert failure(tmp_path, fake, steps, agents=agent).reasons == ["it failed: is not waiting"]
        played(tmp_path, fake, steps.replace("}\n", ", fails: not waiting}\n"), agents=agent)


def test_an_agent_needs_the_state_folder(tmp_path: Path) -> None:
    with fake_demo() as fake:
        failed = failure(tmp_path, fake, "steps:\n  - agent: {as: dana, approves: PR-1}\n")
    assert "RIGHTLINE_HOME" in failed.reasons[0]


def test_an_agents_step_becomes_arguments_of_the_command_line() -> None:
    approved = {"as": "dana", "approves": "PR-1", "contact": "jo"}
    assert arguments(approved) == ["approve", "PR-1", "--as", "dana", "--contact", "jo"]
    refused = {"as": "sam", "refuses": "PR-2", "reason": "Because."}
    assert arguments(refused) == ["refuse", "PR-2", "--as", "sam", "--reason", "Because."]


def test_the_command_line_is_run_on_the_state_folder(tmp_path: Path) -> None:
    done = AgentsAtHome(tmp_path).decide({"as": "dana", "approves": "PR-0000-0000"})
    assert not done.succeeded
    assert done.output


def test_several_conversations_go_side_by_side(tmp_path: Path) -> None:
    with fake_demo() as fake:
        path = tmp_path / "script.yml"
        path.write_text(
            "conversation: x\ncontacts: [tom, lee]\nsteps:\n  - contact: one\n  - conversation: {as: lee}\n"
            "  - contact: two from {contact.name}\n  - conversation: new\n  - contact: three\n"
            "  - conversation: {as: tom}\n  - contact: four\n  - conversation: {name: aside}\n"
            "  - contact: five\n"
            "  - conversation: {name: main}\n  - contact: six\n"
        )
        with Demo(fake.address) as demo:
            play(load(path), demo, NoAgents())
    said = {
        name: [message["text"] for message in log if message["from"] == "contact"]
        for name, log in fake.logs.items()
    }
    assert said == {"c1": ["one", "four", "six"], "c2": ["two from Lee"], "c3": ["three"], "c4": ["five"]}


def test_who_begins_another_conversation_comes_when_the_worker_is_done(tmp_path: Path) -> None:
    with fake_demo() as fake:
        began: list[bool] = []
        looks = [0]

        class Busy(dict[str, Any]):
            """A state in which the worker is done at the third look after the first message."""

            def items(self) -> Any:
                looks[0] += bool(fake.received)
                self["worker_busy"] = looks[0] < 3
                began.append(len(fake.logs) > 1)
                return super().items()

        fake.state = Busy(fake.state)
        played(tmp_path, fake, "steps:\n  - contact: one\n  - conversation: new\n  - contact: two\n")
    assert looks[0] == 3
    assert not any(began)
    assert len(fake.logs) == 2


def test_the_outcome_is_waited_for_and_each_difference_is_named(tmp_path: Path) -> None:
    with fake_demo() as fake:
        tasks = [{"kind": "review", "text": "Read the emails.", "due": None}]
        fake.state |= {"cases": [CASE], "suppression": ["tom@northgate.example"], "tasks": tasks}
        fake.mail = []

        def answer(_body: dict[str, Any]) -> list[dict[str, Any]]:
            fake.mail.append(code_mail("tom@northgate.example", "123456"))
            return [{"text": "ok"}]

        fake.answer = answer
        played(
            tmp_path,
            fake,
            "steps: [contact: a]\nexpect:\n  case: {right: access}\n  cases: [{state: fulfilled}]\n"
            "  no_case: {right: erasure}\n  crm: {tom: unchanged}\n  mail: [{to: tom@northgate.example}]\n"
            "  no_mail: [{subject: deleted}]\n  suppression: Tom@northgate.example\n"
            "  no_suppression: a@b.example\n  task: {kind: review, text: emails}\n  no_task: {text: ring}\n",
        )
        failed = failure(
            tmp_path,
            fake,
            "steps: [contact: a]\nexpect:\n  case: {right: erasure}\n  cases: []\n"
            "  no_case: {right: access}\n  crm: {tom: {state: erased}, lee: unchanged}\n"
            "  mail: [{subject: deleted}]\n"
            "  no_mail: [{subject: code}]\n  suppression: a@b.example\n"
            "  no_suppression: [tom@northgate.example]\n"
            "  task: {kind: call_back}\n  no_task: {kind: review}\n",
        )
    assert failed.line == 4
    assert failed.reasons == [
        "right of the case is access, not erasure",
        "there are 1 cases, not 0: access fulfilled",
        "the case PR-1 is as none should be",
        "tom is active, not erased",
        "lee is unknown",
        "its kind is review",
        "there is a task that should not be: review, Read the emails.",
        "a@b.example is not suppressed",
        "tom@northgate.example is suppressed",
        "mail {'subject': 'deleted'}: subject lacks “deleted”",
        "the mail “Your code” to tom@northgate.example should not have been sent",
    ]


def test_everything_personal_that_is_used_can_be_recorded(tmp_path: Path) -> None:
    kept: set[tuple[str, str]] = set()
    with fake_demo(mail=[]) as fake:

        def answer(_body: dict[str, Any]) -> list[dict[str, Any]]:
            fake.mail.append(code_mail("ann@b.example", "123456"))
            return [{"text": "ok"}]

        fake.answer = answer
        steps = (
            "steps:\n  - contact: I am ann@b.example, ring 020 7946 0123.\n"
            '  - contact: {fields: {code: "{mail.code}", value: Secret words}}\n'
        )
        played(tmp_path, fake, steps, record=lambda kind, value: kept.add((kind, value)))
    assert kept >= {
        ("surname", "Aldous"),
        ("email", "tom@northgate.example"),
        ("email", "ann@b.example"),
        ("number", "020 7946 0123"),
        ("code", "123456"),
        ("value", "Secret words"),
    }


def test_a_crm_that_does_not_answer_just_now_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_module, "AGAIN_SECONDS", 0.01)
    with fake_demo(away=2) as fake, Demo(fake.address) as demo:
        assert demo.state() == fake.state
        fake.away = 1000
        monkeypatch.setattr(demo_module, "AWAY_SECONDS", 0.05)
        with pytest.raises(DemoError, match="503"):
            demo.state()


def test_a_demo_that_cannot_be_reached_is_an_error() -> None:
    with Demo("http://127.0.0.1:1") as demo, pytest.raises(DemoError, match="cannot be reached"):
        demo.reset()


def test_scripts_are_played_one_after_the_other_each_from_the_beginning(tmp_path: Path) -> None:
    for name, answer in (("b", "All right"), ("a", "never said")):
        path = tmp_path / f"{name}.yml"
        path.write_text(f"conversation: {name}\ncontact: tom\nsteps: [contact: hi, assistant: {answer}]\n")
    heard = []
    with fake_demo() as fake, Demo(fake.address) as demo:
        results = play_all(load_all(find([tmp_path])), demo, NoAgents(), tell=heard.append, patience=0.3)
        assert fake.resets == 2
    assert [(result.script.title, result.failure is None) for result in results] == [
        ("a", False),
        ("b", True),
    ]
    assert heard == results


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The code is 481 206. It works once.", "481206"),
        ("Your code: 000123", "000123"),
        ("Call 020 7946 0321 about codes.", None),
        ("The code is 4812067", None),
    ],
)
def test_a_code_is_found_in_a_mail(text: str, code: str | None) -> None:
    assert code_in({"text": text}) == code


def test_a_wrong_code_is_another_one_of_six_digits() -> None:
    assert another("999999") == "000000"
    assert another("000122") == "000123"
