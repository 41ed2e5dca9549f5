"""Which processes the many-process form has, and what each is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.supervisor.scaled import DATABASE, REDIS, TRACKER, lay_out_scaled
from bot.supervisor.servers import LocalPostgresql

GIVEN = {
    DATABASE: "postgresql://db.example/ours",
    TRACKER: "postgresql://db.example/engine",
    REDIS: "redis://redis.example/1",
}


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in GIVEN.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("given")
def test_two_of_each_part_share_the_servers_that_were_given(tmp_path: Path) -> None:
    layout = lay_out_scaled(tmp_path, "127.0.0.1", 8123, demo=True)
    (balancer,) = layout.servers()
    parts = [*layout.gateways(), *layout.workplaces(), *layout.engines(tmp_path / "model")]
    kinds = ("gateway", "actions", "worker", "engine")
    assert [part.name for part in parts] == [f"{kind}-{number}" for kind in kinds for number in (1, 2)]
    assert {part.environment.get(TRACKER) for part in parts} == {GIVEN[TRACKER]}
    assert all(part.environment[REDIS] == GIVEN[REDIS] for part in layout.engines(tmp_path / "model"))
    assert DATABASE not in layout.engines(tmp_path / "model")[0].environment
    assert balancer.command[3].startswith("127.0.0.1:8123=")


@pytest.mark.usefixtures("given")
def test_no_two_processes_listen_on_one_port(tmp_path: Path) -> None:
    layout = lay_out_scaled(tmp_path, "127.0.0.1", 8123, demo=True, each=3)
    ports = [*layout.ports.values(), *(port for ports in layout.behind.values() for port in ports)]
    assert len(set(ports)) == len(ports) == len(layout.ports) + 3 * 4
    gateways = layout.gateways()
    listening = [part.environment["RIGHTLINE_PORT"] for part in gateways]
    assert listening == [str(port) for port in layout.behind["gateway"]]
    assert len({part.environment["RIGHTLINE_SMTP_PORT"] for part in gateways}) == 3
    metrics = [part.environment["RIGHTLINE_METRICS_PORT"] for part in [*gateways, *layout.workplaces()]]
    assert sorted(metrics, key=int)[:6] == ["0"] * 6
    assert len(set(metrics)) == 4


def test_without_servers_it_brings_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in GIVEN:
        monkeypatch.delenv(name, raising=False)
    layout = lay_out_scaled(tmp_path, "127.0.0.1", 0, demo=True)
    assert isinstance(layout.postgresql, LocalPostgresql)
    environment = layout.gateways()[0].environment
    assert environment[DATABASE].startswith("postgresql+psycopg://")
    assert environment[DATABASE] != environment[TRACKER]
    assert environment[REDIS] == f"redis://127.0.0.1:{layout.redis_port}/1"


def test_a_socket_whose_path_would_be_too_long_is_made_elsewhere(tmp_path: Path) -> None:
    near, far = LocalPostgresql(Path("/srv/rightline")), LocalPostgresql(tmp_path / ("x" * 100))
    assert near.sockets == Path("/srv/rightline/socket")
    assert len(str(far.sockets)) < 80
