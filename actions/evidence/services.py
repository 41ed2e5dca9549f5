"""Writing one case's evidence to files: a page to read, and the same as data to check by machine."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from actions.cases.deadlines import zone
from actions.cases.explain import long_date
from actions.conversations.log import rfc3339
from actions.evidence.interfaces import Evidence
from actions.evidence.words import by_channel, plain

OWNER_ONLY = 0o600


def write(evidence: Evidence, folder: Path) -> tuple[Path, Path]:
    """Write the page and the data, readable by their owner only.

    Args:
        evidence: what `gathering.gather` found.
        folder: where to; made when it is not there.

    Returns:
        The paths of the page and of the data.

    Raises:
        OSError: the folder cannot be written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    page, data = folder / f"{evidence.reference}.html", folder / f"{evidence.reference}.json"
    _put(page, as_page(evidence))
    _put(data, as_json(evidence))
    return page, data


def as_page(evidence: Evidence) -> str:
    """The evidence as one HTML page that needs nothing else."""
    return _environment().get_template("page.html").render(evidence=evidence, zone=zone().key)


def as_json(evidence: Evidence) -> str:
    """The evidence as JSON; instants are RFC 3339 in UTC, days ISO 8601."""
    return json.dumps(asdict(evidence), indent=2, ensure_ascii=False, default=_written) + "\n"


def _put(path: Path, content: str) -> None:
    # Made beside it and moved, so that nobody ever reads half of it.
    fresh = path.with_suffix(f"{path.suffix}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(
        os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "w", encoding="utf-8"
    ) as out:
        out.write(content)
    fresh.replace(path)


def _written(value: Any) -> str:
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a {type(value).__name__} is not plain data")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "by_channel": by_channel,
        "day": _day,
        "moment": _moment,
        "plain": plain,
        "data": _data,
    }
    return environment


def _day(value: date | None) -> str:
    return "" if value is None else long_date(value)


def _moment(value: datetime | None) -> str:
    return "" if value is None else f"{value.astimezone(zone()):%-d %b %Y, %H:%M:%S}"


def _data(value: dict[str, Any]) -> str:
    return ", ".join(f"{plain(name)}: {json.dumps(each, ensure_ascii=False)}" for name, each in value.items())
