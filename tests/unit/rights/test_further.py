"""What a CRM holds beside the usual fields is shown, copied and planned for like the rest."""

from __future__ import annotations

from datetime import UTC, datetime

from actions.crm.interfaces import ContactRecord, Further, Holdings
from actions.rights.answers import own_rows
from actions.rights.copies import copy_attachment
from actions.rights.erasure_plan import plan

AT = datetime(2026, 11, 26, tzinfo=UTC)
HELD = Holdings(
    ContactRecord("t1", {"name": "Tom"}, "active", AT),
    further=(
        Further("address", "1 Mill Lane, Leeds"),
        Further("number", "=HYPERLINK(1)"),
        Further("address", "2 Mill Lane, Leeds"),
    ),
)


def test_it_is_shown_kind_by_kind() -> None:
    rows = {row["id"]: (row["label"], row["value"]) for row in own_rows(HELD)}
    assert rows["address"] == ("Postal address", "1 Mill Lane, Leeds; 2 Mill Lane, Leeds")
    assert rows["number"][0] == "Customer and other numbers"


def test_it_is_in_the_copy_and_harmless_there() -> None:
    lines = copy_attachment(HELD).text.splitlines()
    assert 'postal address,"1 Mill Lane, Leeds"' in lines
    assert "customer and other numbers,'=HYPERLINK(1)" in lines


def test_it_is_deleted_by_the_plan() -> None:
    (planned,) = [record for record in plan(HELD, (), AT).records if record.record == "further"]
    assert (planned.action, planned.label) == ("delete", "what else we noted about you (3)")
