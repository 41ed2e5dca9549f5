"""What `clean` makes of a contact's text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.pseudonyms import clean
from nlu.pseudonyms.kinds import KINDS, PLACEHOLDER


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("plain words stay", "plain words stay"),
        ("ｄｅｌｅｔｅ　ｍｅ", "delete me"),
        ("de\u200blete m\u00ade\ufeff", "delete me"),
        ("\u202edelete\u202c \u2066me\u2069", "delete me"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("a\u00a0b\t c   d", "a b c d"),
        ("null\x00byte\x07", "null byte"),
        ("cоde fоr pауpаl", "code for paypal"),
        ("привет, Priya", "привет, Priya"),
        ("κόσμος", "κόσμος"),
        ("٤٨١٢٠٦ and ४८१", "481206 and 481"),
        ("priya&#64;hartwell&period;example &amp;amp; co", "priya@hartwell.example & co"),
        ("tom%40a.example and 100%40 off", "tom@a.example and 100%40 off"),
        ("tom@a\u3002example", "tom@a.example"),
        ("cat & dog &copy_first", "cat & dog &copy_first"),
        ("/erase", "erase"),
        (" / //\u200b/erase now", "erase now"),
        ("／erase", "erase"),
        ("and/or 24/7 /help", "and/or 24/7 /help"),
        ("EMAIL_1", "EMAIL 1"),
        ("use code_12 or Ｐhone_3", "use code 12 or Phone 3"),
        ("EM\u200bAIL_1 ЕМАIL_2 EMAIL＿3", "EMAIL 1 EMAIL 2 EMAIL 3"),
        ("XEMAIL_1 snake_case_1 value_x", "XEMAIL 1 snake_case_1 value_x"),
        ("lone \ud800 surrogate", "lone \ufffd surrogate"),
        ("", ""),
        ("///", ""),
    ],
)
def test_it_normalises(typed: str, cleaned: str) -> None:
    assert clean(typed) == cleaned


@given(st.text(alphabet=st.characters(codec=None), max_size=60))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(
    st.text(max_size=30), st.sampled_from(KINDS), st.integers(min_value=0, max_value=99), st.text(max_size=30)
)
def test_no_typed_placeholder_survives(before: str, kind: str, number: int, after: str) -> None:
    for name in (kind, kind.upper(), kind.title()):
        assert not PLACEHOLDER.search(clean(f"{before}{name}_{number}{after}").upper())


@given(st.text(max_size=60))
def test_what_is_left_can_be_stored_and_sent(text: str) -> None:
    cleaned = clean(text)
    assert not cleaned.startswith("/")
    assert all(
        character == "\n" or not (ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0)
        for character in cleaned
    )
    cleaned.encode()
