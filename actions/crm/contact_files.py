"""Reading a file of contacts: CSV, UTF-8, one person a line, every mistake named with its line.

Nothing that a spreadsheet would run as a formula gets in, so that no export of ours ever holds one
(OWASP, CSV injection).
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import phonenumbers

from actions.crm.interfaces import FIELD_NAMES, FieldName
from actions.identity.addresses import well_formed

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
TELEPHONES: tuple[FieldName, ...] = ("work_telephone", "mobile_telephone")
SOURCE = "source"
COLUMNS = (*FIELD_NAMES, SOURCE)
LONGEST = 200
REGION = "GB"


@dataclass(frozen=True)
class Mistake:
    """Something wrong in the file; `line` counts from 1, the header's."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}"


@dataclass(frozen=True)
class ContactLine:
    """A person as the file has them, every value in the form that is stored."""

    line: int
    fields: dict[FieldName, str]
    source: str | None


def read(path: Path, sources: Collection[str]) -> Iterator[ContactLine | Mistake]:
    """The file's people and mistakes, in order, one line at a time.

    Args:
        path: the file.
        sources: what the column `source` may say.

    Yields:
        A `Mistake` for each one found; a header that cannot be used is the only thing yielded then.
    """
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        rows = csv.reader(file, strict=True)
        try:
            header = [_column(name) for name in next(rows, [])]
            mistakes = list(_header_mistakes(header))
            yield from mistakes
            if mistakes:
                return
            for values in rows:
                if any(value.strip() for value in values):
                    yield from _line(rows.line_num, header, values, sources)
        except csv.Error as error:
            yield Mistake(rows.line_num, f"this is not CSV ({error}); nothing after it was read")


def _column(name: str) -> str:
    return "_".join(name.strip().lower().split())


def _header_mistakes(header: list[str]) -> Iterator[Mistake]:
    known = ", ".join(COLUMNS)
    if not header:
        yield Mistake(1, f"the file is empty; its first line must name the columns: {known}")
        return
    if len(header) == 1 and ";" in header[0]:
        yield Mistake(1, "the columns are separated by semicolons; save the file with commas")
        return
    for name in header:
        if name not in COLUMNS:
            yield Mistake(1, f"there is no column '{name[:40]}'; the columns are {known}")
        elif header.count(name) > 1:
            yield Mistake(1, f"the column '{name}' stands there twice")
    if "email" not in header:
        yield Mistake(
            1, "the column 'email' is missing; without it nobody can be matched with those who left us"
        )


def _line(
    number: int, header: list[str], values: list[str], sources: Collection[str]
) -> Iterator[ContactLine | Mistake]:
    if len(values) != len(header):
        yield Mistake(
            number, f"it has {len(values)} values for {len(header)} columns; quote values that hold a comma"
        )
        return
    found: dict[str, str] = {}
    wrong = False
    for name, raw in zip(header, values, strict=True):
        try:
            found[name] = _value(name, raw, sources)
        except ValueError as error:
            wrong = True
            yield Mistake(number, f"{name}: {error}")
    if wrong:
        return
    if not found["email"]:
        yield Mistake(number, "email: it is missing; without it nobody can be matched with those who left us")
        return
    yield ContactLine(number, _known(found), found.get(SOURCE) or None)


def _known(found: Mapping[str, str]) -> dict[FieldName, str]:
    return {name: found[name] for name in FIELD_NAMES if found.get(name)}


def _value(name: str, raw: str, sources: Collection[str]) -> str:
    text = unicodedata.normalize("NFC", raw).strip()
    if any("\udc80" <= character <= "\udcff" for character in text):
        raise ValueError("it is not UTF-8; save the file as UTF-8")
    if not text.isprintable():
        raise ValueError("it holds a line break or a control character")
    if len(text) > LONGEST:
        raise ValueError(f"it is longer than {LONGEST} characters")
    if not text:
        return ""
    # Spreadsheets, and our own copies, put an apostrophe before what must not run.
    if text[0] == "'" and text[1:2] in FORMULA_STARTS:
        text = text[1:]
    if name in TELEPHONES:
        return _telephone(text)
    if text.startswith(FORMULA_STARTS):
        raise ValueError(
            f"it begins with '{text[0]}', which a spreadsheet would run as a formula; take it out"
        )
    if name == "email":
        return _email(text)
    if name == SOURCE and text not in sources:
        raise ValueError(f"there is no source '{text[:40]}'; there are {', '.join(sources)}")
    return " ".join(text.split())


def _telephone(text: str) -> str:
    try:
        number = phonenumbers.parse(text, REGION)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise ValueError("it is no telephone number; write it like 020 7946 0000 or +44 20 7946 0000")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _email(text: str) -> str:
    address = well_formed(text)
    if address is None:
        raise ValueError("it is no email address")
    return address
