"""What each part is told, and what the engine is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.supervisor.layout import engine_environment, lay_out

SECRETS = {
    "RIGHTLINE_KEY": "secret",
    "RIGHTLINE_DATABASE_URL": "postgresql://user:secret@db/rightline",
    "RIGHTLINE_SMTP_PASSWORD": "secret",
    "SLACK_BOT_TOKEN": "secret",
    "AWS_SECRET_ACCESS_KEY": "secret",
}


def test_the_engine_is_told_no_secret() -> None:
    wanted = {
        "PATH": "/bin",
        "RIGHTLINE_HOME": "/state",
        "RIGHTLINE_ACTIONS_URL": "http://127.0.0.1:1/webhook",
        "RIGHTLINE_ENGINE_TRACKER_URL": "sqlite:///tracker.db",
    }
    told = engine_environment(wanted | SECRETS)
    assert told.items() >= wanted.items()
    assert not SECRETS.keys() & told.keys()
    assert "secret" not in " ".join(told.values())


def test_the_parts_agree_on_where_they_are(tmp_path: Path) -> None:
    layout = lay_out(tmp_path, "127.0.0.1", 8123, demo=True)
    environment = layout.gateway().environment
    assert layout.address == "http://127.0.0.1:8123"
    assert environment["RIGHTLINE_PORT"] == "8123"
    assert environment["RIGHTLINE_ENGINE_URL"].endswith(f":{layout.ports['engine']}")
    assert environment["RIGHTLINE_SMTP_PORT"] == str(layout.ports["smtp"])
    assert environment["RIGHTLINE_DEMO"] == "1"
    own = {
        name: {**part.environment, "RIGHTLINE_METRICS_PORT": ""}
        for name, part in (("actions", layout.actions()), ("worker", layout.worker()))
    }
    assert own["actions"] == own["worker"] == {**environment, "RIGHTLINE_METRICS_PORT": ""}
    assert environment["RIGHTLINE_METRICS_PORT"] == str(layout.ports["gateway_metrics"])
    engine = layout.engine(tmp_path / "model.tar.gz")
    assert f":{environment['RIGHTLINE_ACTIONS_PORT']}/" in engine.environment["RIGHTLINE_ACTIONS_URL"]
    assert engine.command[-4:] == (
        "--port",
        str(layout.ports["engine"]),
        "--model",
        f"{tmp_path}/model.tar.gz",
    )
    assert len(set(layout.ports.values())) == 8


def test_instances_side_by_side_share_no_port(tmp_path: Path) -> None:
    first, second = (lay_out(tmp_path / name, "127.0.0.1", 0, demo=True) for name in "ab")
    assert not set(first.ports.values()) & set(second.ports.values())


@pytest.mark.parametrize(("demo", "setting"), [(False, None), (True, "RIGHTLINE_SMTP_HOST")])
def test_a_mail_server_of_ones_own_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, demo: bool, setting: str | None
) -> None:
    if setting:
        monkeypatch.setenv(setting, "mail.example")
    layout = lay_out(tmp_path, "127.0.0.1", 0, demo=demo)
    assert "smtp" not in layout.ports
    assert "RIGHTLINE_SMTP_PORT" not in layout.worker().environment
    assert layout.gateway().environment["RIGHTLINE_DEMO_MAILBOX"] == "0"


@pytest.mark.parametrize(
    ("host", "address"),
    [("0.0.0.0", "http://127.0.0.1:81"), ("::", "http://[::1]:81"), ("10.1.2.3", "http://10.1.2.3:81")],
)
def test_the_address_is_one_that_a_person_can_open(tmp_path: Path, host: str, address: str) -> None:
    assert lay_out(tmp_path, host, 81, demo=True).address == address
