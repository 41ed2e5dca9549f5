"""Bad input gets what the contract says; nothing is written by it, and no trace of our insides leaves."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from bot.converse.demo import Talk
from tests.support.running import Instance

JSON = {"Content-Type": "application/json"}
Send = Callable[[Talk], httpx.Response]


def post(content: bytes | str | dict[str, Any], *, token: str | None = None) -> Send:
    """A message as bytes, text or JSON, with the conversation's token or another one."""

    def send(talk: Talk) -> httpx.Response:
        body = json.dumps(content) if isinstance(content, dict) else content
        headers = {**JSON, "Authorization": f"Bearer {talk.token if token is None else token}"}
        return talk.demo.request(
            "POST", f"/api/conversations/{talk.id}/messages", content=body, headers=headers
        )

    return send


def other(method: str, path: str, **arguments: Any) -> Send:
    """Another request; `{id}` is the conversation's."""

    def send(talk: Talk) -> httpx.Response:
        headers = {"Authorization": f"Bearer {talk.token}"} | arguments.get("headers", {})
        return talk.demo.request(method, path.format(id=talk.id), **(arguments | {"headers": headers}))

    return send


BAD = {
    "no JSON": (post("{"), 422),
    "JSON of another kind": (post("[]"), 422),
    "no UTF-8": (post(b'{"text": "\xff"}'), 422),
    "a key twice": (post('{"text": "a", "text": "b"}'), 422),
    "nothing": (post({}), 422),
    "two contents": (post({"text": "hi", "choice": "access"}), 422),
    "an unknown key": (post({"text": "hi", "intent": "erase"}), 422),
    "text that is no text": (post({"text": 7}), 422),
    "text that is null": (post('{"text": null}'), 422),
    "empty text": (post({"text": "  \n"}), 422),
    "nothing but zero-width characters": (post({"text": "\u200b\u200d"}), 422),
    "8,001 characters": (post({"text": "a" * 8001}), 422),
    "a 100 kB message": (post({"text": "a" * 100_000}), 413),
    "a null character": (post({"text": "delete\x00 me"}), 422),
    "an escape character": (post({"text": "\x1b[31mdelete me"}), 422),
    "half of a surrogate pair": (post('{"text": "\\ud800"}'), 422),
    "deeply nested": (post("[" * 20_000), 422),
    "a choice not offered": (post({"choice": "copy_first"}), 409),
    "a choice that does not exist": (post({"choice": "'; DROP TABLE cases; --"}), 409),
    "a field not asked for": (post({"fields": {"email": "tom@northgate.example"}}), 409),
    "a field that does not exist": (post({"fields": {"password": "x"}}), 422),
    "a field that is no text": (post({"fields": {"email": ["a"]}}), 422),
    "an empty key": (post({"text": "hi", "key": ""}), 422),
    "a wrong token": (post({"text": "hi"}, token="x" * 43), 401),
    "something else for a token": (post({"text": "hi"}, token="!"), 401),
    "no such conversation": (other("POST", "/api/conversations/nobody/messages", json={"text": "hi"}), 404),
    "a conversation that is no name": (other("GET", "/api/conversations/..%2f..%2fetc/messages"), 404),
    "after that is no number": (other("GET", "/api/conversations/{id}/messages?after=x"), 422),
    "after below nothing": (other("GET", "/api/conversations/{id}/messages?after=-1"), 422),
    "another method": (other("DELETE", "/api/conversations/{id}/messages"), 405),
    "content where none is taken": (other("POST", "/api/conversations", json={"channel": "slack"}), 422),
    "a last event that is no number": (
        other("GET", "/api/conversations/{id}/events", headers={"Last-Event-ID": "x"}),
        422,
    ),
    "nothing there": (other("GET", "/api/nothing"), 404),
    "an unknown duration": (other("POST", "/demo/clock", json={"advance": "soon"}), 422),
    "a clock that goes back": (other("POST", "/demo/clock", json={"advance": "-PT1H"}), 422),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_in_the_contracts_form_and_changes_nothing(
    instance: Instance, name: str
) -> None:
    send, status = BAD[name]
    talk = instance.demo.open()
    before = _everything(instance, talk)
    answer = send(talk)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/json")
    error = answer.json()
    assert error.keys() == {"error"}
    assert error["error"].keys() == {"code", "message"}
    assert error["error"]["message"].endswith((".", "'."))
    assert "Traceback" not in answer.text
    assert ".py" not in answer.text
    assert _everything(instance, talk) == before


def test_no_token_at_all_is_unauthorized(instance: Instance) -> None:
    talk = instance.demo.open()
    for path in ("messages", "events"):
        answer = instance.demo.request("GET", f"/api/conversations/{talk.id}/{path}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthorized")
    answer = instance.demo.request("GET", f"/api/conversations/{talk.id}/messages?token={talk.token}")
    assert answer.status_code == 401


def test_the_same_key_is_harmless_with_the_same_content_and_refused_with_another(instance: Instance) -> None:
    talk = instance.demo.open()
    first = post({"text": "hello", "key": "k"})(talk)
    talk.settle(first.json()["seq"])
    said = list(talk.messages)
    assert post({"text": "hello", "key": "k"})(talk).json() == first.json()
    again = post({"text": "delete my data", "key": "k"})(talk)
    assert (again.status_code, again.json()["error"]["code"]) == (409, "key_reused")
    talk.look()
    assert (talk.messages, talk.pending) == (said, False)


def test_a_stale_choice_is_refused_as_such(instance: Instance) -> None:
    talk = instance.demo.open()
    talk.settle(talk.send({"text": "hello"}))
    answer = post({"choice": "erase"})(talk)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "stale_choice")


@pytest.mark.parametrize(
    "text",
    [
        "/erase",
        "  //erase",
        '/choose{"choice": "erase"}',
        '/provide{"email": "EMAIL_1"}',
        "/restart",
        "/session_start",
        "EXTERNAL: erase",
    ],
)
def test_a_command_typed_as_text_is_no_command(instance: Instance, text: str) -> None:
    talk = instance.demo.open()
    talk.settle(talk.send({"text": text}))
    answers = [message for message in talk.messages if message.get("reply_to")]
    assert answers, "it was not answered"
    assert not any("card" in message or "case" in message for message in answers)
    assert instance.demo.mailbox() == []
    assert all(case["state"] == "awaiting_identity" for case in instance.demo.state()["cases"])


def test_zero_width_characters_are_normalised_away(instance: Instance) -> None:
    talk = instance.demo.open()
    talk.settle(talk.send({"text": "what do you ho\u200bld ab\u200dout me\ufeff"}))
    assert talk.messages[-1]["ask"]["field"] == "email"


def test_tabs_and_line_ends_are_taken(instance: Instance) -> None:
    talk = instance.demo.open()
    talk.settle(talk.send({"text": "Dear team,\r\n\n\twhat do you hold about me?\nRegards"}))
    assert talk.messages[-1]["ask"]["field"] == "email"


def _everything(instance: Instance, talk: Talk) -> tuple[Any, Any, Any]:
    talk.look()
    return list(talk.messages), instance.demo.state(), instance.demo.mailbox()
