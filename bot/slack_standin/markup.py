"""Whether a text in Slack's markup means what its writer meant: control characters are markup or escaped.

https://docs.slack.dev/messaging/formatting-message-text: `&`, `<` and `>` are written `&amp;`, `&lt;` and
`&gt;`; in angle brackets stand links, mentions and dates, and `>` begins a quoted line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

ENTITY = re.compile(r"&(?!amp;|lt;|gt;)")
QUOTE = re.compile(r"^(?:>>>|>) ?", re.MULTILINE)
SPECIAL = re.compile(
    r"""<(?:
        @[UW][A-Z0-9]+ (?:\|[^<>|]*)?                    # a person
      | \#[CGD][A-Z0-9]+ (?:\|[^<>|]*)?                  # a channel
      | !subteam\^S[A-Z0-9]+ (?:\|[^<>|]*)?              # a user group
      | !date\^\d+\^[^<>^|]+ (?:\^https?://[^<>|]+)? \|[^<>|]+
      | (?:https?://|mailto:|tel:|slack://)[^<>|\s]+ (?:\|[^<>|]+)?
    )>""",
    re.VERBOSE,
)
BROADCAST = re.compile(r"<!(?:channel|here|everyone)(?:\|[^<>]*)?>")


def problems_of_markup(text: str) -> Iterator[str]:
    """What is wrong with a text in Slack's markup."""
    if BROADCAST.search(text):
        yield "this app calls nobody by <!channel>, <!here> or <!everyone>: is a text not escaped?"
        return
    if ENTITY.search(text):
        yield "holds & that is not written &amp;"
    rest = QUOTE.sub("", SPECIAL.sub("", text))
    for character, written in (("<", "&lt;"), (">", "&gt;")):
        if character in rest:
            yield f"holds {character} that is neither {written} nor part of a link, mention or date"


def shown(text: str) -> str:
    """A text as a reader sees it: links and mentions reduced to what is shown, characters unescaped."""
    without = re.sub(r"<([^<>|]+)(?:\|([^<>]*))?>", lambda found: found[2] or found[1], text)
    return without.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
