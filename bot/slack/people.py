"""Who somebody of the workspace is: the name that is kept with what they do, and their address."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass
from typing import Any

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.clock import now
from actions.slack.models import SlackPerson
from bot.slack.interfaces import Agent, SlackRefused
from bot.slack.roles import Roles
from bot.slack.wording import plain

PROFILE_SECONDS = 300.0
NAME_LENGTH = 36
_NO_NAME = re.compile(r"[^\w .'-]|^[^\w]+")
log = structlog.get_logger("slack")


@dataclass(frozen=True)
class Profile:
    """What Slack says about somebody.

    Attributes:
        name: as colleagues see them; empty when Slack does not say.
        email: their address; empty when Slack does not say. A hint, never a proof.
        team_id: the workspace they belong to.
        is_bot: whether they are a program.
    """

    name: str = ""
    email: str = ""
    team_id: str = ""
    is_bot: bool = False


class People:
    """Looks people up; profiles are remembered for five minutes, names for good."""

    def __init__(self, client: WebClient, roles: Roles) -> None:
        self._client = client
        self._roles = roles
        self._profiles: dict[str, tuple[float, Profile]] = {}
        self._lock = threading.Lock()

    def prepare(self, user_id: str) -> None:
        """Ask Slack about somebody before a transaction begins, which then waits for the database only."""
        self._roles.prepare()
        self.profile(user_id)

    def agent(self, session: Session, user_id: str) -> Agent | None:
        """Somebody with a role here; None for everybody else.

        Args:
            session: a writing session: a name is given when somebody is first seen.
            user_id: Slack's id of them.
        """
        found = self._roles.role_of(session, user_id)
        if found is None:
            return None
        role, standing_in_for = found
        return Agent(user_id, self.name(session, user_id), role, standing_in_for)

    def name(self, session: Session, user_id: str) -> str:
        """The name that is kept with what somebody does: Slack's, tidied, and different for each person."""
        row = session.get(SlackPerson, user_id)
        if row is None:
            row = SlackPerson(user_id=user_id, name=self._free_name(session, user_id), seen_at=now(session))
            session.add(row)
            session.flush()
        return row.name

    def user_of(self, session: Session, name: str) -> str | None:
        """Slack's id of whoever acts by a name; None when they never did so in Slack."""
        return session.scalar(select(SlackPerson.user_id).where(SlackPerson.name == name))

    def profile(self, user_id: str) -> Profile:
        """What Slack says about somebody; empty when it cannot be asked."""
        with self._lock:
            at, profile = self._profiles.get(user_id, (-PROFILE_SECONDS, Profile()))
        if time.monotonic() - at < PROFILE_SECONDS:
            return profile
        try:
            user: dict[str, Any] = self._client.users_info(user=user_id).get("user") or {}
        except (SlackClientError, OSError) as error:
            log.warning("profile_unknown", error=type(error).__name__)
            return profile
        details = user.get("profile") or {}
        found = Profile(
            name=str(details.get("display_name") or details.get("real_name") or user.get("name") or ""),
            email=str(details.get("email") or ""),
            team_id=str(user.get("team_id") or ""),
            is_bot=bool(user.get("is_bot")),
        )
        with self._lock:
            self._profiles[user_id] = (time.monotonic(), found)
        return found

    def _free_name(self, session: Session, user_id: str) -> str:
        wanted = _NO_NAME.sub("", self.profile(user_id).name).strip()[:NAME_LENGTH].strip()
        if not wanted:
            raise SlackRefused(plain("people.no_name"))
        taken = select(SlackPerson.name).where(SlackPerson.name.like(f"{wanted}%"))
        names = {name.casefold() for name in session.scalars(taken)} | {"contact", "assistant", "worker"}
        names.add("system")
        return next(
            name
            for name in (wanted, *(f"{wanted} {number}" for number in range(2, 1000)))
            if name.casefold() not in names
        )
