"""A CRM kept in a file: `RIGHTLINE_CRM=examples.csv_crm:connect`, and the file's path in `CSV_CRM_FILE`."""

from __future__ import annotations

import os
from pathlib import Path

from actions.crm.interfaces import Crm
from examples.csv_crm.services import CsvCrm
from examples.csv_crm.storage import Sheet

__all__ = ["connect"]


def connect() -> Crm:
    """What Rightline calls, once a process: takes nothing, answers with the connector.

    Raises:
        ValueError: the path is not set.
    """
    path = os.environ.get("CSV_CRM_FILE", "")
    if not path:
        raise ValueError("CSV_CRM_FILE is not set: give the path of the file with the contacts.")
    return CsvCrm(Sheet(Path(path)))
