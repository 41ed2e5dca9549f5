"""Making the calls to Slack that wait in the queue: in order, again where Slack is away, with one effect."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import structlog
from slack_sdk import WebClient
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from actions import metrics
from actions.clock.services import machine_now
from actions.database import Database
from actions.slack import outbox, redaction
from actions.slack.models import SlackCall
from bot.slack import calling
from bot.slack.interfaces import SlackServices
from bot.slack.pacing import Pace

POLL_SECONDS = 0.25
TROUBLE_SECONDS = 2.0
THREADS = 4
MEASURE_SECONDS = 10.0
GIVE_UP_AFTER = timedelta(days=7)
OPERATORS_WAIT = timedelta(seconds=30)
log = structlog.get_logger("slack")


class Sender:
    """One process's hands for the queue. `run` returns once it is told to stop and calls in hand are over."""

    def __init__(
        self,
        database: Database,
        client: WebClient,
        *,
        threads: int = THREADS,
        lease: timedelta = outbox.LEASE,
        admin_token: str = "",
        posts_a_second: float = 0.0,
    ) -> None:
        """Prepare a sender.

        Args:
            database: where the queue is.
            client: whose token and address are used; its retry handlers are not, since the queue retries.
            threads: how many calls are made at a time, each of another order key.
            admin_token: for calls that only an administrator may make; empty where there is none.
            lease: how long a call is ours after our last sign of life; renewed three times in that time.
            posts_a_second: messages a second to one channel, see `pacing.Pace`; 0 for as fast as they come.
        """
        self.owner = secrets.token_hex(16)
        self._database = database
        self._slack = calling.Slack(client, admin_token)
        self._threads = threads
        self._lease = lease
        self._running: dict[int, Future[None]] = {}
        self._wake = threading.Event()
        self._renew_at = 0.0
        self._measure_at = 0.0
        self._paused: dict[str, float] = {}
        self._pace = Pace(posts_a_second)

    def nudge(self) -> None:
        """Look into the queue at once: something was put in."""
        self._wake.set()

    def run(self, stop: threading.Event) -> None:
        """Make calls until told to stop."""
        with ThreadPoolExecutor(self._threads, thread_name_prefix="slack-call") as pool:
            while not stop.is_set():
                self._wake.clear()
                self._round(pool)
                self._wake.wait(POLL_SECONDS)
            while self._running:
                self._wake.clear()
                self._keep()
                self._wake.wait(POLL_SECONDS)

    def drain(self) -> int:
        """Make every call that is due, one after the other, in this thread; for tests and for the shutdown.

        Returns:
            How many attempts were made.
        """
        attempts = 0
        while calls := self._claimed(1):
            attempts += 1
            self._make(calls[0])
        return attempts

    def _round(self, pool: ThreadPoolExecutor) -> None:
        try:
            self._keep()
            self._measure()
            free = self._threads - len(self._running)
            for call in self._claimed(free) if free > 0 else []:
                future = pool.submit(self._make, call)
                self._running[call.id] = future
                future.add_done_callback(lambda _future: self._wake.set())
        except SQLAlchemyError as error:
            log.error("database_trouble", error=type(error).__name__)
            time.sleep(TROUBLE_SECONDS)

    def _keep(self) -> None:
        for call_id, future in list(self._running.items()):
            if future.done():
                # What could not be written down is left to its lease, and then looked up in Slack.
                if error := future.exception():
                    log.error("outcome_lost", call=call_id, error=type(error).__name__)
                del self._running[call_id]
        if self._running and time.monotonic() >= self._renew_at:
            self._renew_at = time.monotonic() + self._lease.total_seconds() / 3
            with self._database.write() as session:
                outbox.renew(session, self.owner, list(self._running), lease=self._lease)

    def _measure(self) -> None:
        if time.monotonic() < self._measure_at:
            return
        self._measure_at = time.monotonic() + MEASURE_SECONDS
        with self._database.read() as session:
            waiting, oldest = outbox.backlog(session)
        metrics.SLACK_WAITING.set(waiting)
        metrics.SLACK_OLDEST.set(oldest)

    def _claimed(self, limit: int) -> list[SlackCall]:
        with self._database.read() as session:
            if not outbox.anything_due(session):
                return []
        at = time.monotonic()
        paused = [method for method, until in list(self._paused.items()) if until > at]
        with self._database.write() as session:
            return outbox.claim(
                session,
                self.owner,
                limit=limit,
                lease=self._lease,
                paused=paused,
                in_hand=list(self._running),
            )

    def _make(self, call: SlackCall) -> None:
        try:
            with self._database.read() as session:
                arguments = outbox.resolved(session, call.arguments)
                blanked = call.method == "chat.update" and self._is_blanked(session, call, arguments)
        except outbox.NotYet:
            self._again(call, "waits_for_another", doubtful=False, after=timedelta(seconds=1))
            return
        except outbox.Pointless:
            self._failed(call, "what_it_refers_to_is_not_there")
            return
        if blanked:
            self._failed(call, "what_it_changes_was_removed")
            return
        if call.method == calling.POSTING and (wait := self._pace.wait(str(arguments["channel"]), call.id)):
            with self._database.write() as session:
                outbox.put_off(session, call.id, timedelta(seconds=wait))
            return
        self._write_down(call, self._slack.make(call, arguments))

    def _write_down(self, call: SlackCall, answer: calling.Answer) -> None:
        metrics.SLACK_CALLS.labels(call.method, answer.kind).inc()
        if answer.kind == "done":
            with self._database.write() as session:
                outbox.done(session, call.id, channel=answer.channel, ts=answer.ts)
                redaction.settle(session, call)
        elif answer.kind == "limited":
            # Slack limits a method, not a call: the others of its kind would only be refused too.
            self._paused[call.method] = time.monotonic() + answer.retry_after.total_seconds()
            log.info("slack_limits", method=call.method, seconds=answer.retry_after.total_seconds())
            self._again(call, answer.error, doubtful=False, after=answer.retry_after)
        elif answer.kind == "again":
            log.warning("slack_away", method=call.method, call=call.id, error=answer.error)
            self._again(call, answer.error, doubtful=answer.doubtful)
        elif answer.kind == "operator" and not self._too_old(call):
            log.error("slack_refuses", method=call.method, call=call.id, error=answer.error)
            self._again(call, answer.error, doubtful=False, after=OPERATORS_WAIT)
        else:
            self._failed(call, answer.error)

    def _again(self, call: SlackCall, error: str, *, doubtful: bool, after: timedelta | None = None) -> None:
        with self._database.write() as session:
            outbox.again(session, call.id, error, doubtful=doubtful, after=after)

    def _failed(self, call: SlackCall, error: str) -> None:
        log.error("slack_call_failed", method=call.method, call=call.id, error=error)
        with self._database.write() as session:
            outbox.failed(session, call.id, error)
            redaction.settle(session, call)

    @staticmethod
    def _is_blanked(session: Session, call: SlackCall, arguments: Mapping[str, Any]) -> bool:
        own = call.key.startswith(redaction.REDACT)
        return not own and redaction.is_blanked(session, str(arguments["channel"]), str(arguments["ts"]))

    def _too_old(self, call: SlackCall) -> bool:
        return call.first_tried_at is not None and machine_now() - call.first_tried_at > GIVE_UP_AFTER


def loop(services: SlackServices, stop: threading.Event) -> None:
    """See `interfaces.Loop`: the sender of this process."""
    settings = services.settings
    Sender(
        services.database,
        services.client,
        admin_token=settings.slack_admin_token.get_secret_value(),
        posts_a_second=settings.slack_posts_a_second,
    ).run(stop)
