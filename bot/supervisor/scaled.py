"""The many-process form on one machine: several of each part behind a balancer, on PostgreSQL and Redis.

It proves that several get on with each other. For speed, give each a machine of its own (docs/operations.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.supervisor.balancer import Front
from bot.supervisor.layout import Layout, lay_out
from bot.supervisor.parts import Part
from bot.supervisor.ports import free_ports
from bot.supervisor.servers import LocalPostgresql, redis_part

LOOPBACK = "127.0.0.1"
OURS, ENGINES = "rightline", "rightline_engine"
DATABASE, TRACKER, REDIS = (
    "RIGHTLINE_DATABASE_URL",
    "RIGHTLINE_ENGINE_TRACKER_URL",
    "RIGHTLINE_ENGINE_REDIS_URL",
)
# Of every part of ours: its pool, and what it holds for a lock.
CONNECTIONS = 300


@dataclass(frozen=True)
class ScaledLayout(Layout):
    """A layout whose ports are the balancer's; behind each are several processes.

    Attributes:
        behind: by port of the balancer's (`gateway`, `engine`, `actions`, `smtp`), those behind it.
        postgresql: the server that is run for it, unless one was given.
        redis_port: of the Redis server that is run for it; 0 when one was given.
    """

    behind: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    postgresql: LocalPostgresql | None = None
    redis_port: int = 0

    def servers(self) -> list[Part]:
        """PostgreSQL and Redis, when none were given, and the balancer.

        Raises:
            ServerMissing: a server cannot be run here.
        """
        parts = [] if self.postgresql is None else [self.postgresql.prepare()]
        parts += [redis_part(self.home / "redis", self.redis_port)] if self.redis_port else []
        return [*parts, self._balancer()]

    def gateways(self) -> list[Part]:
        """Every gateway; in the demo each receives mail too."""
        ports = self.behind["gateway"]
        letters = self.behind.get("smtp", (0,) * len(ports))
        return [
            self._numbered(
                self.gateway(), number, RIGHTLINE_HOST=LOOPBACK, RIGHTLINE_PORT=port, **_smtp(smtp)
            )
            for number, (port, smtp) in enumerate(zip(ports, letters, strict=True), 1)
        ]

    def workplaces(self) -> list[Part]:
        """Every action server and worker."""
        ports = self.behind["actions"]
        servers = [
            self._numbered(self.actions(), number, RIGHTLINE_ACTIONS_PORT=port)
            for number, port in enumerate(ports, 1)
        ]
        workers = [self._numbered(self.worker(), number) for number, _ in enumerate(ports, 1)]
        return servers + workers

    def engines(self, model: Path) -> list[Part]:
        """Every engine."""
        found = []
        for number, port in enumerate(self.behind["engine"], 1):
            ports = {**self.ports, "engine": port}
            found.append(self._numbered(replace(self, ports=ports).engine(model), number))
        return found

    def create_databases(self) -> None:
        """Make what the servers that are run for it lack.

        Raises:
            ServerMissing: a database cannot be made.
        """
        if self.postgresql is not None:
            for name in (OURS, ENGINES):
                self.postgresql.create(name)

    def _balancer(self) -> Part:
        fronts = [
            Front(
                (self.host if name == "gateway" else LOOPBACK, self.ports[name]),
                tuple((LOOPBACK, port) for port in ports),
            )
            for name, ports in self.behind.items()
        ]
        balancer = self._app_part("balancer", "bot.supervisor.balancer")
        return replace(balancer, command=(*balancer.command, *(front.argument() for front in fronts)))

    def _numbered(self, part: Part, number: int, **settings: object) -> Part:
        told = {name: str(value) for name, value in settings.items()}
        # The figures of the first of each kind are where those of the only one would be.
        metrics = {"RIGHTLINE_METRICS_PORT": "0"} if number > 1 else {}
        return replace(
            part, name=f"{part.name}-{number}", environment={**part.environment, **metrics, **told}
        )


def lay_out_scaled(home: Path, host: str, port: int, *, demo: bool, each: int = 2) -> ScaledLayout:
    """Choose ports for several of each part and name the servers they share.

    Args:
        home: the state folder.
        host: where the balancer listens for contacts.
        port: the port there; 0 for a free one.
        demo: whether the parts run as the demo.
        each: how many of each part.

    Raises:
        OSError: no port is free.
    """
    single = lay_out(home, host, port, demo=demo)
    names = [name for name in ("gateway", "engine", "actions", "smtp") if name in single.ports]
    *inner, redis_port = free_ports(each * len(names) + 1)
    behind = {name: tuple(inner[each * place : each * (place + 1)]) for place, name in enumerate(names)}
    environment = dict(single.environment)
    environment.setdefault("RIGHTLINE_PUBLIC_URL", single.address)
    postgresql = None
    if not environment.get(DATABASE):
        postgresql = LocalPostgresql(home / "postgresql", (f"max_connections={CONNECTIONS}",))
        environment[DATABASE] = postgresql.url(OURS)
        environment[TRACKER] = postgresql.url(ENGINES, driver="postgresql")
    given_redis = bool(environment.get(REDIS))
    environment.setdefault(REDIS, f"redis://{LOOPBACK}:{redis_port}/1")
    return ScaledLayout(
        home, host, single.ports, environment, behind, postgresql, 0 if given_redis else redis_port
    )


def _smtp(port: int) -> dict[str, object]:
    return {"RIGHTLINE_SMTP_PORT": port} if port else {}
