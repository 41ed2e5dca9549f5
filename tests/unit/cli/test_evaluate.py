"""What `evaluate` says of text that it cannot use; it says so before anything is trained."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.main import main


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int | str | None, str, str]:
    with pytest.raises(SystemExit) as end:
        main(["evaluate", *arguments])
    printed = capsys.readouterr()
    return end.value.code, printed.out, printed.err


def test_malformed_lines_are_named_and_nothing_is_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "set.tsv"
    path.write_text("plain\tgreet\thello\nplain\tdelete\tplease delete me\nplain greet hello\n", "utf-8")
    code, out, err = run(capsys, str(path))
    assert (code, out) == (2, "")
    assert "set.tsv:2: there is no intent 'delete'" in err
    assert "set.tsv:3: 1 of 3 columns" in err


def test_a_file_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, str(tmp_path / "missing.tsv"))
    assert code == 2
    assert "missing.tsv" in err


def test_an_empty_folder_is_no_set(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, str(tmp_path))
    assert code == 2
    assert "there is no labelled line" in err
