"""Runs parts until somebody says stop, or one of them cannot be kept alive."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from types import TracebackType

from bot.supervisor.parts import Part, describe_end, last_lines, signal_group, spawn
from bot.supervisor.restarts import Restarts
from bot.supervisor.watchdog import Watchdog

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Failure(Exception):
    """Why everything has to stop, as a sentence."""


class Supervisor:
    """Starts parts, restarts those that die, ends them all together; an asynchronous context manager.

    Attributes:
        pids: the process of each part that runs now, which leads a process group of the same number.
        failure: why everything was stopped, or None after an orderly stop.
    """

    def __init__(
        self,
        logs: Path,
        *,
        say: Callable[[str], None],
        restarts: Callable[[], Restarts] = Restarts,
        changed: Callable[[], None] = lambda: None,
        grace: float = 8.0,
    ) -> None:
        """Prepare to run parts.

        Args:
            logs: folder of the parts' logs.
            say: told in one line what happens.
            restarts: makes the rule by which one part is restarted.
            changed: called after a part has started or ended.
            grace: seconds that the parts have to end by themselves once they are asked to.
        """
        self.pids: dict[str, int] = {}
        self.failure: str | None = None
        self._logs = logs
        self._say = say
        self._restarts = restarts
        self._changed = changed
        self._grace = grace
        self._stop = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Supervisor:
        self._watchdog = Watchdog()
        loop = asyncio.get_running_loop()
        for number in STOP_SIGNALS:
            loop.add_signal_handler(number, self._interrupted)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        try:
            await self._end_all()
        finally:
            for number in STOP_SIGNALS:
                asyncio.get_running_loop().remove_signal_handler(number)
            self._watchdog.close()

    def start(self, part: Part) -> None:
        """Keep a part running from now on."""
        self._tasks.add(self._adopt(self._keep(part)))

    async def run(self, part: Part) -> tuple[int, str]:
        """Run a part once, to its end.

        Returns:
            Its exit code and what it wrote to standard output.
        """
        return await self._once(part, capture=True)

    def stop(self, failure: str | None = None) -> None:
        """Ask for the end.

        Args:
            failure: the reason, when it is not an orderly one; the first counts.
        """
        if not self._stop.is_set():
            self.failure = failure
        self._stop.set()

    async def until_stopped(self, *works: Coroutine[None, None, None]) -> None:
        """Wait until the end is asked for.

        Args:
            works: what to do meanwhile, beside the parts; an exception of one asks for the end too.
        """
        tasks = [self._adopt(work) for work in works]
        await self._stop.wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _keep(self, part: Part) -> None:
        restarts = self._restarts()
        while not self._stop.is_set():
            try:
                code, _ = await self._once(part)
            except OSError as error:
                self.stop(f"{part.name} cannot be started: {error}")
                return
            if self._stop.is_set():
                return
            delay = restarts.died(time.monotonic())
            if delay is None:
                self.stop(self._given_up(part, code, restarts))
                return
            self._say(f"{part.name} {describe_end(code)}; starting it again in {delay:g} s")
            # Not `asyncio.wait_for`: before Python 3.12 it forgets a cancellation that comes with the event.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(delay):
                    await self._stop.wait()

    async def _once(self, part: Part, *, capture: bool = False) -> tuple[int, str]:
        process = await spawn(part, self._logs, capture=capture)
        group = process.pid
        self._watchdog.watch(group)
        self.pids[part.name] = group
        self._changed()
        if self._stop.is_set():  # asked for while the process was being made
            signal_group(group, signal.SIGTERM)
        try:
            output = await process.stdout.read() if process.stdout else b""
            code = await process.wait()
        finally:
            # Also what the part has left behind: it would hold ports and files that the next one needs.
            signal_group(group, signal.SIGKILL)
            self._watchdog.forget(group)
            del self.pids[part.name]
        self._changed()
        return code, output.decode(errors="replace")

    async def _end_all(self) -> None:
        self._signal_all(signal.SIGTERM)
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=self._grace)
            if late:
                self._signal_all(signal.SIGKILL)
                await asyncio.wait(late)

    def _signal_all(self, number: signal.Signals) -> None:
        for group in self.pids.values():
            signal_group(group, number)

    def _interrupted(self) -> None:
        if self._stop.is_set():  # asked twice: no more patience
            self._signal_all(signal.SIGKILL)
            return
        self._say("stopping…")
        self._stop.set()

    def _adopt(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            self.stop(str(error) if isinstance(error, Failure) else repr(error))

    def _given_up(self, part: Part, code: int, restarts: Restarts) -> str:
        log = self._logs / f"{part.name}.log"
        return (
            f"{part.name} {describe_end(code)}, {restarts.deaths} times within {restarts.within:g} s. "
            f"Its log, {log}, ends with:\n{last_lines(log)}"
        )
