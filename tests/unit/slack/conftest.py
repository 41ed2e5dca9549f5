"""Fixtures of this folder's tests: the app over a database, with a Web API that only remembers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partialmethod
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from actions.database import Database
from actions.settings import Settings
from bot.slack.app import services_of
from bot.slack.interfaces import SlackServices
from tests.support.store import database
from tests.unit.slack.little_slack import LittleSlack

__all__ = ["database"]

TEAM = "T0OURS"
DESK = "C0DESK"
AGENT, APPROVER, SECOND_APPROVER, DPO, OBSERVER, STRANGER, DEPUTY = (
    "U0AGENT",
    "U0DANA",
    "U0SAM",
    "U0DPO",
    "U0READER",
    "U0STRANGER",
    "U0DEPUTY",
)


class RememberingApi:
    """The Web API without Slack: it answers what is known, and remembers the calls."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.emails: dict[str, str] = {}
        self.groups: dict[str, list[str]] = {}

    def answer(self, client: WebClient, api_method: str, **given: Any) -> SlackResponse:
        """Stands in for `WebClient.api_call`."""
        data = self._data(api_method, **given)
        return SlackResponse(
            client=client,
            http_verb="POST",
            api_url=api_method,
            req_args={},
            data=data,
            headers={},
            status_code=200,
        ).validate()

    def _data(self, api_method: str, **given: Any) -> dict[str, Any]:
        arguments = {**(given.get("params") or {}), **(given.get("json") or {})}
        self.calls.append((api_method, arguments))
        match api_method:
            case "auth.test":
                return {"ok": True, "team_id": TEAM, "user_id": "U0BOT", "bot_id": "B0BOT"}
            case "users.info":
                user = arguments["user"]
                profile = {"display_name": user[2:].capitalize(), "email": self.emails.get(user, "")}
                return {"ok": True, "user": {"id": user, "team_id": TEAM, "profile": profile}}
            case "usergroups.users.list":
                return {"ok": True, "users": self.groups[arguments["usergroup"]]}
        return {"ok": True, "ts": "1.1"}

    def made(self, method: str) -> list[dict[str, Any]]:
        """The arguments of every call of a method."""
        return [arguments for name, arguments in self.calls if name == method]


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> RememberingApi:
    """What every client calls, the copies included that Bolt makes for each delivery."""
    found = RememberingApi()
    monkeypatch.setattr(WebClient, "api_call", partialmethod(_answer, found))
    return found


def _answer(client: WebClient, api: RememberingApi, api_method: str, **given: Any) -> SlackResponse:
    return api.answer(client, api_method, **given)


@pytest.fixture
def settings() -> Settings:
    return slack_settings()


def slack_settings(**changes: Any) -> Settings:
    """Settings of a workspace with everybody these tests know."""
    given: dict[str, Any] = {
        "demo": True,
        "slack_bot_token": "xoxb-test",
        "slack_app_token": "xapp-test",
        "slack_signing_secret": "shhh",
        "slack_support_channel": DESK,
        "slack_roles": {
            "observer": [OBSERVER],
            "agent": [AGENT],
            "approver": [APPROVER, SECOND_APPROVER],
            "dpo": [DPO],
        },
        "slack_deputies": {DPO: [DEPUTY]},
    }
    return Settings(**(given | changes))


@pytest.fixture
def services(database: Database, settings: Settings, api: RememberingApi) -> SlackServices:
    return services_of(database, settings)


@pytest.fixture
def make_services(database: Database, api: RememberingApi) -> Callable[..., SlackServices]:
    """Services with other settings."""
    return lambda **changes: services_of(database, slack_settings(**changes))


@pytest.fixture
def little_slack() -> Iterator[LittleSlack]:
    """A Slack that keeps messages and can be told to misbehave."""
    with LittleSlack() as slack:
        yield slack


@pytest.fixture
def client(little_slack: LittleSlack) -> WebClient:
    """The SDK's client, speaking to it."""
    return WebClient(token="xoxb-made-up", base_url=little_slack.url)
