"""Labelled text is read as it stands, and what is malformed is named by file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.evaluation.labelled import Malformed, read_labelled


def write(folder: Path, content: str | bytes, name: str = "set.tsv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_every_column_and_alternative_is_read(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "\ufeffcategory\texpected\ttext\r\n"
        "# a comment\r\n"
        "\r\n"
        'several\topt_out+access|opt_out\tstop "it"\tand show me\r\n'
        "policy\t9.4 | 3\thow long\r\n"
        "policy\tnone\tdo you have a dog",
    )
    read = [(line.place, line.category, line.alternatives, line.text) for line in read_labelled(path)]
    assert read == [
        ("set.tsv:4", "several", (("opt_out", "access"), ("opt_out",)), 'stop "it"\tand show me'),
        ("set.tsv:5", "policy", (("9.4",), ("3",)), "how long"),
        ("set.tsv:6", "policy", (("none",),), "do you have a dog"),
    ]


def test_other_line_ends_belong_to_the_text(tmp_path: Path) -> None:
    (line,) = read_labelled(write(tmp_path, "messy\terase\tone\u2028two\x0bthree\n"))
    assert line.text == "one\u2028two\x0bthree"


def test_a_folder_stands_for_its_files_but_not_for_its_subfolders(tmp_path: Path) -> None:
    write(tmp_path, "plain\tgreet\thello\n", "b.tsv")
    write(tmp_path, "plain\tthank\tta\n", "a.tsv")
    (tmp_path / "development").mkdir()
    write(tmp_path / "development", "plain\tstop\tno\n")
    assert [line.place for line in read_labelled(tmp_path)] == ["a.tsv:1", "b.tsv:1"]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("plain erase please delete me", "1 of 3 columns; separate category, expected and text by tabs"),
        ("plain\terase", "2 of 3 columns; separate category, expected and text by tabs"),
        ("\terase\tdelete me", "the category is empty"),
        ("plain\terase\t ", "the text is empty"),
        ("plain\tdelete\tdelete me", "there is no intent 'delete'; the intents are in /api/vocabulary"),
        ("plain\terase|\tdelete me", "there is no intent ''; the intents are in /api/vocabulary"),
        ("policy\terase\twho", "a policy line expects a section such as 9.4, or none; not 'erase'"),
        ("policy\t3+4\twho", "a policy line expects a section such as 9.4, or none; not '3+4'"),
        (b"plain\terase\tcaf\xe9", "it is not UTF-8; save the file as UTF-8"),
    ],
)
def test_a_malformed_line_is_named(tmp_path: Path, line: str | bytes, problem: str) -> None:
    content = b"plain\tgreet\thello\n" + (line.encode() if isinstance(line, str) else line) + b"\n"
    with pytest.raises(Malformed) as error:
        read_labelled(write(tmp_path, content))
    assert error.value.problems == [f"set.tsv:2: {problem}"]


def test_every_malformed_line_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(Malformed) as error:
        read_labelled(write(tmp_path, "x\n\nplain\tgreet\thello\ny\tz\n"))
    assert [problem.partition(": ")[0] for problem in error.value.problems] == ["set.tsv:1", "set.tsv:4"]


@pytest.mark.parametrize("content", ["", "# nothing yet\n"])
def test_text_without_a_labelled_line_is_no_set(tmp_path: Path, content: str) -> None:
    with pytest.raises(Malformed, match="there is no labelled line"):
        read_labelled(write(tmp_path, content))
