"""The parts of a running Rightline: engine, action server, worker."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from actions.database import Database
from actions.health.interfaces import Finding
from actions.settings import Settings
from bot.doctor.interfaces import Patient
from bot.doctor.stores import missing_file
from bot.paths import ENGINE_PYTHON, PROJECT
from bot.supervisor.layout import engine_environment

ANSWER_SECONDS = 3.0
NAMING_SECONDS = 60
NOT_RUNNING = "does not run now; `./rightline up` starts it"
# Needs neither Rasa nor a model, only the files that a model is made from.
NAME_OF_THE_MODEL = (
    "from nlu.fingerprint import model_fingerprint as f; from nlu.home import PROJECT; print(f(PROJECT))"
)


def engine(patient: Patient) -> Iterator[Finding]:
    """Whether it is installed, answers, and serves the model that the present data lead to."""
    if not ENGINE_PYTHON.exists():
        yield Finding(
            "failed", "its environment is not installed", "Run `./rightline train`, which installs it."
        )
        return
    expected = _expected_model()
    if expected is None:
        yield Finding(
            "failed", "its environment does not work", "Remove .venv-engine and run `./rightline train`."
        )
        return
    yield from _trained(patient.settings, expected)
    url = _engine_url(patient)
    try:
        answer = httpx.get(f"{url}/status", timeout=ANSWER_SECONDS, trust_env=False)
    except httpx.HTTPError:
        yield _absent(patient, url, "RIGHTLINE_ENGINE_URL")
        return
    serving = _model_of(answer)
    if serving is None:
        yield Finding("warning", f"it is not ready yet at {url}", "Wait half a minute; then read engine.log.")
    elif serving != expected:
        yield Finding(
            "warning",
            f"it serves the model {serving}, and the present data lead to {expected}",
            "Start it again: `./rightline up` trains first.",
        )
    else:
        yield Finding("ok", f"it is ready, with the model of the present data, {serving}")


def actions(patient: Patient) -> Iterator[Finding]:
    """Whether the action server answers."""
    url = patient.settings.effective_actions_url
    if patient.running is not None and "actions" in patient.running.ports:
        url = f"http://127.0.0.1:{patient.running.ports['actions']}"
    try:
        answer = httpx.get(f"{url}/health", timeout=ANSWER_SECONDS, trust_env=False)
    except httpx.HTTPError:
        yield _absent(patient, url, "RIGHTLINE_ACTIONS_URL")
        return
    if answer.is_success:
        yield Finding("ok", "it answers")
    else:
        yield Finding("failed", f"it answers {answer.status_code}", "Read actions.log.")


def worker(patient: Patient) -> Iterator[Finding]:
    """Whether some worker gave a sign of life, and nothing is stuck."""
    from sqlalchemy import func, select

    from actions.fulfilment.models import Step
    from actions.worker import services

    try:
        if missing_file(patient.settings.effective_database_url):
            yield Finding("off", NOT_RUNNING)
            return
        found = Database(patient.settings.effective_database_url)
    except (ArgumentError, NoSuchModuleError):
        yield Finding("off", "nobody can tell without a database")
        return
    try:
        with found.read() as session:
            alive = services.is_alive(session)
            stuck = session.scalar(select(func.count()).select_from(Step).where(Step.state == "failed")) or 0
    except SQLAlchemyError:
        yield Finding("off", "nobody can tell while the database cannot be used")
        return
    finally:
        found.dispose()
    if alive:
        yield Finding("ok", "one is at work")
    elif patient.running is None:
        yield Finding("off", NOT_RUNNING)
    else:
        yield Finding("failed", "no worker gives a sign of life", "Read worker.log.")
    if stuck:
        yield Finding(
            "warning",
            f"{stuck} steps could not be done",
            "`./rightline cases tasks` says which, and what to do.",
        )


def _absent(patient: Patient, url: str, setting: str) -> Finding:
    named = setting.removeprefix("RIGHTLINE_").lower() in patient.settings.model_fields_set
    if patient.running is None and not named:
        return Finding("off", NOT_RUNNING)
    return Finding("failed", f"nobody answers at {url}", f"Start it, or mend {setting}; its log says more.")


def _trained(settings: Settings, expected: str) -> Iterator[Finding]:
    folder = settings.effective_models / "models"
    if not (folder / f"{expected}.tar.gz").exists():
        yield Finding(
            "warning",
            "there is no model of the present data yet",
            "`./rightline train` makes it, as does `up`.",
        )


def _expected_model() -> str | None:
    done = subprocess.run(
        [str(ENGINE_PYTHON), "-c", NAME_OF_THE_MODEL],
        cwd=PROJECT,
        env=engine_environment({}),
        capture_output=True,
        text=True,
        timeout=NAMING_SECONDS,
        check=False,
    )
    return done.stdout.strip() if done.returncode == 0 else None


def _model_of(answer: httpx.Response) -> str | None:
    try:
        content: Any = answer.json()
    except ValueError:
        return None
    name = content.get("model_file") if isinstance(content, dict) else None
    return Path(str(name)).name.removesuffix(".tar.gz") if name else None


def _engine_url(patient: Patient) -> str:
    if patient.running is not None and "engine" in patient.running.ports:
        return f"http://127.0.0.1:{patient.running.ports['engine']}"
    return patient.settings.engine_url.rstrip("/")
