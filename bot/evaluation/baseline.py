"""Rasa's default pipeline as the yardstick: fitted once for the same examples, kept outside the project."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from bot.evaluation.interfaces import Fit
from bot.paths import ENGINE_PYTHON, PROJECT
from bot.supervisor.parts import last_lines

PROGRAM = (str(ENGINE_PYTHON), "-m", "nlu.evaluation.baseline")
CONFIGURATION = PROJECT / "nlu" / "evaluation" / "baseline.yml"
FITTING_SECONDS = 12 * 3600
EPOCHS = 100
"""How often the default pipeline goes through the examples (`CONFIGURATION`)."""


class FitFailed(RuntimeError):
    """The pipeline could not be fitted; the message says where its log is and how it ends."""


def data_hash() -> str:
    """Name the examples: sixteen hexadecimal digits over `data/nlu`, and every letter and marked message."""
    digest = hashlib.sha256()
    data = PROJECT / "data"
    for path in sorted([*(data / "nlu").rglob("*.yml"), *(data / "understanding").glob("*/*.txt")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def fitted(
    environment: Mapping[str, str], log: Path, say: Callable[[str], None], configuration: Path = CONFIGURATION
) -> Path:
    """Return the fitted pipeline, fitting it when the examples or the pipeline changed.

    Args:
        environment: of the engine's programs.
        log: where its progress goes.
        say: told in one line what happens.
        configuration: the pipeline.

    Raises:
        FitFailed: it could not be fitted.
    """
    pipeline = hashlib.sha256(configuration.read_bytes()).hexdigest()[:8]
    model = cache() / f"{data_hash()}-{pipeline}.tar.gz"
    if model.is_file() and _record(model).is_file():
        return model
    say(f"fitting Rasa's default pipeline on the same examples; this can take hours. Its progress: {log}")
    model.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as stream:
        done = subprocess.run(
            [*PROGRAM, "fit", str(model), "--configuration", str(configuration)],
            cwd=PROJECT,
            env=dict(environment),
            stdout=stream,
            stderr=subprocess.STDOUT,
            timeout=FITTING_SECONDS,
            check=False,
        )
    if done.returncode != 0:
        raise FitFailed(
            f"Rasa's default pipeline could not be fitted. The log, {log}, ends with:\n{last_lines(log)}"
        )
    return model


def configuration_of(epochs: int) -> Path:
    """The pipeline, stopped after so many of its epochs: for a machine that has no hours to spare.

    Args:
        epochs: how often it goes through the examples; `EPOCHS` is the default itself.
    """
    if epochs == EPOCHS:
        return CONFIGURATION
    shortened = cache() / f"default-{epochs}-epochs.yml"
    shortened.parent.mkdir(parents=True, exist_ok=True)
    whole = CONFIGURATION.read_text(encoding="utf-8")
    shortened.write_text(whole.replace(f"epochs: {EPOCHS}", f"epochs: {epochs}"), encoding="utf-8")
    return shortened


def cache() -> Path:
    """Where fitted pipelines are kept between runs."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "rightline" / "baseline"


def fit_of(model: Path) -> Fit | None:
    """Read what fitting a model took; None where no record lies beside it.

    Args:
        model: an archive of ours or of the baseline.
    """
    try:
        record = json.loads(_record(model).read_text(encoding="utf-8"))
        return Fit(record["seconds"], record["processor_seconds"], record["examples"], record["load"])
    except (OSError, ValueError, KeyError):
        return None


def _record(model: Path) -> Path:
    return model.with_name(model.name.removesuffix(".tar.gz") + ".fit.json")
