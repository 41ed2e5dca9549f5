"""Who is let in: our workspace only, and by role; everybody else is refused, and that is audited."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from slack_bolt import BoltContext, BoltResponse
from sqlalchemy.orm import Session

from actions.audit import record
from actions.handover.interfaces import ROLES, Role
from actions.vault.cipher import keyed_hash
from bot.slack.interfaces import Agent, Body, SlackRefused, SlackServices
from bot.slack.wording import plain

log = structlog.get_logger("slack")


def of_this_workspace(services: SlackServices) -> Callable[..., BoltResponse | None]:
    """Global middleware: turns away what another workspace, or somebody of another one, sends."""

    def middleware(
        body: Body,
        context: BoltContext,
        next: Callable[[], BoltResponse],
    ) -> BoltResponse | None:
        ours = services.settings.slack_team_id or _team_of_the_token(context)
        strangers = teams_of(body, context) - {ours}
        if not strangers:
            return next()
        with services.database.write() as session:
            refuse(session, context.user_id or "", "another_workspace")
        # Acknowledged, or Slack would go on sending it.
        return BoltResponse(status=200, body="")

    return middleware


def teams_of(body: Body, context: BoltContext) -> set[str]:
    """Every workspace a delivery says that it or its sender belongs to."""
    event = body.get("event") or {}
    user = body.get("user")
    named = [
        context.team_id,
        user.get("team_id") if isinstance(user, dict) else None,
        event.get("user_team") if isinstance(event, dict) else None,
        event.get("source_team") if isinstance(event, dict) else None,
    ]
    return {str(team) for team in named if team}


def admitted(
    session: Session,
    services: SlackServices,
    user_id: str,
    *,
    at_least: Role,
    what: str,
    channel: str | None = None,
) -> Agent:
    """Somebody whose role allows something, where it is done.

    Args:
        session: a writing session; a refusal must be committed with it, since it is audited.
        services: the app's.
        user_id: Slack's id of whoever acts.
        at_least: the lowest role that may.
        what: what they want to do, in snake_case, for the audit trail.
        channel: where they do it; None in a modal or the app's Home, which nobody else sees.

    Raises:
        Refusal: they may not, or not there.
    """
    agent = services.people.agent(session, user_id)
    if agent is None:
        raise Refusal(user_id, what, "no_role", plain("gate.no_role"))
    if channel is not None and not _is_ours(services, channel):
        raise Refusal(user_id, what, "another_channel", plain("gate.another_channel"))
    if ROLES.index(agent.role) < ROLES.index(at_least):
        needed = plain(f"role.{at_least}")
        raise Refusal(
            user_id, what, "role_too_low", plain("gate.role", needed=needed, role=plain(f"role.{agent.role}"))
        )
    return agent


class Refusal(SlackRefused):
    """Somebody was not let in; `note` puts it on the audit trail, in a transaction of its own."""

    def __init__(self, user_id: str, what: str, why: str, sentence: str) -> None:
        super().__init__(sentence)
        self.user_id, self.what, self.why = user_id, what, why

    def note(self, services: SlackServices) -> None:
        """Put it on the audit trail."""
        with services.database.write() as session:
            refuse(session, self.user_id, self.why, self.what)


def refuse(session: Session, user_id: str, why: str, what: str = "") -> None:
    """Put on the audit trail that somebody was refused; who they are stands there as a keyed hash."""
    subject = f"slack-{keyed_hash('slack-user', user_id)[:16]}"
    details: dict[str, Any] = {"why": why} | ({"what": what} if what else {})
    record(session, actor="system", action="slack_refused", subject=subject, details=details)
    log.info("refused", why=why, what=what)


def _is_ours(services: SlackServices, channel: str) -> bool:
    # D…: a direct message, which only the two in it see.
    settings = services.settings
    return channel.startswith("D") or channel in {
        settings.slack_support_channel,
        *settings.slack_other_channels,
    }


def _team_of_the_token(context: BoltContext) -> str:
    result = context.authorize_result
    return str(result.get("team_id") or "") if result is not None else ""
