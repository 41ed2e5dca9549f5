"""A worker that is killed at one point of one step; a fork of a server, so that it begins in no time."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from actions.crm.services import get_crm
from actions.database import Database, get_database, tables
from actions.fulfilment import handlers, registry
from actions.fulfilment.interfaces import WAITING_STATES, StepContext
from actions.fulfilment.models import Step
from actions.helpdesk.services import get_helpdesk
from actions.settings import get_settings
from actions.worker.loop import Worker

KNOWN = (tables, handlers)
LEASE = timedelta(seconds=0.6)
PATIENCE_SECONDS = 60.0
Moment = Literal["before", "after"]


@dataclass(frozen=True)
class Point:
    """Where a worker dies: at a step, before its handler begins or when it has done all but say so."""

    key: str
    moment: Moment


def work(environment: Mapping[str, str], point: Point | None) -> None:
    """Carry out everything in a database, then end; or die at a point.

    Args:
        environment: settings, as `RIGHTLINE_…`.
        point: where to die; nowhere when there is none.
    """
    os.environ.update(environment)
    for cache in (get_settings, get_database, get_crm, get_helpdesk):
        cache.cache_clear()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    if point is not None:
        _mortal(point)
    database = get_database()
    # One thread: with more, others are in the middle of something too when this one dies.
    worker = Worker(database, threads=1, lease=LEASE, kinds=registry.kinds())
    threading.Thread(target=_stop_at_the_end, args=(database, worker), daemon=True).start()
    worker.run()
    database.dispose()


def _stop_at_the_end(database: Database, worker: Worker) -> None:
    give_up = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up:
        with database.read() as session:
            query = select(func.count()).select_from(Step).where(Step.state.in_(WAITING_STATES))
            if not session.scalar(query):
                break
        time.sleep(0.02)
    worker.stop()


def _mortal(point: Point) -> None:
    def reached(context: StepContext, moment: Moment) -> None:
        if (context.key, moment) == (point.key, point.moment):
            os.kill(os.getpid(), signal.SIGKILL)

    def outside(handler: Any) -> Any:
        def handle(context: StepContext, payload: Mapping[str, Any], /) -> None:
            reached(context, "before")
            handler(context, payload)
            reached(context, "after")

        return handle

    def here(handler: Any) -> Any:
        def handle(session: Session, context: StepContext, payload: Mapping[str, Any], /) -> None:
            reached(context, "before")
            handler(session, context, payload)
            session.flush()
            reached(context, "after")

        return handle

    for kind, known in registry._kinds.items():
        registry._kinds[kind] = registry.Registered(
            handler=outside(known.handler) if known.handler else None,
            own=here(known.own) if known.own else None,
        )
