"""Everything the helpdesk holds of a contact, as files for an agent."""

from __future__ import annotations

import stat
from pathlib import Path

from actions.audit.services import entries_about
from actions.database import Database
from actions.helpdesk.embedded import EmbeddedHelpdesk
from tests.unit.cli.test_case_rights import _fresh, answered
from tests.unit.cli.test_cases import database, run, said

__all__ = ["_fresh", "database"]


def test_tickets_are_written_for_the_agent_alone_and_it_is_on_record(
    database: Database, tmp_path: Path
) -> None:
    reference = answered(database)
    desk = EmbeddedHelpdesk(database)
    number = desk.create_ticket("Printer", "It is on fire.", "tom@northgate.example", key="t1")
    desk.comment(number, "It is out.", key="c1")
    folder = tmp_path / "export"
    assert "1 files" in said("helpdesk", reference, str(folder), "--as", "dana")
    (path,) = folder.iterdir()
    assert "It is on fire." in path.read_text()
    assert "It is out." in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with database.read() as session:
        actions = {(entry.actor, entry.action) for entry in entries_about(session, reference)}
    assert ("dana", "helpdesk_exported") in actions


def test_nothing_is_said_to_be_nothing(database: Database, tmp_path: Path) -> None:
    reference = answered(database)
    assert "holds nothing" in said("helpdesk", reference, str(tmp_path / "export"), "--as", "dana")


def test_nobody_does_it_without_a_name(database: Database, tmp_path: Path) -> None:
    reference = answered(database)
    assert run("helpdesk", reference, str(tmp_path / "export")).exit_code != 0
