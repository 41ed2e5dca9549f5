"""Imports: erased people stay away, objections stay, mistakes are named by line, and it is all or nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from actions.cases.models import AgentTask
from actions.crm import importing
from actions.crm.contact_files import ContactLine, Mistake, read
from actions.crm.demo import load_demo
from actions.crm.embedded import EmbeddedCrm
from actions.crm.models import Contact, ContactEmail, ContactPreference
from actions.database import Database
from actions.preferences import services as preferences
from actions.rights.copies import harmless
from actions.settings import PROJECT_ROOT
from actions.wording import topics

HEADER = "email,name,surname,work_telephone,mobile_telephone,company,source\n"
SOURCES = ("company", "event")


@pytest.fixture
def loaded(database: Database) -> Database:
    """The demo's contacts."""
    load_demo(database)
    return database


def file(folder: Path, *lines: str, header: str = HEADER) -> Path:
    path = folder / "contacts.csv"
    path.write_text(header + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def bring(database: Database, path: Path, **how: bool) -> importing.Report:
    importing.check(path)
    return importing.import_file(database, EmbeddedCrm(database), path, **how)


def count(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(Contact)) or 0


def mistakes(path: Path) -> list[str]:
    return [str(line) for line in read(path, SOURCES) if isinstance(line, Mistake)]


def test_a_new_person_is_added_whole_and_only_once(loaded: Database, tmp_path: Path) -> None:
    path = file(
        tmp_path,
        'zoe@pennant.example,Zoe,"Marsh, jr",020 7946 0018,07700 900118,Pennant Logistics Ltd,event',
        "zoe@pennant.example,ZOE,Marsh  jr,,,,",
        'ZOE@pennant.example,zoe,"marsh, jr",,,,',
    )
    report = bring(loaded, path)
    assert dict(report.counts) == {"new": 2, "repeated": 1}
    # Their ids are drawn, so that either may come first.
    both = EmbeddedCrm(loaded).find_by_email("zoe@pennant.example")
    (zoe,) = [contact for contact in both if contact.fields["name"] == "Zoe"]
    assert len(both) == 2
    assert zoe.fields == {
        "name": "Zoe",
        "surname": "Marsh, jr",
        "email": "zoe@pennant.example",
        "work_telephone": "+442079460018",
        "mobile_telephone": "+447700900118",
        "company": "Pennant Logistics Ltd",
    }
    assert (zoe.source, zoe.company_id) == ("event", "pennant"), "the company on file, not a second one"
    assert dict(bring(loaded, path).counts) == {"on_file": 2, "repeated": 1}


def test_erased_people_are_left_out_and_a_person_is_told(loaded: Database, tmp_path: Path) -> None:
    with loaded.write() as session:
        preferences.remember_erased(session, "email", "gone@a.example", case_reference="PR-7F3K-9Q2M")
        preferences.remember_erased(
            session, "person", "accounts@millbrook.example", "Jo Whitlock", case_reference="PR-0000-0001"
        )
    EmbeddedCrm(loaded).erase("jo")
    before = count(loaded)
    path = file(
        tmp_path,
        "GONE@a.example,Gwen,One,,,,",
        "accounts@millbrook.example,jo,WHITLOCK,,,,",
        "accounts@millbrook.example,Kim,Whitlock,,,,",
    )
    report = bring(loaded, path)
    assert report.blocked == [(2, "PR-7F3K-9Q2M"), (3, "PR-0000-0001")]
    assert count(loaded) == before + 1
    with loaded.read() as session:
        (task,) = session.scalars(select(AgentTask)).all()
    assert task.kind == "import_blocked"
    assert "2 people" in task.text
    assert "PR-7F3K-9Q2M" in task.text
    assert "gone@" not in task.text


def test_who_stopped_marketing_is_added_with_it_switched_off(loaded: Database, tmp_path: Path) -> None:
    with loaded.write() as session:
        preferences.suppress(
            session, "email", "quiet@a.example", topics=topics().optional, reason="objection"
        )
        preferences.suppress(
            session, "phone", "+447700900118", topics=["sales_and_marketing"], reason="objection"
        )
    report = bring(loaded, file(tmp_path, "quiet@a.example,Q,Uiet,,07700 900118,,", "b@a.example,B,B,,,,"))
    assert report.opted_out == [2]
    (quiet,) = EmbeddedCrm(loaded).find_by_email("quiet@a.example")
    with loaded.read() as session:
        rows = session.scalars(select(ContactPreference).where(ContactPreference.contact_id == quiet.id))
        wanted = {(row.topic, row.channel): row.wanted for row in rows}
        assert preferences.suppressed_topics(session, "email", "quiet@a.example") == set(topics().optional)
    assert wanted == {(topic, "email"): False for topic in topics().optional} | {
        ("sales_and_marketing", "telephone"): False,
        ("sales_and_marketing", "sms"): False,
    }


def test_a_dry_run_tells_the_same_and_changes_nothing(loaded: Database, tmp_path: Path) -> None:
    with loaded.write() as session:
        preferences.remember_erased(session, "email", "gone@a.example", case_reference="PR-7F3K-9Q2M")
    path = file(
        tmp_path, "gone@a.example,,,,,,", "new@a.example,,,,,,", "tom@northgate.example,Tom,Aldous,,,,"
    )
    before = count(loaded)
    dry = bring(loaded, path, dry_run=True)
    assert count(loaded) == before
    with loaded.read() as session:
        assert session.scalars(select(AgentTask)).all() == []
    assert dict(dry.counts) == {"blocked": 1, "new": 1, "on_file": 1}
    assert bring(loaded, path).counts == dry.counts


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("nobody,,,,,,", "line 2: email: it is no email address"),
        (",Ann,,,,,", "line 2: email: it is missing"),
        ("a@b.example,=HYPERLINK(1),,,,,", "name: it begins with '=', which a spreadsheet would run"),
        ("a@b.example,,@SUM(A1),,,,", "surname: it begins with '@'"),
        ("a@b.example,,,,,-2+3+cmd,", "company: it begins with '-'"),
        ("a@b.example,,,=1+1,,,", "work_telephone: it is no telephone number"),
        ("a@b.example,,,+44 ring me,,,", "work_telephone: it is no telephone number"),
        ("a@b.example,,,,,,lottery", "source: there is no source 'lottery'; there are company, event"),
        ('a@b.example,"A\nB",,,,,', "line 3: name: it holds a line break"),
        ("a@b.example,A\x07B,,,,,", "name: it holds a line break or a control character"),
        ("a@b.example,A,B", "line 2: it has 3 values for 7 columns"),
        ('a@b.example,"A,,,,,', "this is not CSV"),
        (f"a@b.example,{'A' * 201},,,,,", "name: it is longer than 200 characters"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, line: str, says: str) -> None:
    (found,) = mistakes(file(tmp_path, line))
    assert says in found


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("", "the file is empty; its first line must name the columns: name, surname"),
        ("email;name\n", "separated by semicolons"),
        ("email,fax\n", "there is no column 'fax'; the columns are name, surname"),
        ("email,name,Name\n", "the column 'name' stands there twice"),
        ("name,surname\n", "the column 'email' is missing"),
    ],
)
def test_a_header_that_cannot_be_used_is_named(tmp_path: Path, header: str, says: str) -> None:
    assert any(says in found for found in mistakes(file(tmp_path, header=header)))


def test_another_encoding_is_named_and_a_byte_order_mark_is_none(tmp_path: Path) -> None:
    path = tmp_path / "latin.csv"
    path.write_bytes(b"email,name\na@b.example,Zo\xeb\n")
    assert mistakes(path) == ["line 2: name: it is not UTF-8; save the file as UTF-8"]
    path.write_bytes("email,name\na@b.example,Zoë\n".encode("utf-8-sig"))
    (person,) = read(path, SOURCES)
    assert isinstance(person, ContactLine)
    assert person.fields["name"] == "Zoë"


def test_our_own_copy_of_a_telephone_comes_back_as_the_number(tmp_path: Path) -> None:
    (person,) = read(file(tmp_path, f"a@b.example,,,{harmless('+442079460018')},,,"), SOURCES)
    assert isinstance(person, ContactLine)
    assert person.fields["work_telephone"] == "+442079460018"


def test_one_mistake_anywhere_keeps_everything_out(loaded: Database, tmp_path: Path) -> None:
    path = file(tmp_path, *(f"p{number}@a.example,P,{number},,,," for number in range(900)), "wrong,,,,,,")
    before = count(loaded)
    with pytest.raises(importing.FileRefused) as refused:
        importing.check(path)
    assert (refused.value.count, refused.value.mistakes[0].line) == (1, 902)
    with pytest.raises(importing.FileRefused):
        importing.import_file(loaded, EmbeddedCrm(loaded), path)
    assert count(loaded) == before


KILLED = """
import os, signal, sys
from pathlib import Path
from actions.database import Database, tables
from actions.crm import importing
from actions.crm.embedded import EmbeddedCrm
lines = 0
def seen():
    global lines
    lines += 1
    if lines == 1200:
        os.kill(os.getpid(), signal.SIGKILL)
database = Database(sys.argv[1])
importing.import_file(database, EmbeddedCrm(database), Path(sys.argv[2]), seen=seen)
"""


def test_a_kill_in_the_middle_leaves_nothing(loaded: Database, tmp_path: Path) -> None:
    path = file(tmp_path, *(f"p{number}@a.example,P,{number},,,," for number in range(1500)))
    before = count(loaded)
    url = loaded.url.render_as_string(hide_password=False)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, url, str(path)],
        env=os.environ | {"PYTHONPATH": str(PROJECT_ROOT)},
        timeout=60,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    assert count(loaded) == before
    with loaded.read() as session:
        assert session.scalar(select(func.count()).select_from(ContactEmail)) == before + 1, "ines has two"


CELLS = st.text(alphabet=st.characters(codec="utf-8", exclude_characters='"'), max_size=30)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=st.lists(st.lists(CELLS, min_size=7, max_size=7), max_size=4))
def test_whatever_stands_in_a_file_nothing_gets_in_that_a_spreadsheet_would_run(
    tmp_path: Path, rows: list[list[str]]
) -> None:
    path = tmp_path / "any.csv"
    text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows)
    path.write_text(HEADER + text, encoding="utf-8", newline="")
    for line in read(path, SOURCES):
        if isinstance(line, ContactLine):
            for name, value in line.fields.items():
                assert value == value.strip()
                assert value.isprintable()
                digits = value.removeprefix("+").isdigit() and name.endswith("telephone")
                assert digits or not value.startswith(("=", "+", "-", "@"))
