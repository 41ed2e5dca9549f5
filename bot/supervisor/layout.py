"""Which part listens where, and what each part is told by its environment."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.paths import ENGINE_PYTHON, PROJECT
from bot.supervisor.parts import Part
from bot.supervisor.ports import free_ports

# The engine holds no credentials and no personal data: of this environment it gets these and no more.
ENGINE_MAY_SEE = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "LD_LIBRARY_PATH")
MEASURED = ("gateway", "actions", "worker", "slack")
ENGINE_SETTINGS = ("RIGHTLINE_HOME", "RIGHTLINE_ACTIONS_URL", "RIGHTLINE_ENGINE_")
# Each message runs through tens of megabytes of weights: with pages of 2 MB, where the kernel has them, a
# letter is read in a fiftieth less. OpenBLAS's second thread would only turn round idly, on the processor
# that the encoder needs.
ENGINE_SUITS = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1", "OPENBLAS_NUM_THREADS": "1"}
KINDS = ("gateway", "actions", "worker", "engine")
"""The kinds of parts; a part is called like its kind, with a number where there are several."""


@dataclass(frozen=True)
class Layout:
    """The parts of one running Rightline.

    Attributes:
        home: the state folder.
        host: where the gateway listens.
        ports: by part, where it listens; `smtp` for the demo's mail receiver, `gateway_metrics` and so on.
        environment: of every part but the engine.
    """

    home: Path
    host: str
    ports: Mapping[str, int]
    environment: Mapping[str, str] = field(repr=False)

    @property
    def models(self) -> Path:
        """Where trained models are: the state folder, or one that several instances share."""
        return Path(self.environment.get("RIGHTLINE_MODELS") or self.home)

    @property
    def address(self) -> str:
        """The gateway as a person at this machine reaches it."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 # not a bind
        return f"http://{f'[{host}]' if ':' in host else host}:{self.ports['gateway']}"

    def servers(self) -> list[Part]:
        """What has to run before anything else."""
        return []

    def gateways(self) -> list[Part]:
        """What contacts talk to, every process of it."""
        return [self.gateway()]

    def workplaces(self) -> list[Part]:
        """Every action server and worker."""
        return [self.actions(), self.worker()]

    def engines(self, model: Path) -> list[Part]:
        """What understands, every process of it."""
        return [self.engine(model)]

    def gateway(self) -> Part:
        """What contacts talk to."""
        return self._app_part("gateway", "bot.gateway")

    def actions(self) -> Part:
        """What does the work of a turn."""
        return self._app_part("actions", "actions.sdk")

    def worker(self) -> Part:
        """What carries out decisions and sends mail."""
        return self._app_part("worker", "actions.worker")

    def slack(self) -> Part:
        """What serves a Slack workspace."""
        return self._app_part("slack", "bot.slack")

    def engine(self, model: Path) -> Part:
        """What understands, with a trained model."""
        return self.engine_program(
            "engine", "-m", "nlu.engine", "--port", str(self.ports["engine"]), "--model", str(model)
        )

    def engine_program(self, name: str, *arguments: str, home: Path | None = None) -> Part:
        """Something that runs with the engine's Python and environment.

        Args:
            name: what to call it.
            arguments: of the Python interpreter.
            home: a state folder other than the instance's.
        """
        environment = engine_environment(self.environment) | {"RIGHTLINE_HOME": str(home or self.home)}
        return Part(name, (str(ENGINE_PYTHON), *arguments), environment, PROJECT)

    def recogniser_training(self) -> Part:
        """What trains the recogniser of names, or finds that it is trained already."""
        return self._app_part("training", "nlu.pseudonyms.training")

    def _app_part(self, name: str, module: str) -> Part:
        measured = self.ports.get(f"{name}_metrics", 0)
        environment = {**self.environment, "RIGHTLINE_METRICS_PORT": str(measured)}
        return Part(name, (sys.executable, "-m", module), environment, PROJECT)


def engine_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The engine's share of an environment."""
    allowed = {
        name: value
        for name, value in environment.items()
        if name in ENGINE_MAY_SEE or name.startswith(ENGINE_SETTINGS)
    }
    # Rasa and what it brings warn of their own age at every start.
    ours = {"PYTHONPATH": str(PROJECT), "PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": "ignore"}
    return allowed | ours | ENGINE_SUITS


def lay_out(home: Path, host: str, port: int, *, demo: bool) -> Layout:
    """Choose ports and write every part's environment.

    Args:
        home: the state folder.
        host: where the gateway listens.
        port: the gateway's port; 0 for a free one.
        demo: whether the parts run as the demo.

    Raises:
        OSError: no port is free.
    """
    chosen, engine, actions, smtp, *metrics = free_ports(4 + len(MEASURED))
    ports = {"gateway": port or chosen, "engine": engine, "actions": actions}
    ports |= {f"{part}_metrics": number for part, number in zip(MEASURED, metrics, strict=True)}
    own_mail = {"RIGHTLINE_SMTP_HOST", "RIGHTLINE_SMTP_PORT"} & os.environ.keys()
    if demo and not own_mail:
        ports["smtp"] = smtp
    settings = {
        "RIGHTLINE_HOME": str(home),
        "RIGHTLINE_DEMO": "1" if demo else "0",
        "RIGHTLINE_HOST": host,
        "RIGHTLINE_PORT": str(ports["gateway"]),
        "RIGHTLINE_ENGINE_URL": f"http://127.0.0.1:{engine}",
        "RIGHTLINE_ACTIONS_PORT": str(actions),
        "RIGHTLINE_ACTIONS_URL": f"http://127.0.0.1:{actions}/webhook",
    }
    if "smtp" in ports:
        settings["RIGHTLINE_SMTP_PORT"] = str(ports["smtp"])
    # Where somebody's own server listens, the demo must not.
    settings["RIGHTLINE_DEMO_MAILBOX"] = "1" if "smtp" in ports else "0"
    python = {"PYTHONPATH": str(PROJECT), "PYTHONUNBUFFERED": "1"}
    return Layout(home, host, ports, {**os.environ, **python, **settings})
