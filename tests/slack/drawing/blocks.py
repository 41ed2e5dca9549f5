"""Blocks and their elements as HTML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.slack.drawing.markup import text_of

Element = Mapping[str, Any]
MENUS = {
    "static_select": "Choose…",
    "external_select": "Choose…",
    "users_select": "Choose a person",
    "conversations_select": "Choose a conversation",
    "channels_select": "Choose a channel",
    "multi_static_select": "Choose…",
    "multi_users_select": "Choose people",
}
PICKERS = {"datepicker": ("initial_date", "Pick a date"), "timepicker": ("initial_time", "Pick a time")}
WRITTEN = ("plain_text_input", "email_text_input", "url_text_input", "number_input")


class Drawing:
    """Draws blocks, with the names of who is mentioned."""

    def __init__(self, people: Mapping[str, str], places: Mapping[str, str]) -> None:
        self._people = people
        self._places = places

    def blocks(self, blocks: list[dict[str, Any]]) -> str:
        """All blocks, one below the other."""
        return "".join(getattr(self, f"_{block['type']}")(block) for block in blocks)

    def text(self, value: Element) -> str:
        """A text object."""
        return text_of(value, self._people, self._places)

    def _header(self, block: Element) -> str:
        return f'<h3 class="header">{self.text(block["text"])}</h3>'

    def _divider(self, _block: Element) -> str:
        return "<hr>"

    def _section(self, block: Element) -> str:
        text = f'<div class="text">{self.text(block["text"])}</div>' if "text" in block else ""
        if block.get("fields"):
            fields = "".join(f"<div>{self.text(field)}</div>" for field in block["fields"])
            text += f'<div class="fields">{fields}</div>'
        accessory = block.get("accessory")
        beside = f'<div class="accessory">{self.element(accessory)}</div>' if accessory else ""
        return f'<div class="section"><div class="main">{text}</div>{beside}</div>'

    def _context(self, block: Element) -> str:
        shown = "".join(
            f"<span>{self.text(one)}</span>" for one in block["elements"] if one["type"] != "image"
        )
        return f'<div class="context">{shown}</div>'

    def _actions(self, block: Element) -> str:
        return f'<div class="actions">{"".join(map(self.element, block["elements"]))}</div>'

    def _input(self, block: Element) -> str:
        label = self.text(block["label"])
        optional = ' <span class="optional">(optional)</span>' if block.get("optional") else ""
        hint = f'<div class="hint">{self.text(block["hint"])}</div>' if "hint" in block else ""
        return (
            f'<div class="input"><label>{label}{optional}</label>{self.element(block["element"])}{hint}</div>'
        )

    def _rich_text(self, _block: Element) -> str:
        return '<div class="text">…</div>'

    def element(self, element: Element) -> str:
        """One element."""
        kind = element["type"]
        if kind == "button":
            return f'<span class="button {element.get("style", "")}">{self.text(element["text"])}</span>'
        if kind == "overflow":
            return '<span class="button">⋯</span>'
        if kind in ("radio_buttons", "checkboxes"):
            return self._listed(element)
        if kind in PICKERS:
            name, otherwise = PICKERS[kind]
            return f'<span class="menu">{element.get(name) or otherwise}</span>'
        if kind in WRITTEN:
            return self._written(element)
        return self._menu(element)

    def _menu(self, element: Element) -> str:
        shown = MENUS.get(element["type"], "Choose…")
        if "placeholder" in element:
            shown = self.text(element["placeholder"])
        if "initial_option" in element:
            shown = self.text(element["initial_option"]["text"])
        if "initial_user" in element:
            shown = self._people.get(element["initial_user"], element["initial_user"])
        return f'<span class="menu">{shown} <span class="arrow">⌄</span></span>'

    def _listed(self, element: Element) -> str:
        chosen = [*element.get("initial_options", ()), element.get("initial_option")]
        mark = {"radio_buttons": ("○", "◉"), "checkboxes": ("☐", "☑")}[element["type"]]
        rows = []
        for option in element["options"]:
            more = f"<small>{self.text(option['description'])}</small>" if "description" in option else ""
            rows.append(f"<div>{mark[option in chosen]} {self.text(option['text'])}{more}</div>")
        return f'<div class="listed">{"".join(rows)}</div>'

    def _written(self, element: Element) -> str:
        value = element.get("initial_value")
        kind = "area" if element.get("multiline") else "line"
        if value is None:
            placeholder = self.text(element["placeholder"]) if "placeholder" in element else "&nbsp;"
            return f'<div class="written {kind} empty">{placeholder}</div>'
        shown = self.text({"type": "plain_text", "text": value})
        return f'<div class="written {kind}">{shown}</div>'
