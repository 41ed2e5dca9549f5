"""Blocks within Slack's limits, whatever is put into them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack import blocks
from bot.slack.blocks import Marked


@given(st.text())
def test_what_comes_from_outside_can_mention_nobody(text: str) -> None:
    shown = blocks.escape(text)
    assert "<" not in shown
    assert ">" not in shown
    assert shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == text


@given(st.text(alphabet="<>&a", min_size=1, max_size=80), st.integers(min_value=8, max_value=60))
def test_a_cut_leaves_no_half_entity(text: str, limit: int) -> None:
    cut = blocks.cut_marked(blocks.escape(text), limit)
    assert len(cut) <= limit
    rest = cut.removesuffix("…").replace("&lt;", "").replace("&gt;", "").replace("&amp;", "")
    assert "&" not in rest


def test_a_cut_leaves_no_half_mention() -> None:
    text = Marked("given to <@U0123456789> now")
    assert blocks.cut_marked(text, 15) == "given to…"
    assert blocks.cut_marked(text, 100) is text


def test_everything_is_cut_to_its_limit_and_never_empty() -> None:
    long = "x" * 5000
    assert len(blocks.section(long)["text"]["text"]) == blocks.SECTION_TEXT
    assert len(blocks.header(long)["text"]["text"]) == blocks.HEADER_TEXT
    assert len(blocks.button(long, "a")["text"]["text"]) == blocks.BUTTON_TEXT
    assert len(blocks.option(long, "a")["text"]["text"]) == blocks.OPTION_TEXT
    view = blocks.modal("c", long, [blocks.divider()] * 200)
    assert len(view["title"]["text"]) == blocks.VIEW_TITLE
    assert len(view["blocks"]) == blocks.VIEW_BLOCKS
    assert blocks.section("")["text"]["text"] == " "
    question = blocks.confirmation(long, long, long, long)
    assert len(question["text"]["text"]) == blocks.CONFIRM_TEXT


def test_what_means_something_is_never_cut() -> None:
    with pytest.raises(ValueError, match="2000"):
        blocks.button("x", "a", value="x" * 2001)
    with pytest.raises(ValueError, match="150"):
        blocks.option("x", "x" * 151)
    with pytest.raises(ValueError, match="3000"):
        blocks.modal("c", "t", [], metadata="x" * 3001)


@pytest.mark.parametrize(
    ("number", "size", "items", "at", "pages"),
    [(1, 10, list(range(10)), 1, 3), (3, 10, [20, 21], 3, 3), (9, 10, [20, 21], 3, 3), (-1, 30, None, 1, 1)],
)
def test_pages(number: int, size: int, items: list[int] | None, at: int, pages: int) -> None:
    found = blocks.page(list(range(22)), number, size)
    assert (list(found.items), found.number, found.pages, found.total) == (
        list(range(22)) if items is None else items,
        at,
        pages,
        22,
    )
