"""How long a fit took, kept beside the model that came of it."""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SUFFIX = ".fit.json"


def record_of(model: Path) -> Path:
    """Return where the record of a model's fit is; an old model may have none."""
    return model.with_name(model.name.removesuffix(".tar.gz") + SUFFIX)


@contextmanager
def timed_fit(model: Path, examples: int) -> Iterator[None]:
    """Take the time of the block, which fits a model, and write it beside that model.

    Wall-clock time depends on what else the machine does, processor time hardly; both are kept.

    Args:
        model: The archive that the block puts in place.
        examples: How many examples it learns from.
    """
    started, busy = time.monotonic(), time.process_time()
    yield
    record = {
        "seconds": round(time.monotonic() - started, 2),
        "processor_seconds": round(time.process_time() - busy, 2),
        "examples": examples,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
    }
    target = record_of(model)
    scratch = target.with_name(f"{target.name}.{os.getpid()}")
    scratch.write_text(json.dumps(record) + "\n", encoding="utf-8")
    scratch.replace(target)
