"""What a handover's thread shows: its first message, what was said before, and each message after."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Any

from actions.wording import phrase
from bot.slack import blocks
from bot.slack.blocks import Marked
from bot.slack.interfaces import Block
from bot.slack.wording import marked, plain

TAKE, TAKE_OVER, HAND_BACK, CLOSE, UNCOVER = (
    "thread_take",
    "thread_take_over",
    "thread_hand_back",
    "thread_close",
    "thread_uncover",
)
SEND, KEEP = "thread_send_held", "thread_keep_held"
LAST_TURNS = 8
Called = Callable[[str], Marked]


def root(row: dict[str, Any], called: Called) -> list[Block]:
    """The first message: why, who, since when, and what can be done.

    Args:
        row: the handover as the desk shows it (`bot.desk.interfaces.Desk.conversation`), veiled.
        called: how a colleague is named.
    """
    reason = blocks.cut(str(row["reason"]), 500)
    title = marked(f"thread.root.{where(row)}")
    if reason:
        title = Marked(f"{title} · {marked('thread.reason', reason=reason)}")
    return [
        blocks.section(title),
        blocks.context(Marked(" · ".join(_facts(row, called)))),
        *_buttons(row),
    ]


def where(row: dict[str, Any]) -> str:
    """Where whoever wants a person is: `slack`, or `web` for everything else."""
    return "slack" if row.get("channel") == "slack" else "web"


def before(messages: Iterable[dict[str, Any]]) -> list[Block]:
    """The last turns before the wish for a person, in one message; nothing where there were none."""
    said = [line for line in (spoken(message) for message in messages) if line is not None]
    if not said:
        return []
    return [blocks.section(marked("thread.before")), *(blocks.context(line) for line in said[-LAST_TURNS:])]


def message(shown: dict[str, Any]) -> list[Block]:
    """One message of the conversation in its thread; nothing for what has no words.

    Args:
        shown: as `bot.desk.veil` shows it to agents.
    """
    line = spoken(shown)
    if line is None:
        return []
    if shown["from"] != "contact":
        return small(line)
    return [blocks.section(part) for part in blocks.paragraphs(line)]


def small(text: Marked) -> list[Block]:
    """A note in small print."""
    return [blocks.context(blocks.cut_marked(text, blocks.PARAGRAPH))]


def spoken(shown: dict[str, Any]) -> Marked | None:
    """Who said what, in a line; None for what was erased and for notes of the system."""
    if shown.get("erased") or shown["from"] == "system":
        return None
    if shown["from"] == "agent":
        return marked("thread.colleague", agent=shown.get("agent", ""), text=_words(shown))
    if shown["from"] == "contact":
        return marked("thread.visitor", text=_words(shown))
    return marked("thread.assistant", text=_words(shown))


def held(reply_id: int, *, over: bool) -> Block:
    """What can be done with a message that has not gone to the visitor."""
    send = plain("thread.take_over_and_send") if over else plain("thread.take_and_send")
    return blocks.actions(
        blocks.button(send, SEND, value=str(reply_id), style="primary"),
        blocks.button(plain("thread.keep_as_note"), KEEP, value=str(reply_id)),
    )


def moment(at: datetime | str) -> Marked:
    """An instant in the reader's own time, as Slack shows it."""
    instant = datetime.fromisoformat(at) if isinstance(at, str) else at
    return Marked(
        f"<!date^{int(instant.timestamp())}^{{date_short_pretty}} {{time}}|{instant:%d %b %H:%M} UTC>"
    )


def _facts(row: dict[str, Any], called: Called) -> Iterator[Marked]:
    identity = row["identity"]
    if "at" in identity:
        yield marked(f"thread.identity.{identity['state']}", since=moment(identity["at"]))
    else:
        yield marked("thread.identity.not_proven")
    for case in row["cases"]:
        due = date.fromisoformat(case["due"])
        right = phrase(f"right.{case['right']}")
        yield marked("thread.case", reference=case["reference"], right=right, due=f"{due:%-d %B %Y}")
    if row["state"] == "waiting":
        yield marked("thread.since", since=moment(row["requested_at"]))
    elif row["state"] == "taken":
        yield marked("thread.talking", agent=called(row["taken_by"]), since=moment(row["taken_at"]))
    else:
        yield marked(f"thread.over.{row['outcome']}", agent=called(row.get("taken_by", "")))


def _buttons(row: dict[str, Any]) -> list[Block]:
    value = str(row["id"])
    if row["state"] == "waiting":
        return [blocks.actions(blocks.button(plain("thread.take"), TAKE, value=value, style="primary"))]
    if row["state"] != "taken":
        return []
    sure = blocks.confirmation(
        plain("thread.take_over.title"),
        plain("thread.take_over.text", agent=row["taken_by"]),
        plain("thread.take_over.yes"),
        plain("thread.take_over.no"),
    )
    return [
        blocks.actions(
            blocks.button(plain("thread.hand_back"), HAND_BACK, value=value),
            blocks.button(plain("thread.close"), CLOSE, value=value),
            blocks.button(plain("thread.take_over"), TAKE_OVER, value=value, confirm=sure),
            blocks.button(plain("thread.uncover"), UNCOVER, value=value),
        )
    ]


def _words(shown: dict[str, Any]) -> str:
    if shown.get("fields"):
        return plain("thread.private", fields=", ".join(shown["fields"]))
    text = str(shown.get("text") or "")
    card = shown.get("card")
    return text if card is None else f"{text} {plain('thread.card', title=card['title'])}".strip()
