"""The order in which the parts come up, with small stand-ins for them."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.supervisor.instance import Claim, Running, find_running
from bot.supervisor.launch import launch
from bot.supervisor.layout import Layout, lay_out
from bot.supervisor.parts import Part

# Ready are those parts whose file the stand-ins have written.
GATEWAY = """
import http.server, json, pathlib, sys
home = pathlib.Path(sys.argv[1])
OTHERS = ("engine", "actions", "worker")
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        up = {part: "ready" if (home / part).exists() else "starting" for part in OTHERS}
        ready = self.path == "/healthz" or "starting" not in up.values()
        self.send_response(200 if ready else 503)
        self.end_headers()
        self.wfile.write(json.dumps({"parts": up}).encode())
http.server.HTTPServer(("127.0.0.1", int(sys.argv[2])), Handler).serve_forever()
"""
OTHER = "import pathlib, sys, time; (pathlib.Path(sys.argv[1]) / sys.argv[2]).touch(); time.sleep(60)"
TRAINING = """
import pathlib, sys, time
home = pathlib.Path(sys.argv[1])
inputs = (home / "inputs").read_text()
if inputs == "bad":
    sys.exit("no examples for intent erase")
model = home / f"model-{inputs}"
if not model.exists():
    time.sleep(0.6)
    model.touch()
    (home / "trained").open("a").write(inputs + " ")
    print("epoch 1")
print(model)
"""


@dataclass(frozen=True)
class StandIns(Layout):
    """The same layout with programs that only pretend."""

    def part(self, name: str, code: str, *arguments: str) -> Part:
        command = (sys.executable, "-c", code, str(self.home), *arguments)
        return Part(name, command, dict(os.environ), self.home)

    def recogniser_training(self) -> Part:
        return self.part("training", "")

    def gateway(self) -> Part:
        return self.part("gateway", GATEWAY, str(self.ports["gateway"]))

    def actions(self) -> Part:
        return self.part("actions", OTHER, "actions")

    def worker(self) -> Part:
        return self.part("worker", OTHER, "worker")

    def engine_program(self, name: str, *arguments: str, home: Path | None = None) -> Part:
        code = {"training": TRAINING, "engine": OTHER}[name]
        return self.part(name, code, name, *arguments)


@pytest.fixture
def layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StandIns:
    monkeypatch.setattr("bot.supervisor.model.FINDING_SECONDS", 0.3)
    (tmp_path / "inputs").write_text("one")
    ordinary = lay_out(tmp_path, "127.0.0.1", 0, demo=True)
    return StandIns(ordinary.home, ordinary.host, ordinary.ports, {})


def run(
    layout: StandIns, until: Callable[[list[str]], object], seconds: float = 30
) -> tuple[str | None, list[str]]:
    """Launch, wait until that is true of what was said, stop as Ctrl-C would; the failure, and all said."""
    said: list[str] = []

    async def scenario() -> str | None:
        with Claim(layout.home) as claim:
            launched = asyncio.create_task(
                launch(layout, claim, demo=True, say=said.append, greet=lambda address: said.append(address))
            )
            deadline = time.monotonic() + seconds
            while not until(said) and not launched.done():
                assert time.monotonic() < deadline, said
                await asyncio.sleep(0.02)
            if not launched.done():
                os.kill(os.getpid(), signal.SIGINT)
            return await asyncio.wait_for(launched, 10)

    return asyncio.run(scenario()), said


def complete(said: list[str]) -> bool:
    return "all parts are ready; Ctrl-C stops them" in said


def ready(said: list[str]) -> list[str]:
    return [line.split(":")[0] for line in said if ": ready (" in line]


def test_everything_comes_up_and_is_reported(layout: StandIns) -> None:
    notes: list[Running | None] = []

    def until(said: list[str]) -> bool:
        if complete(said):
            notes.append(find_running(layout.home))
        return complete(said)

    failure, said = run(layout, until)
    assert failure is None
    assert said.count(layout.address) == 1
    assert sorted(ready(said)) == ["actions", "engine", "gateway", "worker"]
    assert said[-1] == "stopping…"
    assert notes[0] is not None
    assert notes[0].address == layout.address
    assert sorted(notes[0].parts) == ["actions", "engine", "gateway", "worker"]
    assert find_running(layout.home) is None


def test_a_gateway_that_was_away_is_reported_again_and_nothing_else(
    layout: StandIns, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.supervisor.launch.LOOK_AGAIN_SECONDS", 0.1)
    killed: list[int] = []

    def until(said: list[str]) -> bool:
        if complete(said) and not killed and (running := find_running(layout.home)):
            killed.append(running.parts["gateway"])
            os.kill(killed[0], signal.SIGKILL)
        return ready(said).count("gateway") == 2

    _, said = run(layout, until)
    assert sorted(ready(said)) == ["actions", "engine", "gateway", "gateway", "worker"]
    assert "gateway was ended by SIGKILL; starting it again in 0.2 s" in said


def test_a_model_is_trained_once_for_the_same_inputs(layout: StandIns) -> None:
    def trained(inputs: str) -> str:
        (layout.home / "inputs").write_text(inputs)
        for name in ("engine", "actions", "worker"):
            (layout.home / name).unlink(missing_ok=True)
        run(layout, complete)
        return (layout.home / "trained").read_text()

    assert trained("one") == "one "
    assert trained("one") == "one "
    assert trained("two") == "one two "


def test_a_training_is_announced(layout: StandIns) -> None:
    _, said = run(layout, complete)
    assert "training the engine's model, since its inputs changed…" in said
    assert any(line.startswith("the engine's model is trained (") for line in said)


def test_a_model_that_cannot_be_trained_stops_everything_with_the_reason(layout: StandIns) -> None:
    (layout.home / "inputs").write_text("bad")
    failure, _ = run(layout, lambda _: False)
    assert failure is not None
    assert failure.startswith("training the engine's model ended with exit code 1.")
    assert failure.endswith("no examples for intent erase")


def test_contacts_may_write_before_the_engine_is_there(layout: StandIns) -> None:
    @dataclass(frozen=True)
    class Slow(StandIns):
        def engine_program(self, name: str, *arguments: str, home: Path | None = None) -> Part:
            if name == "training":
                return self.part(name, "import time; time.sleep(60)")
            return super().engine_program(name, *arguments)

    slow = Slow(layout.home, layout.host, layout.ports, {})
    started = time.monotonic()
    failure, said = run(slow, lambda said: "worker" in ready(said))
    assert failure is None
    assert slow.address in said
    assert time.monotonic() - started < 10  # the training is ended too
