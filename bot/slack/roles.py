"""Who is what: Slack users and user groups by the settings, and deputies of those who are away."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.handover.interfaces import ROLES, Role
from actions.settings import Settings
from actions.slack.models import SlackPerson

GROUP_SECONDS = 60.0
log = structlog.get_logger("slack")


class Roles:
    """Looks roles up; members of user groups are asked of Slack and remembered for a minute."""

    def __init__(self, client: WebClient, settings: Settings) -> None:
        self._client = client
        self._by_role = settings.slack_roles
        self._deputies = settings.slack_deputies
        self._groups: dict[str, tuple[float, frozenset[str]]] = {}
        self._lock = threading.Lock()

    def role_of(self, session: Session, user_id: str) -> tuple[Role, tuple[str, ...]] | None:
        """The highest role of a user, and for whom they stand in where it is not their own.

        Args:
            session: any session, to see who is away.
            user_id: Slack's id of them.

        Returns:
            None for somebody who is nothing here.
        """
        own = self._own(user_id)
        best, for_whom = own, list[str]()
        for absent in self._away_with_deputy(session, user_id):
            lent = self._own(absent)
            if lent is None:
                continue
            if best is None or ROLES.index(lent) > ROLES.index(best):
                best, for_whom = lent, [absent]
            elif lent == best and best != own:
                for_whom.append(absent)
        return None if best is None else (best, tuple(for_whom))

    def prepare(self) -> None:
        """Ask Slack for what is not known any more, so that no transaction waits for it."""
        for names in self._by_role.values():
            for name in names:
                self._members(name)

    def holders(self, role: Role) -> list[str]:
        """Everybody who has exactly this role by the settings, groups resolved."""
        return sorted({user for name in self._by_role.get(role, ()) for user in self._members(name)})

    def deputies_of(self, user_id: str) -> Collection[str]:
        """Who stands in for somebody while they are away."""
        return self._deputies.get(user_id, ())

    def _own(self, user_id: str) -> Role | None:
        for role in reversed(ROLES):
            for name in self._by_role.get(role, ()):
                if user_id in self._members(name):
                    return role
        return None

    def _away_with_deputy(self, session: Session, user_id: str) -> list[str]:
        whose = [absent for absent, deputies in self._deputies.items() if user_id in deputies]
        if not whose:
            return []
        query = select(SlackPerson.user_id).where(
            SlackPerson.user_id.in_(whose), SlackPerson.away_since.is_not(None)
        )
        return list(session.scalars(query.order_by(SlackPerson.user_id)))

    def _members(self, name: str) -> Collection[str]:
        if not name.startswith("S"):
            return (name,)
        with self._lock:
            at, members = self._groups.get(name, (-GROUP_SECONDS, frozenset[str]()))
        if time.monotonic() - at < GROUP_SECONDS:
            return members
        try:
            found = self._client.usergroups_users_list(usergroup=name).get("users") or []
        except (SlackClientError, OSError) as error:
            # Whoever was a member a moment ago still is; whoever was not known to be one is turned away.
            log.warning("user_group_unknown", group=name, error=type(error).__name__)
            return members
        with self._lock:
            self._groups[name] = (time.monotonic(), frozenset(found))
        return self._groups[name][1]
