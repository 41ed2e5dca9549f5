"""What somebody typed in Slack, as they typed it."""

from __future__ import annotations

import re

LINK = re.compile(r"<(?P<target>[^<>|]+)(?:\|(?P<label>[^<>]*))?>")
SCHEMES = ("mailto:", "tel:")


def typed(text: str, bot_user_id: str) -> str:
    """A text of Slack's as its writer saw it: no markup, no mention of the app at its beginning.

    Slack makes links of addresses and telephone numbers; only what was typed must reach the pseudonymiser.

    Args:
        text: in Slack's markup.
        bot_user_id: the app's own user.
    """
    without = re.sub(rf"<@{re.escape(bot_user_id)}(?:\|[^<>]*)?>", " ", text)
    shown = LINK.sub(_shown, without)
    return shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def _shown(link: re.Match[str]) -> str:
    target, label = link["target"], link["label"]
    if target.startswith(("@", "#", "!")):
        # Somebody else, or a channel: their ids are nobody's business.
        return label or ""
    if label:
        return label
    for scheme in SCHEMES:
        target = target.removeprefix(scheme)
    return target
