"""From a template's words to the two forms of a letter: plain text, and simple, accessible HTML.

A paragraph ends at a blank line; inside it, lines are joined. A line that begins with `- ` is an item of a
list. A line that is nothing but one placeholder becomes as many lines as its value has. A paragraph with a
placeholder whose value is empty is left out.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable
from html import escape

LONE_PLACEHOLDER = re.compile(r"\{[^{}]+\}")
ITEM = "- "
PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
</head>
<body style="margin:0;padding:24px 16px">
<main style="max-width:36em;margin:0 auto;font:16px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif">
{content}
</main>
</body>
</html>
"""

Look = Callable[[str, str], str]
"""Writes a placeholder, given its name and its format."""


def paragraphs(text: str) -> list[list[str]]:
    """The paragraphs of a template, each as its logical lines."""
    return [_logical_lines(part) for part in re.split(r"\n[ \t]*\n", text.strip()) if part.strip()]


def names(line: str) -> list[tuple[str, str]]:
    """The placeholders of a text, each as its name and its format.

    Raises:
        ValueError: a brace is not closed, or a placeholder is more than a name and a format.
    """
    found = []
    for _literal, name, form, conversion in string.Formatter().parse(line):
        if name is None:
            continue
        if conversion or not re.fullmatch(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*", name):
            raise ValueError(f"'{{{name}}}' is not a placeholder: write {{name}} or {{name:format}}")
        found.append((name, form or ""))
    return found


def plain(parts: list[list[str]], look: Look) -> str:
    """The letter as plain text."""
    shown = [paragraph for paragraph in parts if _complete(paragraph, look)]
    return "\n\n".join("\n".join(_plain_lines(paragraph, look)) for paragraph in shown) + "\n"


def html(title: str, parts: list[list[str]], look: Look) -> str:
    """The letter as a page; every value is escaped, and only a template's own addresses become links."""
    shown = [_html_paragraph(paragraph, look) for paragraph in parts if _complete(paragraph, look)]
    return PAGE.format(title=escape(title), content="\n".join(shown))


def filled(line: str, look: Look, literal: Callable[[str], str] = str) -> str:
    """A line with its placeholders replaced."""
    pieces = []
    for text, name, form, _conversion in string.Formatter().parse(line):
        pieces.append(literal(text))
        if name is not None:
            pieces.append(look(name, form or ""))
    return "".join(pieces)


def linked(name: str, value: str) -> str:
    """A value in HTML: a link where its name says that it is an address of ours, else escaped text."""
    last = name.rpartition(".")[2]
    shown = escape(value)
    if last.endswith(("url", "website")) and re.fullmatch(r"https?://\S+", value):
        return f'<a href="{shown}">{shown}</a>'
    return f'<a href="mailto:{shown}">{shown}</a>' if last == "privacy_team_email" else shown


def _logical_lines(part: str) -> list[str]:
    lines: list[str] = []
    joinable = False
    for raw in part.splitlines():
        line = raw.strip()
        alone = LONE_PLACEHOLDER.fullmatch(line) is not None
        if joinable and not alone and not line.startswith(ITEM):
            lines[-1] = f"{lines[-1]} {line}"
        else:
            lines.append(line)
        joinable = not alone
    return lines


def _complete(paragraph: list[str], look: Look) -> bool:
    return all(look(name, form).strip() for line in paragraph for name, form in names(line))


def _plain_lines(paragraph: list[str], look: Look) -> list[str]:
    return [shown for line in paragraph for shown in filled(line, look).splitlines()]


def _escaped(text: str) -> str:
    return escape(text, quote=False)


def _html_paragraph(paragraph: list[str], look: Look) -> str:
    shown: list[str] = []
    for line in paragraph:
        if LONE_PLACEHOLDER.fullmatch(line):
            ((name, form),) = names(line)
            value = look(name, form)
            shown += [linked(name, part) for part in value.splitlines()]
        else:
            shown.append(filled(line, lambda name, form: linked(name, look(name, form)), _escaped))
    return "\n".join(_grouped(shown))


def _grouped(lines: list[str]) -> list[str]:
    """Items of a list together in one list, and what stands between them in paragraphs."""
    groups: list[tuple[bool, list[str]]] = []
    for line in lines:
        is_item = line.startswith(ITEM)
        if not groups or groups[-1][0] != is_item:
            groups.append((is_item, []))
        groups[-1][1].append(line.removeprefix(ITEM) if is_item else line)
    return [
        "<ul>\n" + "\n".join(f"<li>{item}</li>" for item in group) + "\n</ul>"
        if is_item
        else f"<p>{'<br>'.join(group)}</p>"
        for is_item, group in groups
    ]
