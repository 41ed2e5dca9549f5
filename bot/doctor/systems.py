"""The systems of others: CRM, helpdesk, mail server and Slack."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Iterator

from actions.health.interfaces import Checkable, Finding
from actions.settings import Settings
from bot.doctor.interfaces import Patient

SMTP_SECONDS = 5.0
SLACK_SCOPES = ("chat:write", "commands", "users:read")
NOT_READY = 400


def crm(_patient: Patient) -> Iterator[Finding]:
    """The CRM's connector, as it tells of itself."""
    from actions.crm.services import get_crm

    yield from _connector(get_crm, "RIGHTLINE_CRM")


def helpdesk(_patient: Patient) -> Iterator[Finding]:
    """The helpdesk's connector, as it tells of itself."""
    from actions.helpdesk.services import get_helpdesk

    yield from _connector(get_helpdesk, "RIGHTLINE_HELPDESK")


def mail(patient: Patient) -> Iterator[Finding]:
    """Greeting, STARTTLS and login at the mail server; no letter is sent."""
    found = patient.settings
    port = found.smtp_port
    if patient.running is not None and "smtp" in patient.running.ports:
        port = patient.running.ports["smtp"]
    elif found.demo and patient.running is None:
        yield Finding("off", "the demo receives its mail itself once it runs")
        return
    where = f"{found.smtp_host}, port {port}"
    try:
        with smtplib.SMTP(found.smtp_host, port, timeout=SMTP_SECONDS) as server:
            yield from _conversation(server, found, where)
    except OSError as error:
        # Of the server's own words only the first line, and never what we sent.
        yield Finding(
            "failed",
            f"{where}: {_words(error)}",
            "Start the mail server, or mend RIGHTLINE_SMTP_HOST and RIGHTLINE_SMTP_PORT.",
        )


def slack(patient: Patient) -> Iterator[Finding]:
    """The workspace's token with its scopes, and the channel of the desk."""
    found = patient.settings
    if not found.slack_configured:
        yield Finding("off", "not used: RIGHTLINE_SLACK_BOT_TOKEN is not set")
        return
    problems = found.slack_problems()
    for problem in problems:
        yield Finding("failed", problem.rstrip("."), "See docs/slack.md.")
    if not any("BOT_TOKEN" in problem for problem in problems):
        yield from _workspace(found)


def _connector(get: Callable[[], object], setting: str) -> Iterator[Finding]:
    try:
        connector = get()
    except ValueError as error:
        yield Finding("failed", str(error).rstrip("."), f"Mend {setting}.")
        return
    if isinstance(connector, Checkable):
        yield from connector.check()
    else:
        yield Finding("ok", f"{type(connector).__name__}, which has nothing to be looked at")


def _conversation(server: smtplib.SMTP, found: Settings, where: str) -> Iterator[Finding]:
    server.ehlo()
    offered = server.has_extn("starttls")
    if found.smtp_tls:
        if not offered:
            yield Finding(
                "failed", f"{where} offers no STARTTLS", "Set RIGHTLINE_SMTP_TLS=0, or another port."
            )
            return
        try:
            server.starttls(context=ssl.create_default_context())
        except ssl.SSLError as error:
            yield Finding(
                "failed",
                f"{where}: its certificate is not accepted ({error.reason})",
                "Set RIGHTLINE_SMTP_HOST to the name in the certificate; its issuer must be known here.",
            )
            return
    elif offered and not found.smtp_host.startswith(("127.", "localhost")):
        yield Finding(
            "warning", f"{where} offers STARTTLS, and letters go in the clear", "Set RIGHTLINE_SMTP_TLS=1."
        )
    if found.smtp_user:
        try:
            server.login(found.smtp_user, found.smtp_password.get_secret_value())
        except smtplib.SMTPException as error:
            code = getattr(error, "smtp_code", "no login offered")
            yield Finding(
                "failed",
                f"{where} refuses our login ({code})",
                "Mend RIGHTLINE_SMTP_USER and RIGHTLINE_SMTP_PASSWORD.",
            )
            return
    code, _ = server.noop()
    if code >= NOT_READY:
        yield Finding("failed", f"{where} does not take commands ({code})", "Ask whoever runs it.")
    else:
        how = [*(["with STARTTLS"] if found.smtp_tls else []), *(["logged in"] if found.smtp_user else [])]
        yield Finding("ok", ", ".join([f"{where} answers", *how]))


def _workspace(found: Settings) -> Iterator[Finding]:
    from slack_sdk.errors import SlackApiError

    from bot.slack.web_client import web_client

    client = web_client(found, patient=False)
    try:
        answer = client.auth_test()
    except SlackApiError as error:
        yield Finding(
            "failed",
            f"Slack says '{error.response['error']}' to our token",
            "Install the app again: docs/slack.md.",
        )
        return
    except Exception as error:
        yield Finding(
            "failed",
            f"{found.slack_api_url} cannot be reached ({type(error).__name__})",
            "Let this machine open connections to it.",
        )
        return
    yield Finding("ok", f"the token belongs to the workspace {answer['team']}")
    if found.slack_team_id and answer["team_id"] != found.slack_team_id:
        yield Finding(
            "failed", f"that is the workspace {answer['team_id']}, not ours", "Mend RIGHTLINE_SLACK_TEAM_ID."
        )
    yield from _scopes(str((answer.headers or {}).get("x-oauth-scopes", "")))
    yield from _channel(client, found.slack_support_channel)


def _scopes(header: str) -> Iterator[Finding]:
    given = {scope.strip() for scope in header.split(",") if scope.strip()}
    missing = [scope for scope in SLACK_SCOPES if given and scope not in given]
    if missing:
        yield Finding(
            "failed",
            f"the app lacks the scopes {', '.join(missing)}",
            "Install it again from the manifest in docs/slack.md.",
        )
    elif given:
        yield Finding("ok", f"it has {len(given)} scopes")


def _channel(client: object, channel: str) -> Iterator[Finding]:
    from slack_sdk import WebClient
    from slack_sdk.errors import SlackApiError

    if not channel or not isinstance(client, WebClient):
        return
    try:
        shown = client.conversations_info(channel=channel)["channel"]
    except SlackApiError as error:
        yield Finding(
            "failed",
            f"Slack says '{error.response['error']}' to the channel {channel}",
            "Mend RIGHTLINE_SLACK_SUPPORT_CHANNEL, and invite the app to the channel.",
        )
        return
    if shown.get("is_member") is False:
        yield Finding(
            "failed", f"the app is not in the channel {channel}", "Invite it there: /invite @Rightline."
        )
    else:
        yield Finding("ok", f"the channel {channel} is there")


def _words(error: OSError) -> str:
    return error.strerror or type(error).__name__
