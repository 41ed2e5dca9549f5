"""Every letter can be written, and nothing in it is blank or breaks out of its place."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from actions.mail import templates
from actions.mail.checking import check
from actions.mail.formats import written
from actions.mail.interfaces import TemplateError
from actions.settings import get_settings

LETTERS = (
    "access_answer",
    "case_closed_nothing_held",
    "case_received",
    "code",
    "code_locked",
    "copy_of_data",
    "erasure_done",
    "erasure_done_kept",
    "erasure_received_for_approval",
    "erasure_refused",
    "erasure_scheduled",
    "marketing_restored",
    "marketing_stopped",
)


def values_of(template: str) -> dict[str, object]:
    content = yaml.safe_load((templates.folder() / f"{template}.yml").read_text(encoding="utf-8"))
    return {
        name: f"https://flexiva.example/{name}" if name.endswith("url") else f"<{name}>"
        for name in content["values"]
    }


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of templates of the test's own, with the real closing lines."""
    folder = tmp_path / "data" / "mail"
    folder.mkdir(parents=True)
    closing = get_settings().data / "mail" / "_closing.yml"
    (folder / "_closing.yml").write_text(closing.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(templates, "folder", lambda: folder)
    return folder


def template(folder: Path, text: str, values: str = "[]", subject: str = "Hello") -> str:
    body = "".join(f"  {line}\n" if line else "\n" for line in text.splitlines())
    (folder / "one.yml").write_text(
        f"version: 1\nvalues: {values}\nsubject: {subject}\ntext: |\n{body}", encoding="utf-8"
    )
    templates._loaded.cache_clear()
    return "one"


def test_our_templates_have_no_problem_and_all_exist() -> None:
    assert check() == []
    assert set(LETTERS) <= set(templates.template_ids())


@pytest.mark.parametrize("name", LETTERS)
def test_every_letter_is_written_with_all_its_values(name: str) -> None:
    values = values_of(name)
    words = templates.render(name, values)
    assert "\n" not in words.subject
    assert words.text.endswith("\n")
    assert "{" not in words.text + words.subject
    for value in values.values():
        assert str(value) in words.text + words.subject
    assert "privacy@flexiva.example" in words.text
    assert '<html lang="en">' in words.html
    assert "<script" not in words.html


@pytest.mark.parametrize("name", LETTERS)
def test_letters_speak_plainly(name: str) -> None:
    words = templates.render(name, values_of(name))
    sentences = [part for part in re.split(r"\n\n|[.:?!]\s", words.text) if part.strip()]
    longest = max(len(sentence.split()) for sentence in sentences)
    assert longest <= 42, f"{name}: a sentence of {longest} words"
    assert len(words.subject) <= 70


def test_the_code_letter_says_what_it_must() -> None:
    words = templates.render("code", {"code": "481 206", "minutes": 10, "expires_at": "10:54"})
    assert words.subject == "Your code from Flexiva privacy"
    assert "The code is 481 206. It works once, until 10:54" in words.text
    assert "481" not in words.subject, "a subject shows on a locked screen"


def test_a_missing_value_and_an_unused_one_are_mistakes() -> None:
    with pytest.raises(TemplateError, match="'copy_of_data' is not given reference"):
        templates.render("copy_of_data", {})
    with pytest.raises(TemplateError, match="'copy_of_data' has no place for name"):
        templates.render("copy_of_data", {"reference": "PR-1111-1111", "name": "Priya"})
    with pytest.raises(TemplateError, match="there is no template"):
        templates.render("nothing_of_the_kind", {})


def test_a_value_is_never_markup_nor_a_link_nor_a_header(data: Path) -> None:
    name = template(data, "Hello {name}.\n\nGo to {portal_url}.", "[name, portal_url]")
    words = templates.render(
        name, {"name": '<a href="http://evil.example">x</a>', "portal_url": "https://good.example/?a=1&b=2"}
    )
    assert "&lt;a href=&quot;http://evil.example&quot;&gt;" in words.html
    assert words.html.count("http://evil.example") == 1
    assert '<a href="https://good.example/?a=1&amp;b=2">' in words.html
    assert "https://good.example/?a=1&b=2" in words.text
    name = template(data, "Hello.", "[name]", subject='"For {name}"')
    with pytest.raises(TemplateError, match="line break"):
        templates.render(name, {"name": "x\r\nBcc: all@hartwell.example"})


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://good.example/ onclick=x", "data:text/html,x"]
)
def test_only_an_address_of_the_web_becomes_a_link(data: Path, url: str) -> None:
    name = template(data, "Go to {undo_url}.", "[undo_url]")
    assert f'href="{url}' not in templates.render(name, {"undo_url": url}).html


def test_paragraphs_lists_and_values_of_several_lines(data: Path) -> None:
    name = template(
        data, "First line\nand its rest.\n\nWe hold:\n{held}\n\n- one\n- two\n  goes on", "[held]"
    )
    words = templates.render(name, {"held": "Name: Priya\n- Email: p@x.example"})
    assert words.text.startswith(
        "First line and its rest.\n\nWe hold:\nName: Priya\n- Email: p@x.example\n\n- one\n- two goes on\n\n"
    )
    assert "<p>First line and its rest.</p>" in words.html
    assert "<p>We hold:<br>Name: Priya</p>\n<ul>\n<li>Email: p@x.example</li>\n</ul>" in words.html
    assert "<ul>\n<li>one</li>\n<li>two goes on</li>\n</ul>" in words.html


@pytest.mark.parametrize("empty", [None, "", "  "])
def test_a_paragraph_whose_value_is_empty_is_left_out(data: Path, empty: str | None) -> None:
    name = template(data, "Deleted: {deleted}.\n\nWe kept:\n{kept}\n\nBye.", "[deleted, kept]")
    words = templates.render(name, {"deleted": "your name", "kept": empty})
    assert words.text.startswith("Deleted: your name.\n\nBye.\n")
    assert "kept" not in words.html


@given(st.text(max_size=60).filter(str.isprintable).filter(str.strip))
def test_no_value_can_break_out_of_the_page(value: str) -> None:
    words = templates.render("case_closed_nothing_held", {"reference": value})
    plain = templates.render("case_closed_nothing_held", {"reference": "x"})
    assert words.html.count("<") == plain.html.count("<")
    assert words.html.count(">") == plain.html.count(">")


def test_dates_and_times_are_written_where_the_organisation_is() -> None:
    summer = datetime(2026, 7, 14, 23, 30, tzinfo=UTC)
    assert written(summer, "time") == "00:30"
    assert written(summer, "date") == "Wednesday 15 July 2026"
    assert written(summer) == "00:30 on Wednesday 15 July 2026"
    assert written(date(2026, 12, 23)) == "Wednesday 23 December 2026"
    assert written(10) == "10"
    assert written("as it is", "date") == "as it is"


@pytest.mark.parametrize(
    ("value", "form"),
    [(True, ""), (1.5, ""), ([], ""), (3, "date"), (date(2026, 1, 1), "time"), ("x", "loud")],
)
def test_what_cannot_be_written_is_a_mistake(value: object, form: str) -> None:
    with pytest.raises(TemplateError):
        written(value, form)


def test_the_organisations_facts_are_known_and_others_are_not(data: Path) -> None:
    name = template(data, "{organisation.name}, {organisation.regulator.phone}")
    assert "Business Software Group, 0303" in templates.render(name, {}).text
    name = template(data, "{organisation.shoe_size}")
    with pytest.raises(TemplateError, match="no 'shoe_size'"):
        templates.render(name, {})
