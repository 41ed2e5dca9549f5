"""Parts that die, parts that do not want to, and what is left of them: nothing."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil
import pytest

from bot.supervisor.parts import LOG_BYTES, Part
from bot.supervisor.restarts import Restarts
from bot.supervisor.supervisor import Failure, Supervisor

PROJECT = Path(__file__).resolve().parents[3]
ASLEEP = "import time; time.sleep(60)"
DEAF = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    "print('deaf', flush=True); time.sleep(60)"
)
WITH_CHILD = (
    f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {DEAF!r}]); time.sleep(60)"
)


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def make(tmp_path: Path, said: list[str]) -> Callable[..., Supervisor]:
    def make_supervisor(**settings: object) -> Supervisor:
        settings.setdefault("restarts", lambda: Restarts(first=0.01, ceiling=0.05))
        return Supervisor(tmp_path / "logs", say=said.append, **settings)  # type: ignore[arg-type]

    return make_supervisor


def part(tmp_path: Path, code: str, name: str = "part", environment: Mapping[str, str] | None = None) -> Part:
    return Part(name, (sys.executable, "-c", code), environment or dict(os.environ), tmp_path)


async def eventually(condition: Callable[[], object], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        await asyncio.sleep(0.01)


def group_members(group: int) -> list[int]:
    members = []
    for process in psutil.process_iter():
        try:
            if os.getpgid(process.pid) == group and process.status() != psutil.STATUS_ZOMBIE:
                members.append(process.pid)
        except (ProcessLookupError, psutil.NoSuchProcess):
            continue
    return members


def test_a_killed_part_runs_again_with_another_process(
    tmp_path: Path, make: Callable[..., Supervisor], said: list[str]
) -> None:
    async def scenario() -> None:
        async with make() as supervisor:
            supervisor.start(part(tmp_path, ASLEEP))
            await eventually(lambda: supervisor.pids)
            first = supervisor.pids["part"]
            os.kill(first, signal.SIGKILL)
            await eventually(lambda: supervisor.pids.get("part", first) != first)
            assert psutil.pid_exists(supervisor.pids["part"])
        assert supervisor.pids == {}
        assert supervisor.failure is None

    asyncio.run(scenario())
    assert said == ["part was ended by SIGKILL; starting it again in 0.01 s"]


def test_a_part_that_cannot_live_stops_the_others_with_a_reason(
    tmp_path: Path, make: Callable[..., Supervisor]
) -> None:
    async def scenario() -> None:
        async with make() as supervisor:
            supervisor.start(part(tmp_path, ASLEEP, "healthy"))
            supervisor.start(part(tmp_path, "print('no key', flush=True); raise SystemExit(7)", "broken"))
            await asyncio.wait_for(supervisor.until_stopped(), 20)
        assert supervisor.failure is not None
        assert supervisor.failure.startswith("broken ended with exit code 7, 8 times within 60 s.")
        assert supervisor.failure.endswith("no key")
        assert supervisor.pids == {}

    asyncio.run(scenario())
    assert (tmp_path / "logs" / "broken.log").read_text() == "no key\n" * 8


def test_a_program_that_does_not_exist_stops_everything(
    tmp_path: Path, make: Callable[..., Supervisor]
) -> None:
    async def scenario() -> None:
        async with make() as supervisor:
            supervisor.start(Part("missing", (str(tmp_path / "nothing"),), {}, tmp_path))
            await asyncio.wait_for(supervisor.until_stopped(), 5)
        assert supervisor.failure is not None
        assert supervisor.failure.startswith("missing cannot be started")

    asyncio.run(scenario())


def test_the_end_takes_grandchildren_and_the_deaf_with_it(
    tmp_path: Path, make: Callable[..., Supervisor]
) -> None:
    async def scenario() -> None:
        async with make(grace=0.5) as supervisor:
            supervisor.start(part(tmp_path, WITH_CHILD, "parent"))
            supervisor.start(part(tmp_path, DEAF, "deaf"))
            logs = [tmp_path / "logs" / name for name in ("parent.log", "deaf.log")]
            await eventually(lambda: all(log.exists() and "deaf" in log.read_text() for log in logs))
            groups = list(supervisor.pids.values())
            assert sorted(len(group_members(group)) for group in groups) == [1, 2]
            started = time.monotonic()
        assert time.monotonic() - started < 10  # they would sleep for 60
        await eventually(lambda: not any(group_members(group) for group in groups))

    asyncio.run(scenario())


def test_what_a_dead_part_leaves_behind_is_ended_before_it_starts_again(
    tmp_path: Path, make: Callable[..., Supervisor]
) -> None:
    async def scenario() -> None:
        async with make() as supervisor:
            supervisor.start(part(tmp_path, WITH_CHILD))
            log = tmp_path / "logs" / "part.log"
            await eventually(lambda: log.exists() and "deaf" in log.read_text())
            first = supervisor.pids["part"]
            os.kill(first, signal.SIGKILL)
            await eventually(lambda: supervisor.pids.get("part", first) != first)
            await eventually(lambda: not group_members(first))

    asyncio.run(scenario())


def test_work_beside_the_parts_stops_them_when_it_fails(
    tmp_path: Path, make: Callable[..., Supervisor]
) -> None:
    async def fail() -> None:
        raise Failure("the model could not be trained")

    async def scenario() -> None:
        async with make() as supervisor:
            supervisor.start(part(tmp_path, ASLEEP))
            await asyncio.wait_for(supervisor.until_stopped(fail()), 5)
        assert supervisor.failure == "the model could not be trained"
        assert supervisor.pids == {}

    asyncio.run(scenario())


def test_a_part_run_once_hands_over_what_it_prints(tmp_path: Path, make: Callable[..., Supervisor]) -> None:
    async def scenario() -> tuple[int, str]:
        async with make() as supervisor:
            code = "import sys; print('a model'); print('loss 0.1', file=sys.stderr); raise SystemExit(3)"
            return await supervisor.run(part(tmp_path, code))

    assert asyncio.run(scenario()) == (3, "a model\n")
    assert (tmp_path / "logs" / "part.log").read_text() == "loss 0.1\n"


def test_a_large_log_is_set_aside_at_the_next_start(tmp_path: Path, make: Callable[..., Supervisor]) -> None:
    log = tmp_path / "logs" / "part.log"
    log.parent.mkdir()
    log.write_bytes(b"x" * (LOG_BYTES + 1))

    async def scenario() -> None:
        async with make() as supervisor:
            await supervisor.run(part(tmp_path, "import sys; print('new', file=sys.stderr)"))

    asyncio.run(scenario())
    assert log.read_text() == "new\n"
    assert log.with_suffix(".log.1").stat().st_size == LOG_BYTES + 1


PROGRAM = """
    import asyncio, os, sys
    from pathlib import Path
    from bot.supervisor.parts import Part
    from bot.supervisor.supervisor import Supervisor

    async def main():
        home = Path(sys.argv[1])
        async with Supervisor(home, say=print, grace=0.5) as supervisor:
            supervisor.start(Part("part", (sys.executable, "-c", sys.argv[2]), dict(os.environ), home))
            while not supervisor.pids:
                await asyncio.sleep(0.01)
            print(supervisor.pids["part"], flush=True)
            await supervisor.until_stopped()
        print("all stopped", flush=True)

    asyncio.run(main())
"""


def supervised(tmp_path: Path) -> tuple[subprocess.Popen[str], int]:
    """A supervisor in a process of its own, and the process group of its one part."""
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(PROGRAM), str(tmp_path), WITH_CHILD],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    group = int(process.stdout.readline())
    asyncio.run(eventually(lambda: len(group_members(group)) == 2))
    return process, group


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_everything_in_order(tmp_path: Path, number: signal.Signals) -> None:
    process, group = supervised(tmp_path)
    process.send_signal(number)
    output, _ = process.communicate(timeout=10)
    assert output == "stopping…\nall stopped\n"
    assert process.returncode == 0
    assert group_members(group) == []


def test_a_killed_supervisor_leaves_nothing_running(tmp_path: Path) -> None:
    process, group = supervised(tmp_path)
    process.kill()
    process.communicate(timeout=10)
    asyncio.run(eventually(lambda: not group_members(group), seconds=3))
