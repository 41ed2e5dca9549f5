"""The Web API, with timeouts, and with the SDK's own answers to limits and broken connections."""

from __future__ import annotations

from slack_sdk import WebClient
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    RateLimitErrorRetryHandler,
    ServerErrorRetryHandler,
)

from actions.settings import Settings

TIMEOUT_SECONDS = 10


def web_client(settings: Settings, *, patient: bool = True) -> WebClient:
    """A client for the workspace.

    Args:
        settings: where the API is, and the token.
        patient: a limit is waited for as `Retry-After` says, and a broken connection tried again; otherwise
            the caller does that, as the outbox does.
    """
    handlers = [
        ConnectionErrorRetryHandler(max_retry_count=1),
        RateLimitErrorRetryHandler(max_retry_count=2),
        ServerErrorRetryHandler(max_retry_count=1),
    ]
    return WebClient(
        token=settings.slack_bot_token.get_secret_value(),
        base_url=settings.slack_api_url,
        timeout=TIMEOUT_SECONDS,
        retry_handlers=handlers if patient else [],
        user_agent_prefix="rightline",
    )
