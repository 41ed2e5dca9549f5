"""The example passes the contract suite, and Rightline finds it by its dotted name."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest

from actions.crm import services
from actions.crm.interfaces import CrmError, CrmUnusable, NewContact
from actions.database import Database
from actions.settings import get_settings
from examples.csv_crm.services import CsvCrm
from examples.csv_crm.storage import COLUMNS, Sheet
from tests.support.crm_contract import Ability, CrmContract, Person
from tests.support.store import database

__all__ = ["database"]


class CsvHarness:
    """A `CrmHarness`: puts people into the file as a colleague with a spreadsheet would."""

    lacks: frozenset[Ability] = frozenset({"tracked_emails", "agreements"})

    def __init__(self, path: Path, database: Database) -> None:
        self.path = path
        self.crm = CsvCrm(Sheet(path), database)

    def make_contact(self, person: Person) -> str:
        """Put a person on file."""
        self.crm.add([NewContact(person.fields)])
        identifier = Sheet(self.path).rows()[-1]["id"]
        with Sheet(self.path).changing() as rows:
            rows[-1]["other_emails"] = "; ".join(person.other_emails)
        self.crm.set_preferences(identifier, person.preferences)
        return identifier


class TestCsvCrm(CrmContract):
    """The contract."""

    @pytest.fixture
    def harness(self, tmp_path: Path, database: Database) -> CsvHarness:
        """A file with nobody in it."""
        return CsvHarness(tmp_path / "contacts.csv", database)


def test_rightline_finds_it_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    monkeypatch.setenv("RIGHTLINE_CRM", "examples.csv_crm:connect")
    monkeypatch.setenv("CSV_CRM_FILE", str(tmp_path / "contacts.csv"))
    get_settings.cache_clear()
    services.get_crm.cache_clear()
    try:
        assert isinstance(services.get_crm(), CsvCrm)
        monkeypatch.delenv("CSV_CRM_FILE")
        services.get_crm.cache_clear()
        with pytest.raises(ValueError, match="CSV_CRM_FILE is not set"):
            services.get_crm()
    finally:
        services.get_crm.cache_clear()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("examples.no_such:connect", "no module 'examples.no_such'"),
        ("examples.csv_crm:conect", "no function 'conect'"),
        ("salesforce", "no such connector"),
    ],
)
def test_a_name_that_leads_nowhere_is_said(name: str, sentence: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RIGHTLINE_CRM", name)
    get_settings.cache_clear()
    services.get_crm.cache_clear()
    with pytest.raises(ValueError, match=sentence):
        services.get_crm()
    services.get_crm.cache_clear()


def test_a_column_that_is_gone_is_said(tmp_path: Path, database: Database) -> None:
    path = tmp_path / "contacts.csv"
    path.write_text(",".join(name for name in COLUMNS if name != "state") + "\n")
    with pytest.raises(CrmUnusable, match="no column 'state'"):
        CsvCrm(Sheet(path), database).find_by_email("anna@lindqvist.example")


def test_a_file_that_cannot_be_read_is_tried_again(tmp_path: Path, database: Database) -> None:
    path = tmp_path / "contacts.csv"
    path.mkdir()
    with pytest.raises(CrmError, match="cannot be read"):
        CsvCrm(Sheet(path), database).find_by_email("anna@lindqvist.example")


def test_two_processes_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=_append, args=(path, number)) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(30)
    assert len({row["id"] for row in Sheet(path).rows()}) == 40


def _append(path: Path, writer: int) -> None:
    for number in range(10):
        with Sheet(path).changing() as rows:
            rows.append(dict.fromkeys(COLUMNS, "") | {"id": f"{writer}-{number}"})
