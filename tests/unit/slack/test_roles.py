"""Who is what in Slack, by settings, groups and deputies; and by which name they are kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from slack_sdk.errors import SlackApiError
from sqlalchemy.orm import Session

from actions.database import Database
from bot.slack import roles as roles_module
from bot.slack.interfaces import SlackRefused, SlackServices
from tests.unit.slack.conftest import (
    AGENT,
    APPROVER,
    DEPUTY,
    DPO,
    OBSERVER,
    STRANGER,
    RememberingApi,
)

MakeServices = Callable[..., SlackServices]


def role(services: SlackServices, user_id: str) -> tuple[str, tuple[str, ...]] | None:
    with services.database.read() as session:
        return services.roles.role_of(session, user_id)


def go_away(session: Session, services: SlackServices, user_id: str) -> None:
    from actions.clock import now
    from actions.slack.models import SlackPerson

    services.people.name(session, user_id)
    session.get_one(SlackPerson, user_id).away_since = now(session)


def test_roles_by_user(services: SlackServices) -> None:
    known = {OBSERVER: "observer", AGENT: "agent", APPROVER: "approver", DPO: "dpo"}
    assert {user: (role(services, user) or ("", ()))[0] for user in known} == known
    assert role(services, STRANGER) is None
    assert role(services, DEPUTY) is None


def test_the_highest_role_counts(make_services: MakeServices) -> None:
    services = make_services(slack_roles={"agent": [AGENT, DPO], "dpo": [DPO]})
    assert role(services, DPO) == ("dpo", ())


def test_groups_are_asked_for_and_remembered_for_a_while(
    make_services: MakeServices, api: RememberingApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.groups["S0DESK"] = [AGENT]
    services = make_services(slack_roles={"agent": ["S0DESK"]})
    assert role(services, AGENT) == ("agent", ())
    assert role(services, STRANGER) is None
    assert len(api.made("usergroups.users.list")) == 1
    api.groups["S0DESK"] = [STRANGER]
    assert role(services, AGENT) == ("agent", ())
    monkeypatch.setattr(roles_module, "GROUP_SECONDS", 0.0)
    assert role(services, AGENT) is None
    assert role(services, STRANGER) == ("agent", ())


def test_who_was_not_known_is_turned_away_while_slack_cannot_be_asked(
    make_services: MakeServices, api: RememberingApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.groups["S0DESK"] = [AGENT]
    services = make_services(slack_roles={"agent": ["S0DESK"]})

    def away(**_given: object) -> None:
        raise SlackApiError("away", {"error": "internal_error"})

    monkeypatch.setattr(services.client, "usergroups_users_list", away)
    assert role(services, AGENT) is None
    monkeypatch.undo()


def test_a_deputy_has_the_role_while_its_holder_is_away(services: SlackServices) -> None:
    with services.database.write() as session:
        go_away(session, services, DPO)
    assert role(services, DEPUTY) == ("dpo", (DPO,))
    assert role(services, DPO) == ("dpo", ())


def test_names_are_tidy_different_and_stay(services: SlackServices, database: Database) -> None:
    with database.write() as session:
        assert services.people.name(session, "U0DANA") == "Dana"
        assert services.people.name(session, "U1DANA") == "Dana 2"
    with database.write() as session:
        assert services.people.name(session, "U0DANA") == "Dana"
        assert services.people.user_of(session, "Dana 2") == "U1DANA"
        assert services.people.user_of(session, "pat") is None


@pytest.mark.parametrize("name", ["worker", "Assistant", "CONTACT"])
def test_nobody_is_called_like_one_of_our_processes(
    services: SlackServices, database: Database, name: str
) -> None:
    with database.write() as session:
        assert services.people.name(session, f"U0{name}").casefold() != name.casefold()


def test_without_a_name_nothing_is_done(
    services: SlackServices, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.slack.people import Profile

    monkeypatch.setattr(services.people, "profile", lambda _user: Profile())
    with database.write() as session, pytest.raises(SlackRefused, match="kept with a name"):
        services.people.name(session, "U0NEW")
