"""Answers within Slack's three seconds, whatever the work behind takes; what is late is put by first."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor

import structlog
from slack_bolt import App, BoltRequest, BoltResponse
from slack_sdk.signature import SignatureVerifier
from sqlalchemy.exc import SQLAlchemyError

from bot.slack import receipts
from bot.slack.interfaces import SlackServices

PATIENCE_SECONDS = 2.2
PUT_BY_SECONDS = 0.4
WORKERS = 10
LOOK_SECONDS = 15.0
log = structlog.get_logger("slack")


class Answering:
    """Carries deliveries out in threads of its own.

    A listener writes its effect and its receipt in one transaction before Slack is answered, so a process
    that is killed has done all or nothing, and Slack sends again what was not answered. Work that takes
    longer than Slack waits is acknowledged meanwhile; its delivery is put by, and carried out again should it
    never end.
    """

    def __init__(self, app: App, services: SlackServices, *, patience: float = PATIENCE_SECONDS) -> None:
        """Prepare.

        Args:
            app: see `app.create_app`.
            services: the app's.
            patience: seconds that Slack is kept waiting for the answer itself.
        """
        self._app = app
        self._services = services
        self._patience = patience
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="slack")
        # Of its own: when every worker is busy, what waits for one is still put by.
        self._putting_by = ThreadPoolExecutor(1, thread_name_prefix="slack-put-by")
        secret = services.settings.slack_signing_secret.get_secret_value()
        self._verifier = SignatureVerifier(secret) if secret else None

    def answer(self, request: BoltRequest) -> BoltResponse:
        """What Slack is told about a delivery, in time; 401 for a request that Slack did not sign lately."""
        if request.mode == "http" and not self._is_signed(request):
            # Looked at before anything is put by: what is put by is carried out without another look.
            log.warning("not_signed")
            return BoltResponse(status=401, body="")
        future = self._pool.submit(self._app.dispatch, request)
        try:
            return future.result(self._patience)
        except TimeoutError:
            return self._late(request, future)

    def take_up(self, stop: threading.Event) -> None:
        """Carry out what was acknowledged and never done, now and every so often, until told to stop."""
        while not stop.is_set():
            try:
                self.take_up_once()
            except SQLAlchemyError as error:
                log.error("database_trouble", error=type(error).__name__)
            stop.wait(LOOK_SECONDS)

    def take_up_once(self) -> int:
        """Carry out what is left over now; returns how many those were."""
        with self._services.database.read() as session:
            waiting = receipts.left_over(session)
        for key, body, too_long in waiting:
            answer = self._app.dispatch(BoltRequest(mode="socket_mode", body=body))
            if answer.status < 500 or too_long:
                with self._services.database.write() as session:
                    receipts.give_up(session, key)
            log.info("taken_up", status=answer.status)
        return len(waiting)

    def close(self) -> None:
        """Let the work in hand end."""
        self._pool.shutdown(wait=True)
        self._putting_by.shutdown(wait=True)

    def _is_signed(self, request: BoltRequest) -> bool:
        headers = {name: values[0] for name, values in request.headers.items() if values}
        try:
            return self._verifier is not None and self._verifier.is_valid_request(request.raw_body, headers)
        except ValueError:
            # The timestamp is no number.
            return False

    def _late(self, request: BoltRequest, future: Future[BoltResponse]) -> BoltResponse:
        kept = self._putting_by.submit(self._put_by, request)
        try:
            safe = kept.result(PUT_BY_SECONDS)
        except TimeoutError:
            # The work itself may hold the database's lock.
            safe = False
        if future.done():
            # It ended while it was being put by: Slack is told the outcome, and sends again what failed.
            return future.result()
        log.warning("answered_late", put_by=safe)
        if not safe and request.body.get("type") == "event_callback":
            # Not acknowledged: Slack sends it again, and by then it is known by its receipt.
            return BoltResponse(status=503, body="")
        return BoltResponse(status=200, body="")

    def _put_by(self, request: BoltRequest) -> bool:
        try:
            key = receipts.key_of(request.body)
            with self._services.database.write() as session:
                receipts.put_by(session, key, dict(request.body))
        except ValueError:
            return False
        except SQLAlchemyError as error:
            log.error("not_put_by", error=type(error).__name__)
            return False
        return True
