"""Every place where personal data may be (`data/sources.yml`), and which of them a request has to look in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import Field
from sqlalchemy.orm import Session

from actions.cases.models import AgentTask, Case
from actions.cases.tasks import open_tasks, raise_task
from actions.clock import now
from actions.crm.interfaces import Holdings
from actions.wording import phrase
from actions.wording.interfaces import Strict
from actions.wording.services import load

FILE = "sources.yml"
MANUAL = "manual_source"

Purpose = Literal["access", "erasure"]


class _Source(Strict):
    label: str = Field(min_length=1)
    holds: str = Field(min_length=1)
    policy: str


class Connected(_Source):
    """Looked through by the assistant itself."""

    reach: Literal["connected"]


class Manual(_Source):
    """Looked through by a person, who gets a task."""

    reach: Literal["manual"]
    days: int = Field(ge=1, le=25, description="Until the task is due: less than the month there is.")
    when: Literal["always", "telephone", "agreement"]
    tasks: dict[Purpose, str] = Field(min_length=1)

    def concerns(self, holdings: Holdings) -> bool:
        """Whether anything about this contact may be there."""
        if self.when == "telephone":
            return bool({"work_telephone", "mobile_telephone"} & set(holdings.contact.fields))
        return self.when == "always" or any(agreement.signatory for agreement in holdings.agreements)


class OutOfScope(_Source):
    """Not looked through, for a reason that contacts are told."""

    reach: Literal["out_of_scope"]
    reason: str = Field(min_length=1)


Source = Annotated[Connected | Manual | OutOfScope, Field(discriminator="reach")]


class Sources(Strict):
    """The file."""

    sources: dict[str, Source]


@lru_cache(maxsize=1)
def sources() -> dict[str, Connected | Manual | OutOfScope]:
    """Every source by its id.

    Raises:
        actions.wording.interfaces.WordingError: the file is wrong.
    """
    return load(FILE, Sources).sources


def connected() -> dict[str, Connected]:
    """The sources the assistant looks through itself."""
    return {name: source for name, source in sources().items() if isinstance(source, Connected)}


def left_out() -> dict[str, OutOfScope]:
    """The sources nobody looks through."""
    return {name: source for name, source in sources().items() if isinstance(source, OutOfScope)}


def manual(holdings: Holdings, purpose: Purpose) -> Iterator[tuple[str, Manual]]:
    """The sources a person has to look through for a request about this contact."""
    for name, source in sources().items():
        if isinstance(source, Manual) and purpose in source.tasks and source.concerns(holdings):
            yield name, source


def raise_tasks(session: Session, case: Case, holdings: Holdings, purpose: Purpose) -> list[str]:
    """Give people a dated task for each manual source.

    Returns:
        The ids of those sources.
    """
    today = now(session).date()
    names = []
    for name, source in manual(holdings, purpose):
        names.append(name)
        within = today + timedelta(days=source.days)
        raise_task(
            session,
            key=task_key(case, name),
            kind=MANUAL,
            text=source.tasks[purpose].format(reference=case.reference),
            case=case,
            due_on=min(within, case.due_on) if case.is_open else within,
        )
    return names


def raise_for_unreached(session: Session, case: Case, names: Sequence[str]) -> list[str]:
    """Give people a task for each source that the assistant looks through itself and could not reach.

    Returns:
        The ids of those sources.
    """
    for name in names:
        label = sources()[name].label
        raise_task(
            session,
            key=task_key(case, name),
            kind=MANUAL,
            text=phrase("held.unreached_task", source=label, reference=case.reference),
            case=case,
            due_on=case.due_on,
        )
    return list(names)


def open_searches(session: Session, case: Case) -> dict[str, AgentTask]:
    """The manual sources of a case that nobody has looked through yet, by id."""
    prefix = task_key(case, "")
    return {
        task.key.removeprefix(prefix): task
        for task in open_tasks(session, case=case)
        if task.kind == MANUAL and task.key.startswith(prefix)
    }


def task_key(case: Case, source: str) -> str:
    """The key of the task to look through a source for a case."""
    return f"case:{case.id}:source:{source}"
