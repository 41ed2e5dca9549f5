"""What the connector for Tryton does without a server: names, values, files and settings."""

from __future__ import annotations

from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.crm.interfaces import CrmUnusable
from actions.crm.tryton import naming, wire
from actions.crm.tryton.emails import _filed, _plain
from actions.crm.tryton.mapping import Party
from actions.crm.tryton.services import from_settings
from actions.database import Database
from actions.settings import Settings

AT = datetime(2026, 11, 26, 9, 30, 1, 250, tzinfo=UTC)
WORDS = st.lists(
    st.text(st.characters(categories=("L", "Nd"), include_characters="'-.\u00a0"), min_size=1),
    max_size=3,
).map(lambda words: " ".join(word.strip() for word in words).strip())
ROW = {
    "id": 7,
    "code": "7",
    "name": "Tom Aldous",
    "active": 1,
    "create_date": AT,
    "contact_mechanisms.": [],
    "categories.": [],
    "relations.": [],
    "addresses.": [],
    "identifiers.": [],
}


@given(WORDS, WORDS)
def test_both_parts_of_a_name_come_back_as_they_were(name: str, surname: str) -> None:
    assert naming.name_parts(naming.whole_name(name, surname)) == (name, surname)


def test_a_name_typed_in_tryton_is_split_after_its_first_word() -> None:
    assert naming.name_parts("Ines Carvalho Dias") == ("Ines", "Carvalho Dias")
    assert naming.name_parts("Plato") == ("Plato", "")
    assert naming.whole_name("Tom", "Aldous") == "Tom Aldous"
    assert naming.whole_name("", None) is None


def test_a_preference_is_read_back_from_its_category() -> None:
    for key in (("technology_updates", "sms"), ("made by hand", "post")):
        assert naming.preference_of(naming.preference(*key)) == key
    for name in ("Newsletter", " by ", "x by "):
        assert naming.preference_of(name) is None


@pytest.mark.parametrize("value", [AT, date(2026, 2, 28), b"\x00\xffdata", "Ærø", None, [1, {"a": True}]])
def test_values_survive_the_wire(value: object) -> None:
    assert wire.loads(wire.dumps({"result": value})) == {"result": value}


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b'{"__class__":"date","year":2026}', b'{"__class__":"date","year":1,"month":13,"day":1}'],
)
def test_what_is_no_whole_answer_is_a_value_error(body: bytes) -> None:
    with pytest.raises(ValueError, match="no whole answer"):
        wire.loads(body)


def test_a_party_of_an_unknown_shape_names_version_and_modules_and_nobody() -> None:
    assert Party(ROW).record(AT.date()).fields == {"name": "Tom", "surname": "Aldous"}
    for broken in ({**ROW, "relations.": None}, {key: ROW[key] for key in ("id", "name")}):
        with pytest.raises(CrmUnusable, match="made for Tryton 8") as caught:
            Party(broken)
        assert "Aldous" not in str(caught.value)


def test_an_erased_party_is_nobody_and_one_made_inactive_still_is_somebody() -> None:
    blank = {"type": "other", "value": "****", "value_compact": "old@post.example", "sequence": None, "id": 1}
    gone = {**ROW, "active": 0, "name": None, "contact_mechanisms.": [blank | _made()]}
    assert Party(gone).is_erased
    assert not Party({**ROW, "active": 0}).is_erased
    assert not Party({**ROW, "name": None}).is_erased


def test_a_filed_email_is_read_whatever_it_is_made_of() -> None:
    message = EmailMessage()
    message["Subject"] = "Ihre Frage – beantwortet"
    message["Date"] = "Thu, 26 Nov 2026 10:30:00 +0100"
    message.set_content("<p>Hello <b>Tom</b>,<br>it is &amp; was.</p><script>x()</script>", subtype="html")
    email = _filed({"id": 1, "name": "a.eml", "data": bytes(message), "create_date": AT})
    assert (email.subject, email.at) == (
        "Ihre Frage – beantwortet",
        datetime(2026, 11, 26, 9, 30, tzinfo=UTC),
    )
    assert email.body.split() == ["Hello", "Tom,", "it", "is", "&", "was."]
    torn = _filed({"id": 2, "name": "torn.eml", "data": b"\xff\xfe", "create_date": AT})
    assert (torn.subject, torn.at) == ("torn", AT)
    assert _plain("2 < 3 and 4 > 1") == "2 < 3 and 4 > 1"


def test_missing_settings_are_named(database: Database, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, crm="tryton", tryton_url="https://erp.example", tryton_user="r")
    with pytest.raises(ValueError, match="RIGHTLINE_TRYTON_DATABASE, RIGHTLINE_TRYTON_PASSWORD"):
        from_settings(settings, database)


def _made() -> dict[str, datetime]:
    return {"create_date": AT, "write_date": AT}
