"""The helpdesk contract, and what is RT's own, against a real Request Tracker."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from actions.helpdesk.interfaces import HelpdeskUnusable
from actions.helpdesk.rt.services import RequestTracker
from actions.settings import Settings
from tests.connectors.conftest import Tracked
from tests.peers.rt import PASSWORD, QUEUE, USER, Rt
from tests.support.helpdesk_contract import HelpdeskContract, address, key, only

__all__ = ["address", "key"]

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def peer(request_tracker: Tracked) -> Rt:
    """The server itself."""
    return request_tracker.peer


def connected(peer: Rt, **more: object) -> RequestTracker:
    settings = {
        "rt_url": peer.url,
        "rt_token": peer.token,
        "rt_user": USER,
        "rt_password": PASSWORD,
        "rt_queue": QUEUE,
        "connector_timeout": 60,
    }
    return RequestTracker.of(Settings(**(settings | more)))


@pytest.fixture
def helpdesk(peer: Rt) -> RequestTracker:
    return connected(peer)


def test_a_ticket_lives_and_is_forgotten(helpdesk: RequestTracker, address: str, key: str) -> None:
    """The heart of the contract, for the everyday run."""
    number = helpdesk.create_ticket("Message", "Zoë: please call me.", address, key=key)
    assert helpdesk.create_ticket("Message", "Zoë: please call me.", address, key=key) == number
    for _ in range(2):
        helpdesk.comment(number, "Called.", key=f"{key}:1")
    helpdesk.resolve(number)
    ticket = only(helpdesk, address.upper())
    assert (ticket.body, ticket.comments, ticket.state) == ("Zoë: please call me.", ("Called.",), "resolved")
    assert helpdesk.anonymise(address) == 1
    assert list(helpdesk.find_by_requestor(address)) == []


@pytest.mark.full
class TestRequestTracker(HelpdeskContract):
    """The contract."""

    many = 3


@pytest.mark.full
def test_an_export_has_what_the_record_of_the_person_says(
    helpdesk: RequestTracker, address: str, key: str
) -> None:
    helpdesk.create_ticket("Message", "Please call me.", address, key=key)
    files = helpdesk.export(address)
    assert sorted(files) == ["helpdesk-messages.tsv", "helpdesk-person.tsv"]
    assert address in files["helpdesk-person.tsv"]


@pytest.mark.full
def test_what_is_left_of_somebody_anonymised_names_nobody(peer: Rt, address: str, key: str) -> None:
    keeping = connected(peer, rt_erase="anonymise")
    number = keeping.create_ticket("Message", "Please call me.", address, key=key)
    assert keeping.anonymise(address) == 1
    ticket = peer.as_root("GET", f"/ticket/{number}").json()
    assert ticket["Status"] == "new"
    assert [person["id"].startswith("anon_") for person in ticket["Requestor"]] == [True]
    assert address not in str(ticket)


@pytest.mark.full
def test_a_deleted_ticket_is_out_of_every_search(
    peer: Rt, helpdesk: RequestTracker, address: str, key: str
) -> None:
    number = helpdesk.create_ticket("Message", "Please call me.", address, key=key)
    helpdesk.anonymise(address)
    assert peer.as_root("GET", f"/ticket/{number}").json()["Status"] == "deleted"


@pytest.mark.full
def test_an_agent_of_the_helpdesk_is_never_anonymised(
    peer: Rt, helpdesk: RequestTracker, address: str
) -> None:
    made = peer.as_root(
        "POST", "/user", json={"Name": address.split("@")[0], "EmailAddress": address, "Privileged": 1}
    )
    assert made.status_code == 201
    with pytest.raises(HelpdeskUnusable, match="one of its own agents"):
        helpdesk.anonymise(address)


@pytest.mark.full
def test_a_case_ticket_sends_no_mail(peer: Rt, helpdesk: RequestTracker, key: str) -> None:
    before = len(peer.mail)
    number = helpdesk.create_ticket("Privacy request", "It is under way.", None, key=key)
    helpdesk.comment(number, "It is done.", key=f"{key}:1")
    helpdesk.resolve(number)
    assert len(peer.mail) == before


@pytest.mark.full
def test_a_change_on_an_old_version_is_begun_anew(
    peer: Rt, helpdesk: RequestTracker, address: str, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = helpdesk.create_ticket("Message", "Please call me.", address, key=key)
    client = helpdesk._client
    read, times = client.ticket, []

    def read_and_be_overtaken(which: str) -> object:
        found = read(which)
        if not times:
            times.append(1)
            return (found[0], '"of another version"') if found else None
        return found

    monkeypatch.setattr(client, "ticket", read_and_be_overtaken)
    helpdesk.resolve(number)
    assert only(helpdesk, address).state == "resolved"


def test_a_status_that_the_lifecycle_lacks_is_noticed_behind_its_200(
    helpdesk: RequestTracker, address: str, key: str
) -> None:
    number = helpdesk.create_ticket("Message", "Please call me.", address, key=key)
    with pytest.raises(HelpdeskUnusable, match="did not set the status 'no such status'"):
        helpdesk._client.set_status(number, "no such status")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"rt_token": "1-31-0000"}, "refuses our credentials"),
        ({"rt_queue": "No such queue"}, "RIGHTLINE_RT_QUEUE"),
    ],
)
def test_wrong_settings_are_said(
    peer: Rt, address: str, key: str, wrong: dict[str, object], sentence: str
) -> None:
    with pytest.raises(HelpdeskUnusable, match=sentence):
        connected(peer, **wrong).create_ticket("Message", "Please call me.", address, key=key)


@pytest.mark.full
def test_a_wrong_password_is_said_where_it_is_needed(
    peer: Rt, helpdesk: RequestTracker, address: str, key: str
) -> None:
    helpdesk.create_ticket("Message", "Please call me.", address, key=key)
    with pytest.raises(HelpdeskUnusable, match="does not let us log in"):
        connected(peer, rt_password="wrong").anonymise(address)
    with pytest.raises(HelpdeskUnusable, match="set RIGHTLINE_RT_USER"):
        connected(peer, rt_user="").export(address)


def test_somewhere_else_answers(peer: Rt, address: str) -> None:
    elsewhere = replace(peer, url=f"{peer.url}/nowhere")
    with pytest.raises(HelpdeskUnusable, match="RIGHTLINE_RT_URL"):
        connected(elsewhere).find_by_requestor(address)


def test_its_files_are_in_the_folder_of_the_run(peer: Rt) -> None:
    assert Path(peer.folder / "rtdb").stat().st_size > 0


@pytest.mark.full
def test_the_doctor_finds_nothing_wrong_and_says_what_is(peer: Rt) -> None:
    assert [finding.state for finding in connected(peer).check()] == ["ok"] * 3
    assert [finding.state for finding in connected(peer, rt_queue="No such queue").check()] == [
        "ok",
        "failed",
        "ok",
    ]
    assert [finding.state for finding in connected(peer, rt_password="wrong").check()] == [
        "ok",
        "ok",
        "failed",
    ]
    (only_one,) = connected(peer, rt_token="1-31-0000").check()
    assert (only_one.state, "RIGHTLINE_RT_TOKEN" in only_one.mend) == ("failed", True)
