"""`./rightline doctor`: what is wrong is named with what to do, and nothing is changed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from sqlalchemy import text
from typer.testing import CliRunner

from actions.conversations import log
from actions.conversations.services import open_conversation
from actions.database import Database, migrate
from actions.health.interfaces import Finding
from actions.settings import Settings, get_settings
from bot.cli.doctor import app
from bot.doctor import configuration, parts, stores, systems
from bot.doctor.interfaces import Check, Patient
from bot.doctor.services import CHECKS, examine
from bot.paths import PROJECT
from bot.supervisor.instance import Running
from bot.supervisor.ports import free_ports
from tests.support.servers import postgresql_database
from tests.unit.mail.servers import smtp_server

RUNNING = Running(1, "http://127.0.0.1:1", False, {})


def found(check: Check, *, running: Running | None = None, **settings: Any) -> list[Finding]:
    """What a check finds with these settings."""
    return list(check(Patient(Settings(**settings), running)))


def states(findings: Sequence[Finding]) -> list[str]:
    return [finding.state for finding in findings]


@contextmanager
def http_server(answer: Callable[[str], tuple[int, dict[str, Any], dict[str, str]]]) -> Iterator[str]:
    """A server that answers every path as told; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, content, headers = answer(self.path)
            body = json.dumps(content).encode()
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


# --- Settings, keys, data ---------------------------------------------------------------------------------


def test_a_misspelt_setting_is_named_with_the_one_that_was_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RIGHTLINE_SMPT_HOST", "mail.example")
    (finding,) = [one for one in found(configuration.settings) if one.state == "warning"]
    assert finding.what == "RIGHTLINE_SMPT_HOST is no setting, so it has no effect"
    assert finding.mend == "Did you mean RIGHTLINE_SMTP_HOST?"


def test_a_demo_that_everybody_can_reach_is_worth_a_word() -> None:
    assert "warning" in states(found(configuration.settings, demo=True, host="0.0.0.0"))
    assert "warning" not in states(found(configuration.settings, demo=True, host="127.0.0.1"))


def test_letters_need_an_address_that_contacts_can_open() -> None:
    assert "warning" in states(found(configuration.settings, host="10.0.0.1"))
    assert "failed" in states(found(configuration.settings, public_url="rights.example"))
    assert "failed" not in states(found(configuration.settings, public_url="https://rights.example"))


def test_a_key_that_is_none_or_that_others_may_read(tmp_path: Path) -> None:
    assert states(found(configuration.keys, home=tmp_path)) == ["off"]
    assert not (tmp_path / "key").exists()
    (finding,) = found(configuration.keys, home=tmp_path, key="c2hvcnQ=")
    assert finding.state == "failed"
    assert "python3 -c" in finding.mend
    Settings(home=tmp_path).master_key()
    assert states(found(configuration.keys, home=tmp_path)) == ["ok"]
    (tmp_path / "key").chmod(0o644)
    assert found(configuration.keys, home=tmp_path)[-1].mend == f"chmod 600 {tmp_path / 'key'}"


def test_the_ledger_belongs_elsewhere(tmp_path: Path) -> None:
    assert states(found(configuration.ledger, home=tmp_path)) == ["warning"]
    assert states(found(configuration.ledger, home=tmp_path, ledger=tmp_path / "far" / "ledger")) == ["ok"]


# --- Database and Redis -----------------------------------------------------------------------------------


@pytest.fixture(params=("sqlite", "postgresql"))
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without tables."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'ours.db'}"
        Database(url).engine.connect().close()
        yield url
        return
    with postgresql_database(empty=True) as url:
        yield url


def test_a_database_on_its_way_to_health(empty: str) -> None:
    without_tables = found(stores.database, database_url=empty)
    assert next(one.what for one in without_tables if one.state == "failed") == "it has no tables yet"
    migrate(empty)
    healthy = found(stores.database, database_url=empty)
    assert states(healthy) == ["ok"] * 3
    database = Database(empty)
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    (older,) = [one for one in found(stores.database, database_url=empty) if one.state == "failed"]
    assert "older version, 0001" in older.what
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'newer'"))
    (unknown,) = [one for one in found(stores.database, database_url=empty) if one.state == "failed"]
    assert "does not know" in unknown.what
    database.dispose()


def test_what_another_key_encrypted_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from actions.vault.cipher import _derived

    url = f"sqlite:///{tmp_path / 'ours.db'}"
    migrate(url)
    database = Database(url)
    with database.write() as session:
        opened = open_conversation(session, [])
        conversation = log.lock(session, opened.id)
        assert conversation is not None
        log.append(session, conversation, "assistant", {"text": "hello"})
    database.dispose()
    assert found(stores.database, database_url=url)[-1].what == "what is stored can be read with our key"
    monkeypatch.setenv("RIGHTLINE_KEY", "A" * 43 + "=")
    get_settings.cache_clear()
    _derived.cache_clear()
    assert "another key" in found(stores.database, database_url=url)[-1].what


@pytest.mark.parametrize(
    ("url", "what", "mend"),
    [
        ("nonsense", "no URL of a database", "postgresql://user:password@host/rightline"),
        ("oracle11://host/db", "no URL of a database", "postgresql://"),
        ("postgresql://nobody@127.0.0.1:{port}/x", "cannot be used", "Start the server"),
        ("sqlite:////proc/none/ours.db", "no database yet", ""),
    ],
)
def test_a_database_that_cannot_be_reached(url: str, what: str, mend: str) -> None:
    (finding,) = found(stores.database, database_url=url.format(port=free_ports(1)[0]))
    assert what in finding.what
    assert mend in finding.mend


def test_a_server_without_our_database_says_so(empty: str) -> None:
    if empty.startswith("sqlite"):
        return
    url = Database(empty).url.set(database="not_there").render_as_string(hide_password=False)
    (finding,) = found(stores.database, database_url=url)
    assert finding.mend == "Make the database first: createdb rightline."


def test_redis_is_asked_when_it_is_named() -> None:
    assert states(found(stores.redis)) == ["off"]
    assert states(found(stores.redis, engine_redis_url="http://host")) == ["failed"]
    (finding,) = found(stores.redis, engine_redis_url=f"redis://127.0.0.1:{free_ports(1)[0]}/1")
    assert "does not answer" in finding.what


# --- Mail, Slack, connectors ------------------------------------------------------------------------------


def mail(port: int, **settings: Any) -> list[Finding]:
    return found(systems.mail, smtp_port=port, **settings)


def test_a_mail_server_that_answers_and_one_that_does_not() -> None:
    with smtp_server() as server:
        assert states(mail(server.port)) == ["ok"]
        (finding,) = mail(server.port, smtp_tls=True)
        assert "offers no STARTTLS" in finding.what
        (finding,) = mail(server.port, smtp_user="rightline", smtp_password="wrong")
        assert "refuses our login" in finding.what
    (finding,) = mail(server.port)
    assert finding.state == "failed"
    assert "RIGHTLINE_SMTP_HOST" in finding.mend


@pytest.mark.parametrize(("password", "state"), [("right", "ok"), ("wrong", "failed")])
def test_the_login_is_tried(password: str, state: str) -> None:
    def login(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
        return AuthResult(success=given.password == b"right")

    (port,) = free_ports(1)
    controller = Controller(
        object(), hostname="127.0.0.1", port=port, authenticator=login, auth_require_tls=False
    )
    controller.start()
    try:
        (finding,) = mail(port, smtp_user="rightline", smtp_password=password)
    finally:
        controller.stop()
    assert finding.state == state
    assert password not in finding.what + finding.mend


SLACK: dict[str, Any] = {
    "slack_bot_token": "xoxb-1",
    "slack_app_token": "xapp-1",
    "slack_support_channel": "C1",
    "slack_roles": {"agent": ["U1"]},
    "slack_team_id": "T1",
}


@pytest.mark.parametrize(
    ("scopes", "identity", "channel", "wrong"),
    [
        ("chat:write,commands,users:read", {}, {}, []),
        ("chat:write", {}, {}, ["lacks the scopes commands, users:read"]),
        ("", {"ok": False, "error": "invalid_auth"}, {}, ["'invalid_auth' to our token"]),
        ("", {"team_id": "T2"}, {}, ["the workspace T2, not ours"]),
        ("", {}, {"ok": False, "error": "channel_not_found"}, ["'channel_not_found' to the channel C1"]),
        ("", {}, {"channel": {"id": "C1", "is_member": False}}, ["is not in the channel C1"]),
    ],
)
def test_slack_is_asked_who_we_are_and_what_we_may(
    scopes: str, identity: dict[str, Any], channel: dict[str, Any], wrong: list[str]
) -> None:
    def answer(path: str) -> tuple[int, dict[str, Any], dict[str, str]]:
        known = {"ok": True, "team": "Ours", "team_id": "T1"} | identity
        if path.startswith("/conversations.info"):
            known = {"ok": True, "channel": {"id": "C1", "is_member": True}} | channel
        return 200, known, {"x-oauth-scopes": scopes}

    with http_server(answer) as url:
        findings = found(systems.slack, slack_api_url=url, **SLACK)
    failed = [finding.what for finding in findings if finding.state == "failed"]
    assert len(failed) == len(wrong)
    assert all(expected in what for expected, what in zip(wrong, failed, strict=True))


def test_slack_is_not_asked_without_a_token_and_wrong_settings_are_named() -> None:
    assert states(found(systems.slack)) == ["off"]
    findings = found(systems.slack, slack_bot_token="wrong")
    assert len(findings) == 4
    assert "RIGHTLINE_SLACK_BOT_TOKEN" in findings[0].what


def test_a_connector_tells_of_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    class Connector:
        def check(self) -> list[Finding]:
            return [Finding("failed", "the queue 'Privacy' is not there", "Make it, or set another.")]

    monkeypatch.setattr("actions.helpdesk.services.get_helpdesk", Connector)
    (finding,) = found(systems.helpdesk)
    assert finding.what == "the queue 'Privacy' is not there"
    monkeypatch.setattr("actions.helpdesk.services.get_helpdesk", object)
    assert states(found(systems.helpdesk)) == ["ok"]


def test_a_connector_that_does_not_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    from actions.crm.services import get_crm

    monkeypatch.setenv("RIGHTLINE_CRM", "none")
    get_settings.cache_clear()
    get_crm.cache_clear()
    (finding,) = found(systems.crm)
    get_crm.cache_clear()
    assert finding.state == "failed"
    assert "RIGHTLINE_CRM" in finding.what


# --- Parts ------------------------------------------------------------------------------------------------


def test_the_action_server_answers_or_not() -> None:
    with http_server(lambda _path: (200, {"status": "ok"}, {})) as url:
        assert states(found(parts.actions, actions_url=f"{url}/webhook")) == ["ok"]
    assert states(found(parts.actions, actions_url=f"{url}/webhook")) == ["failed"]
    (port,) = free_ports(1)
    assert states(found(parts.actions, actions_port=port)) == ["off"]
    running = Running(1, "http://127.0.0.1:1", False, {"actions": port})
    assert states(found(parts.actions, running=running)) == ["failed"]


@pytest.mark.parametrize(
    ("serving", "state", "what"),
    [
        ("expected.tar.gz", "ok", "the model of the present data"),
        ("older.tar.gz", "warning", "it serves the model older"),
        (None, "warning", "not ready yet"),
    ],
)
def test_the_engine_serves_the_model_of_the_present_data(
    monkeypatch: pytest.MonkeyPatch, serving: str | None, state: str, what: str
) -> None:
    monkeypatch.setattr(parts, "_expected_model", lambda: "expected")
    monkeypatch.setattr(parts, "ENGINE_PYTHON", Path(sys.executable))
    with http_server(lambda _path: (200, {"model_file": serving}, {})) as url:
        last = found(parts.engine, engine_url=url)[-1]
    assert last.state == state
    assert what in last.what


def test_an_engine_that_is_missing_or_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "_expected_model", lambda: "expected")
    monkeypatch.setattr(parts, "ENGINE_PYTHON", Path(sys.executable))
    (port,) = free_ports(1)
    assert found(parts.engine, engine_url=f"http://127.0.0.1:{port}")[-1].state == "failed"
    assert found(parts.engine)[-1].state == "off"
    assert found(parts.engine, running=RUNNING)[-1].state == "failed"
    monkeypatch.setattr(parts, "ENGINE_PYTHON", Path("/none"))
    assert "not installed" in found(parts.engine)[0].what


def test_the_worker_gives_signs_of_life(tmp_path: Path) -> None:
    from actions.worker import services

    url = f"sqlite:///{tmp_path / 'ours.db'}"
    assert states(found(parts.worker, database_url=url)) == ["off"]
    migrate(url)
    assert states(found(parts.worker, database_url=url, running=RUNNING)) == ["failed"]
    database = Database(url)
    with database.write() as session:
        services.beat(session, "a worker")
    assert states(found(parts.worker, database_url=url)) == ["ok"]
    database.dispose()


# --- The command ------------------------------------------------------------------------------------------


def test_one_check_that_breaks_does_not_keep_the_others_from_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_patient: Patient) -> Iterator[Finding]:
        raise RuntimeError("zoe@example.org")

    monkeypatch.setattr("bot.doctor.services.CHECKS", {"first": broken, "keys": CHECKS["keys"]})
    seen = list(examine(Patient(Settings(), None)))
    assert [one.part for one in seen] == ["first", "keys"]
    assert "zoe" not in seen[0].finding.what
    assert "RuntimeError" in seen[0].finding.what


@pytest.mark.parametrize(("state", "code"), [("ok", 0), ("warning", 0), ("off", 0), ("failed", 1)])
def test_the_exit_code_says_whether_something_is_wrong(
    monkeypatch: pytest.MonkeyPatch, state: Any, code: int
) -> None:
    monkeypatch.setenv("RIGHTLINE_DEMO", "1")
    checks = {"part": lambda _patient: iter([Finding(state, "found", "Mend it." if code else "")])}
    monkeypatch.setattr("bot.doctor.services.CHECKS", checks)
    shown = CliRunner().invoke(app, [])
    assert shown.exit_code == code
    assert "found" in shown.output
    told = CliRunner().invoke(app, ["--json"])
    assert told.exit_code == code
    assert json.loads(told.output) == {
        "ok": code == 0,
        "checks": [{"part": "part", "state": state, "what": "found", "mend": "Mend it." if code else ""}],
    }


@pytest.mark.parametrize("command", [["doctor"], ["cases", "list"]])
def test_settings_that_cannot_be_read_are_a_sentence_in_every_command(
    tmp_path: Path, command: list[str]
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", *command],
        cwd=PROJECT,
        env={**os.environ, "RIGHTLINE_HOME": str(tmp_path), "RIGHTLINE_SMTP_PORT": "smtp"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    assert "RIGHTLINE_SMTP_PORT" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("module", ["actions.worker"])
def test_a_part_with_settings_that_cannot_be_used_ends_with_a_sentence(tmp_path: Path, module: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", module],
        cwd=PROJECT,
        env={**os.environ, "RIGHTLINE_HOME": str(tmp_path), "RIGHTLINE_ALLOWED_ORIGINS": "[x"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("RIGHTLINE_ALLOWED_ORIGINS is not valid JSON")
