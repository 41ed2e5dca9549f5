"""The conversation interface, address by address, as the contract has it."""

from __future__ import annotations

import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from actions.conversations.models import Conversation, Message, Turn
from actions.conversations.offers import Speech
from tests.unit.gateway.conftest import Chat, Running

RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def rows(running: Running) -> tuple[int, ...]:
    """How much was taken in; what is still being answered does not matter."""
    taken = (
        select(func.count()).select_from(Conversation),
        select(func.count()).select_from(Message).where(Message.sender == "contact"),
        select(func.count()).select_from(Turn),
    )
    with running.database.read() as session:
        return tuple(session.scalar(count) or 0 for count in taken)


def test_a_conversation_begins_with_a_greeting(shared: Running) -> None:
    answer = shared.client.post("/api/conversations")
    assert answer.status_code == 201
    opened = answer.json()
    assert opened.keys() == {"id", "token", "messages", "pending"}
    assert opened["pending"] is False
    (greeting,) = opened["messages"]
    assert greeting["seq"] == 1
    assert greeting["from"] == "assistant"
    assert greeting["text"] == "Hello."
    assert greeting["choices"][0] == {"id": "erase", "label": "Delete my details"}
    assert RFC3339.fullmatch(greeting["at"])
    assert greeting.keys() == {"seq", "at", "from", "text", "choices"}


@pytest.mark.parametrize("body", [b"", b"{}", b" {} "])
def test_a_conversation_takes_no_content(shared: Running, body: bytes) -> None:
    assert shared.client.post("/api/conversations", content=body).status_code == 201


def test_a_text_is_answered(shared: Running) -> None:
    chat = shared.open()
    answer = chat.send(text="what do you hold about me")
    assert (answer.status_code, answer.json()) == (202, {"seq": 2})
    log = chat.settled()
    assert [(m["seq"], m["from"], m["text"]) for m in log[1:]] == [
        (2, "contact", "what do you hold about me"),
        (3, "assistant", "You said: what do you hold about me"),
    ]
    assert log[2]["reply_to"] == 2
    assert chat.read(after=2)["messages"] == [log[2]]
    assert chat.read(after=3) == {"messages": [], "pending": False}


def test_a_choice_is_sent_as_the_engine_wants_it_and_shown_by_its_label(shared: Running) -> None:
    chat = shared.open()
    assert chat.send(choice="erase").status_code == 202
    log = chat.settled()
    assert log[1]["text"] == "Delete my details"
    assert log[2]["text"] == "You said: /erase"


def test_a_typed_label_counts_as_the_choice(shared: Running) -> None:
    chat = shared.open()
    chat.send(text="Nope, please")
    assert chat.settled()[2]["text"] == 'You said: /choose{"choice": "cancel"}'


def test_a_choice_counts_once(shared: Running) -> None:
    chat = shared.open()
    chat.send(text="hello")
    chat.settled()
    before = rows(shared)
    answer = chat.send(choice="erase")
    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "stale_choice"
    assert rows(shared) == before


def test_fields_are_vaulted_and_shown_by_name_only(gateway: Running) -> None:
    gateway.engine.speech = lambda text: [
        Speech(f"Heard {text}", ask={"field": "email", "label": "Your email"})
    ]
    chat = gateway.open()
    assert chat.send(fields={"email": "a@b.example"}).status_code == 409
    chat.send(text="delete me")
    chat.settled()
    assert chat.send(fields={"code": "123456"}).status_code == 409
    assert chat.send(fields={"email": " Tom@Northgate.Example "}).status_code == 202
    log = chat.settled()
    assert log[3]["fields"] == ["email"]
    assert log[3]["text"] is None
    assert log[4]["text"] == 'Heard /provide{"email": "EMAIL_1"}'
    assert "northgate" not in str(log).lower()


def test_a_typed_name_is_vaulted_whole_but_an_escape_is_not(gateway: Running) -> None:
    gateway.engine.speech = lambda text: [Speech(text, ask={"field": "name", "label": "Your name"})]
    chat = gateway.open()
    chat.send(text="correct my name")
    chat.settled()
    chat.send(text="Help!")
    assert chat.settled()[-1]["text"] == "Help!"
    chat.send(text="Mary-Jane O'Neill")
    log = chat.settled()
    assert log[-1]["text"] == '/provide{"name": "PERSON_1"}'
    assert log[-2]["fields"] == ["name"]
    assert "Neill" not in str(log)


def test_the_engine_sees_placeholders_and_no_commands(gateway: Running) -> None:
    chat = gateway.open()
    for text in ("/erase", " //erase{}", "mail tom@northgate.example or +44 7700 900101", "/"):
        assert chat.send(text=text).status_code == 202
    chat.settled()
    sent = [content["message"] for content in gateway.engine.received]
    assert sent == ["erase", "erase{}", "mail EMAIL_1 or PHONE_1", "…"]


def test_zero_width_characters_are_normalised_away(shared: Running) -> None:
    chat = shared.open()
    chat.send(text="del\u200bete\u2060 me\ufeff")
    assert chat.settled()[1]["text"] == "delete me"


def test_the_same_key_is_harmless(shared: Running) -> None:
    chat = shared.open()
    first = chat.send(text="hello", key="k1")
    chat.settled()
    assert chat.send(text="hello", key="k1").json() == first.json()
    assert len(chat.settled()) == 3
    other = chat.send(text="hello again", key="k1")
    assert other.status_code == 409
    assert other.json()["error"]["code"] == "key_reused"
    assert chat.send(choice="hello", key="k1").status_code == 409
    assert shared.open().send(text="elsewhere", key="k1").status_code == 202


def test_a_choice_sent_again_with_its_key_is_harmless_although_it_is_stale(shared: Running) -> None:
    chat = shared.open()
    assert chat.send(choice="erase", key="once").json() == {"seq": 2}
    chat.settled()
    assert chat.send(choice="erase", key="once").json() == {"seq": 2}


def test_the_same_key_at_the_same_moment_has_one_effect(shared: Running) -> None:
    chat = shared.open()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: chat.send(text="hello", key="k"), range(16)))
    assert {(answer.status_code, answer.json()["seq"]) for answer in answers} == {(202, 2)}
    assert [message["from"] for message in chat.settled()] == ["assistant", "contact", "assistant"]


LONG = "x" * 8001
MALFORMED: list[Any] = [
    b"",
    b"nonsense",
    b"{",
    b"null",
    b'"text"',
    b"[]",
    b"[" * 20_000,
    b'{"text": "\xff"}',
    '{"text": "hi"}'.encode("utf-16"),
    b'{"text": "\\ud800"}',
    b'{"text": "a", "text": "b"}',
    {},
    {"key": "k"},
    {"text": "a", "choice": "b"},
    {"text": "a", "more": 1},
    {"text": None},
    {"text": 7},
    {"text": ["a"]},
    {"text": ""},
    {"text": "  \n\t "},
    {"text": "\u200b\ufeff"},
    {"text": "a\x00b"},
    {"text": "a\x1b[31mb"},
    {"text": "a\x7fb"},
    {"text": "a\x85b"},
    {"text": LONG},
    {"choice": 1},
    {"choice": None},
    {"choice": "a\x07"},
    {"fields": {}},
    {"fields": []},
    {"fields": "email"},
    {"fields": {"password": "x"}},
    {"fields": {"email": 1}},
    {"fields": {"email": "a\x00"}},
    {"fields": {"email": LONG}},
    {"text": "a", "key": ""},
    {"text": "a", "key": "k" * 201},
    {"text": "a", "key": 1},
    {"text": "a", "key": None},
]


@pytest.mark.parametrize("body", MALFORMED, ids=lambda body: repr(body)[:40])
def test_what_is_malformed_is_refused_and_leaves_nothing(shared: Running, body: Any) -> None:
    chat = shared.open()
    before = rows(shared)
    content = {"content": body} if isinstance(body, bytes) else {"json": body}
    answer = shared.client.post(f"/api/conversations/{chat.id}/messages", headers=chat.headers, **content)
    assert answer.status_code == 422
    assert_is_error(answer)
    assert answer.json()["error"]["code"] == "malformed"
    assert rows(shared) == before


def test_tabs_line_ends_and_8000_characters_of_any_kind_are_taken(shared: Running) -> None:
    chat = shared.open()
    assert chat.send(text="a\tb\r\nc\n").status_code == 202
    assert chat.send(text="é" * 8000).status_code == 202
    raw = '{"text": "' + "\U0001f600" * 8000 + '"}'
    answer = chat.client.post(
        f"/api/conversations/{chat.id}/messages", content=raw.encode(), headers=chat.headers
    )
    assert answer.status_code == 202


@pytest.mark.parametrize("chunked", [False, True])
def test_a_large_body_is_refused_before_it_is_read_to_the_end(shared: Running, chunked: bool) -> None:
    chat = shared.open()
    before = rows(shared)
    body = b'{"text": "' + b"x" * 100_000 + b'"}'
    content = (body[start : start + 5000] for start in range(0, len(body), 5000)) if chunked else body
    for address in (f"/api/conversations/{chat.id}/messages", "/api/conversations"):
        answer = shared.client.post(address, content=content, headers=chat.headers)
        assert answer.status_code == 413
        assert_is_error(answer)
        content = body
    assert rows(shared) == before


@pytest.mark.parametrize("body", [b"[]", b"null", b'{"text": "hi"}', b"{", b"\xff", b"1"])
def test_a_conversation_with_content_is_refused(shared: Running, body: bytes) -> None:
    before = rows(shared)
    answer = shared.client.post("/api/conversations", content=body)
    assert answer.status_code == 422
    assert_is_error(answer)
    assert rows(shared) == before


PROTECTED = [("POST", "messages"), ("GET", "messages"), ("GET", "events")]


@pytest.mark.parametrize(("method", "what"), PROTECTED)
@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Basic dG9t", "Bearer wrong", "Bearer a b"])
def test_without_the_right_token_nothing_is_served(
    shared: Running, method: str, what: str, authorization: str | None
) -> None:
    chat = shared.open()
    headers = {} if authorization is None else {"Authorization": authorization}
    before = rows(shared)
    answer = shared.client.request(
        method, f"/api/conversations/{chat.id}/{what}", headers=headers, json={"text": "hi"}
    )
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert_is_error(answer)
    assert rows(shared) == before


@pytest.mark.parametrize(("method", "what"), PROTECTED)
def test_another_conversations_token_is_wrong(shared: Running, method: str, what: str) -> None:
    chat, other = shared.open(), shared.open()
    answer = shared.client.request(
        method, f"/api/conversations/{chat.id}/{what}", headers=other.headers, json={"text": "hi"}
    )
    assert answer.status_code == 401


@pytest.mark.parametrize(("method", "what"), PROTECTED)
@pytest.mark.parametrize("identifier", ["unknown", "%00", "x" * 300, "%F0%9F%98%80", "..%2f", "a b"])
def test_an_unknown_conversation_is_not_found(
    shared: Running, method: str, what: str, identifier: str
) -> None:
    chat = shared.open()
    answer = shared.client.request(
        method, f"/api/conversations/{identifier}/{what}", headers=chat.headers, json={"text": "hi"}
    )
    assert answer.status_code == 404
    assert_is_error(answer)


@pytest.mark.parametrize(
    "after", ["-1", "x", "1.5", "", "99999999999", "2147483648", "1e3", "٣", "0x1", "1 2"]
)
def test_after_is_a_whole_number(shared: Running, after: str) -> None:
    chat = shared.open()
    answer = shared.client.get(
        f"/api/conversations/{chat.id}/messages", params={"after": after}, headers=chat.headers
    )
    assert answer.status_code == 422
    assert_is_error(answer)
    stream = shared.client.get(
        f"/api/conversations/{chat.id}/events",
        headers={**chat.headers, "Last-Event-ID": after.encode()},
    )
    assert stream.status_code == 422


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/api/conversations", "POST"),
        ("PUT", "/api/conversations/x/messages", "GET, POST"),
        ("DELETE", "/api/conversations/x/events", "GET"),
        ("OPTIONS", "/api/vocabulary", "GET"),
        ("POST", "/healthz", "GET"),
        ("POST", "/", "GET, HEAD"),
        ("PATCH", "/openapi.json", "GET, HEAD"),
    ],
)
def test_wrong_methods_are_told_the_right_ones(shared: Running, method: str, path: str, allowed: str) -> None:
    answer = shared.client.request(method, path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == allowed
    assert_is_error(answer)


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/api",
        "/api/conversations/",
        "/api/conversations/x",
        "/docs",
        "/redoc",
        "/static/nothing.js",
        "/static/../bot.py",
        "/demo/mailbox",
        "/demo/mailbox.json",
        "/demo/state.json",
        "/static/%2e%2e/bundle.py",
    ],
)
def test_what_is_not_there_is_not_found(shared: Running, path: str) -> None:
    answer = shared.client.get(path)
    assert answer.status_code == 404
    assert_is_error(answer)


@pytest.mark.parametrize("path", ["/demo/clock", "/demo/reset"])
def test_outside_the_demo_there_is_no_demo(shared: Running, path: str) -> None:
    answer = shared.client.post(path, json={"advance": "PT1M"})
    assert answer.status_code == 404
    assert_is_error(answer)


def test_our_own_failures_say_nothing_of_their_cause(
    gateway: Running, capfd: pytest.CaptureFixture[str]
) -> None:
    chat = gateway.open()
    gateway.database.engine.dispose()
    with gateway.database.write() as session:
        session.connection().exec_driver_sql("DROP TABLE turns")
    answer = chat.send(text="my secret words")
    assert answer.status_code == 500
    assert_is_error(answer)
    assert "secret" not in capfd.readouterr().err


def test_who_hangs_up_in_the_middle_is_no_failure_of_ours(
    shared: Running, capfd: pytest.CaptureFixture[str]
) -> None:
    chat = shared.open()
    before = rows(shared)
    with socket.create_connection(("127.0.0.1", shared.client.base_url.port or 0)) as caller:
        head = [
            f"POST /api/conversations/{chat.id}/messages HTTP/1.1",
            "Host: localhost",
            "Content-Length: 99",
        ]
        head += [f"{name}: {value}" for name, value in chat.headers.items()]
        caller.sendall("\r\n".join([*head, "", '{"text": "hel']).encode())
        time.sleep(0.1)
    time.sleep(0.1)
    assert shared.client.get("/healthz").is_success
    assert "request_failed" not in "".join(capfd.readouterr())
    assert rows(shared) == before


def assert_is_error(answer: httpx.Response) -> None:
    content = answer.json()
    assert content.keys() == {"error"}
    assert content["error"].keys() == {"code", "message"}
    assert re.fullmatch(r"[a-z_]+", content["error"]["code"])
    assert content["error"]["message"].endswith((".", "…'."))
    assert "Traceback" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_limits_say_when_to_try_again(gateway: Running) -> None:
    chat: Chat = gateway.open()
    gateway.server._app.state.gateway.settings.limit_messages = "3/minute"
    for number in range(3):
        assert chat.send(text="hello", key=str(number)).status_code == 202
    refused = chat.send(text="hello", key="more")
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert_is_error(refused)
    assert chat.send(text="hello", key="0").status_code == 202
    assert gateway.open().send(text="hello").status_code == 202


def test_conversations_are_limited_by_network_address(gateway: Running) -> None:
    gateway.server._app.state.gateway.settings.limit_conversations = "2/hour"
    near = httpx.HTTPTransport(local_address="127.0.0.2")
    with httpx.Client(transport=near, base_url=gateway.url) as neighbour:
        for client in (neighbour, gateway.client):
            headers = {"X-Forwarded-For": "192.0.2.1"}
            answers = [client.post("/api/conversations", headers=headers) for _ in range(3)]
            assert [answer.status_code for answer in answers] == [201, 201, 429]
            assert 3590 < int(answers[2].headers["retry-after"]) <= 3600
