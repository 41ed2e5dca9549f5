"""The search for personal values finds them however they are written, and nothing that only looks alike."""

from __future__ import annotations

import io
import sqlite3
import tarfile
from pathlib import Path

import pytest

from tests.support.canaries import Canaries, for_a_model


@pytest.mark.parametrize(
    ("kind", "value", "written"),
    [
        ("email", "tom@northgate.example", b'{"text": "from Tom@Northgate.example."}'),
        ("code", "481206", b"the code 481 206 came"),
        ("code", "481206", b'"value": "481206"'),
        ("mobile_telephone", "+447700900101", b"ring 07700 900101 please"),
        ("number", "07700 900 999", b"+447700900999"),
        ("surname", "Aldous", b"dear Mr Aldous,"),
        ("name", "Jo", b'"Jo"'),
        ("value", "Zoë wants it back", b'{"value": "Zo\\u00eb wants it back"}'),
        ("reference", "PR-7F3K-9Q2M", b"about pr-7f3k-9q2m?"),
    ],
)
def test_a_value_is_found(kind: str, value: str, written: bytes) -> None:
    assert Canaries({(kind, value)}).in_bytes(written) == {f"{kind} {value!r}"}


@pytest.mark.parametrize(
    ("kind", "value", "written"),
    [
        ("code", "481206", b"at 1795437012.4812061"),
        ("code", "481206", b"0.481206"),
        ("code", "481206", b"14812069"),
        ("name", "Tom", b"Tomorrow, a custom tom"),
        ("mobile_telephone", "+447700900101", b"07700 900102"),
        ("email", "tom@northgate.example", b"EMAIL_1"),
    ],
)
def test_what_only_looks_alike_is_not(kind: str, value: str, written: bytes) -> None:
    assert Canaries({(kind, value)}).in_bytes(written) == set()


def test_files_tables_and_packed_models_are_searched(tmp_path: Path) -> None:
    canaries = Canaries({("email", "tom@northgate.example")})
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "engine.log").write_text("received tom@northgate.example")
    with sqlite3.connect(tmp_path / "tracker.db") as database:
        database.execute("CREATE TABLE events (data TEXT)")
        database.execute("INSERT INTO events VALUES ('TOM@northgate.example')")
    archive = tmp_path / "model.tar.gz"
    with tarfile.open(archive, "w:gz") as packed:
        content = b"examples: [mail tom@northgate.example]"
        member = tarfile.TarInfo("nlu/examples.json")
        member.size = len(content)
        packed.addfile(member, io.BytesIO(content))
    found = canaries.in_files(tmp_path)
    assert [find.split("/")[-1] for find in found] == [
        "engine.log: email 'tom@northgate.example'",
        "tracker.db: email 'tom@northgate.example'",
    ]
    assert canaries.in_model(archive) == ["nlu/examples.json: email 'tom@northgate.example'"]


def test_a_model_is_not_searched_for_what_any_text_may_hold() -> None:
    used = {("code", "123456"), ("name", "Sam"), ("phone", "my mobile"), ("surname", "Aldous")}
    assert for_a_model(used) == {("surname", "Aldous")}
