"""Every sentence that Slack shows, from `data/slack/*.yml`: one file a subject."""

from __future__ import annotations

from functools import lru_cache

from pydantic import RootModel

from actions.settings import get_settings
from actions.wording import organisation
from actions.wording.interfaces import WordingError
from actions.wording.services import load, placeholders
from bot.slack.blocks import Marked, escape

FOLDER = "slack"


class _Sentences(RootModel[dict[str, str]]):
    pass


@lru_cache(maxsize=1)
def sentences() -> dict[str, str]:
    """Every sentence by its id.

    Raises:
        WordingError: a file is malformed, or a sentence stands in two.
    """
    found: dict[str, str] = {}
    for path in sorted((get_settings().data / FOLDER).glob("*.yml")):
        for name, text in load(f"{FOLDER}/{path.name}", _Sentences).root.items():
            if name in found:
                raise WordingError(f"{path}: the sentence '{name}' stands in another file too; keep one.")
            found[name] = text.strip()
    return found


def plain(name: str, /, **values: object) -> str:
    """A sentence for a place that shows text as it is: titles, labels, buttons, menus.

    Args:
        name: the sentence's id.
        values: what its blanks need; `organisation` is always known.

    Raises:
        WordingError: there is no such sentence, or a blank has no value.
    """
    return _template(name, values).format(organisation=organisation(), **values)


def marked(name: str, /, **values: object) -> Marked:
    """A sentence as mrkdwn: its own marks count, those of its values do not, unless they are `Marked`.

    The arguments and errors are those of `plain`.
    """
    safe = {key: escape(each) if isinstance(each, str) else each for key, each in values.items()}
    return Marked(_template(name, values).format(organisation=organisation(), **safe))


def _template(name: str, values: dict[str, object]) -> str:
    text = sentences().get(name)
    if text is None:
        raise WordingError(f"No sentence '{name}' in {get_settings().data / FOLDER}.")
    missing = placeholders(text) - set(values) - {"organisation"}
    if missing:
        raise WordingError(f"The sentence '{name}' has blanks nobody fills: {', '.join(sorted(missing))}.")
    return text
