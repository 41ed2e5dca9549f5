"""Many contacts talk while processes are killed at random; a checker then looks for what was lost or doubled.

    .venv/bin/python -m tests.load.kills [--conversations 5000] [--seed 1] [--kill-every 4] [--at-once 24]

It starts `up --scale` for itself: two of each part behind a balancer, on PostgreSQL and Redis. Each kind of
conversation is first held once undisturbed, and every other of its kind must end up like that one: the same
words, the same case, the same steps, the same letters, and the same state of the contact in the CRM.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import httpx

from bot.paths import PROJECT
from bot.supervisor.instance import Running, find_running
from tests.load.contact import DemoLetters, Held, Letters, hold

READY_SECONDS = 900.0
STOP_SECONDS = 20.0
AT_ONCE = 24
TELL_EVERY = 100
KINDS = ("erase", "opt_out", "ask")
# A dead engine takes seconds of processor time to come back, and every kind shall have its turn.
WEIGHTS = {"engine": 1, "postgresql": 1, "redis": 1, "balancer": 1, "gateway": 3, "actions": 3, "worker": 3}
# The supervisor gives a part up that dies eight times a minute.
MOST_DEATHS_A_MINUTE = 5
PATIENT = 0.8
BACK_SECONDS = 60.0


class Fault(Protocol):
    """What happens while contacts talk."""

    async def work(self) -> None:
        """Let it happen, until cancelled."""
        ...


@dataclass
class Killer:
    """Kills a part now and then, as `kill -9` does, until it is told to stop."""

    home: Path
    every: float
    chance: random.Random
    weights: Mapping[str, int] = field(default_factory=lambda: WEIGHTS)
    killed: Counter[str] = field(default_factory=Counter)
    _deaths: list[tuple[float, str]] = field(default_factory=list)

    async def work(self) -> None:
        """Kill until cancelled."""
        while True:
            await asyncio.sleep(self.chance.uniform(0.5, 1.5) * self.every)
            running = find_running(self.home)
            # Mostly one at a time, sometimes another before the first is back; never all for good.
            if running is None or (self.chance.random() < PATIENT and not await _comes_back(running.address)):
                continue
            victims = self._victims(running)
            if not victims:
                continue
            (name,) = self.chance.choices(list(victims), list(victims.values()))
            with suppress(ProcessLookupError, KeyError):
                os.kill(running.parts[name], signal.SIGKILL)
                self.killed[kind_of(name)] += 1
                self._deaths.append((time.monotonic(), name))

    def _victims(self, running: Running) -> dict[str, int]:
        recent = Counter(name for at, name in self._deaths if time.monotonic() - at < 60)
        return {
            name: self.weights[kind_of(name)]
            for name in running.parts
            if kind_of(name) in self.weights and recent[name] < MOST_DEATHS_A_MINUTE
        }


@dataclass
class Progress:
    """Says now and then how far it is."""

    of: int
    killer: Killer
    began: float = field(default_factory=time.monotonic)
    ended: int = 0
    failed: int = 0

    def one_more(self, held: Held) -> None:
        """Count a conversation that has ended."""
        self.ended += 1
        self.failed += bool(held.failure)
        if self.ended % TELL_EVERY and self.ended != self.of:
            return
        minutes = (time.monotonic() - self.began) / 60
        left = minutes * (self.of - self.ended) / self.ended
        print(
            f"{self.ended} of {self.of} conversations after {minutes:.1f} min, about {left:.0f} min to go; "
            f"{self.killer.killed.total()} kills, {self.failed} conversations not to their end",
            flush=True,
        )


def kind_of(part: str) -> str:
    """A part's kind: `gateway` of `gateway-2`."""
    return part.rpartition("-")[0] or part


@contextmanager
def scaled_demo(home: Path, each: int) -> Iterator[Running]:
    """`up --scale` on a state folder, until the block ends.

    Args:
        home: its state folder.
        each: how many of each part.
    """
    output = home / "up.log"
    with output.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "up", "--port", "0", "--scale", "--each", str(each)],
            cwd=PROJECT,
            env={**os.environ, "RIGHTLINE_HOME": str(home), "RIGHTLINE_DEMO": "1"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + READY_SECONDS
        while not ((running := find_running(home)) and _is_ready(running.address)):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"it did not come up:\n{output.read_text()[-2000:]}")
            time.sleep(0.2)
        yield running
    finally:
        process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=STOP_SECONDS)
        process.kill()
        process.wait()


async def _comes_back(address: str) -> bool:
    """Wait until every kind of part is ready; False when that takes too long."""
    deadline = time.monotonic() + BACK_SECONDS
    while time.monotonic() < deadline:
        if await asyncio.to_thread(_is_ready, address):
            return True
        await asyncio.sleep(0.2)
    return False


def _is_ready(address: str) -> bool:
    with suppress(httpx.HTTPError):
        return httpx.get(f"{address}/readyz", timeout=5, trust_env=False).is_success
    return False


async def talk(
    address: str,
    letters: Letters,
    fault: Fault | None,
    numbers: list[int],
    *,
    at_once: int = AT_ONCE,
    tell: Callable[[Held], None] = lambda _held: None,
) -> list[Held]:
    """Hold the conversations of these numbers, a few at once, while something happens.

    Args:
        address: the balancer's, or the only gateway's.
        letters: where codes come from.
        fault: what happens meanwhile.
        numbers: of the contacts.
        at_once: so many conversations at a time.
        tell: told of each when it has ended.
    """
    gate = asyncio.Semaphore(at_once)
    limits = httpx.Limits(max_connections=4 * at_once, max_keepalive_connections=at_once)
    async with httpx.AsyncClient(base_url=address, timeout=10, limits=limits, trust_env=False) as client:

        async def one(number: int) -> Held:
            async with gate:
                held = await hold(client, letters, number, KINDS[number % len(KINDS)])
            tell(held)
            return held

        reading = asyncio.create_task(letters.read_for_ever())
        happening = asyncio.create_task(fault.work()) if fault else None
        try:
            return await asyncio.gather(*(one(number) for number in numbers))
        finally:
            for task in (reading, happening):
                if task is not None:
                    task.cancel()
            others = [task for task in (reading, happening) if task is not None]
            ended = await asyncio.gather(*others, return_exceptions=True)
            broken = [one for one in ended if isinstance(one, Exception)]
            if broken:
                raise broken[0]


def main() -> int:
    """Run it from the command line; 1 when something was lost or doubled."""
    parser = argparse.ArgumentParser(description="Kill processes at random while contacts talk.")
    parser.add_argument("--conversations", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kill-every", type=float, default=4.0, help="seconds, on average")
    parser.add_argument("--at-once", type=int, default=AT_ONCE, help="so many contacts talk at a time")
    parser.add_argument("--each", type=int, default=2, help="how many of each part")
    parser.add_argument("--home", type=Path, help="state folder to keep; a temporary one by default")
    options = parser.parse_args()
    # Told to end, it ends what it has started, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="rl-kills-") as temporary:
        home = (options.home or Path(temporary)).resolve()
        home.mkdir(parents=True, exist_ok=True)
        # Whatever reads the database here must have its key.
        os.environ["RIGHTLINE_HOME"] = str(home)
        with scaled_demo(home, options.each) as running:
            return _run(running, home, options)


def _run(running: Running, home: Path, options: argparse.Namespace) -> int:
    from tests.load.checker import Checker, seed_contacts, wait_until_quiet

    url = running.settings["RIGHTLINE_DATABASE_URL"]
    first = list(range(len(KINDS)))
    others = list(range(len(KINDS), len(KINDS) + options.conversations))
    seed_contacts(url, len(KINDS) + options.conversations)
    began = time.monotonic()
    with DemoLetters.of(url) as letters:
        models = asyncio.run(talk(running.address, letters, None, first))
        wait_until_quiet(url)
        killer = Killer(home, options.kill_every, random.Random(options.seed))
        progress = Progress(options.conversations, killer)
        talking = talk(
            running.address, letters, killer, others, at_once=options.at_once, tell=progress.one_more
        )
        held = asyncio.run(talking)
        elapsed = timedelta(seconds=round(time.monotonic() - began))
        left = wait_until_quiet(url)
        problems = left + Checker(url, letters).check(models, held)
    deaths = ", ".join(f"{kind} {number}" for kind, number in sorted(killer.killed.items()))
    messages = sum(len(one.keys) for one in held)
    print(f"{len(held)} conversations with {messages} messages of contacts in {elapsed}, seed {options.seed}")
    print(f"killed {killer.killed.total()}: {deaths or 'nothing'}")
    print(f"{len(problems)} lost, doubled or otherwise than undisturbed")
    for problem in problems[:20]:
        print("-", problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
