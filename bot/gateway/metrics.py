"""The gateway's own figures, and those that stand in the database and are read when somebody asks."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import REGISTRY, Collector
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from actions.cases.interfaces import OPEN_STATES
from actions.cases.models import Case
from actions.clock import now
from actions.conversations.models import Turn
from actions.database import Database
from actions.fulfilment.interfaces import WAITING_STATES
from actions.fulfilment.models import Step
from actions.handover.models import Handover
from actions.metrics import SECONDS

REQUESTS = Counter("rightline_requests", "Requests answered.", ["method", "route", "status"])
REQUEST_SECONDS = Histogram("rightline_request_seconds", "Time to answer.", ["route"], buckets=SECONDS)
TURN_SECONDS = Histogram(
    "rightline_turn_seconds", "Time from taking up a message to its answer.", ["outcome"], buckets=SECONDS
)
STREAMS = Gauge("rightline_streams", "Event streams held open.")


class DatabaseFigures(Collector):
    """Cases, steps, turns and handovers as they are at the moment of the question."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def describe(self) -> list[GaugeMetricFamily]:
        """Claim no names: nothing is read before somebody asks, and a process may hold several gateways."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Read them all in one transaction."""
        with self._database.read() as session:
            yield from _figures(session)


def watch(database: Database) -> DatabaseFigures:
    """Add the database's figures to what this process tells; the caller unregisters them at its end."""
    figures = DatabaseFigures(database)
    REGISTRY.register(figures)
    return figures


def _figures(session: Session) -> Iterator[GaugeMetricFamily]:
    cases = GaugeMetricFamily("rightline_cases_open", "Open cases.", labels=["right", "state"])
    query = select(Case.right, Case.state, func.count()).where(Case.state.in_(OPEN_STATES))
    for right, state, count in session.execute(query.group_by(Case.right, Case.state)):
        cases.add_metric([right, state], count)
    yield cases
    overdue = select(func.count()).where(Case.state.in_(OPEN_STATES), Case.due_on < now(session).date())
    yield _one("rightline_cases_overdue", "Open cases past their date.", session.scalar(overdue))
    steps = GaugeMetricFamily("rightline_steps_waiting", "Steps not done yet.", labels=["state"])
    waiting = select(Step.state, func.count()).where(Step.state.in_(WAITING_STATES))
    for state, count in session.execute(waiting.group_by(Step.state)):
        steps.add_metric([state], count)
    yield steps
    turns = select(func.count()).select_from(Turn).where(Turn.answered_at.is_(None))
    yield _one("rightline_turns_open", "Messages that wait for their answer.", session.scalar(turns))
    handovers = GaugeMetricFamily("rightline_handovers", "Contacts who want a person.", labels=["state"])
    counted = select(Handover.state, func.count()).where(Handover.state != "over")
    for state, count in session.execute(counted.group_by(Handover.state)):
        handovers.add_metric([state], count)
    yield handovers


def _one(name: str, description: str, value: int | None) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, description)
    family.add_metric([], value or 0)
    return family
