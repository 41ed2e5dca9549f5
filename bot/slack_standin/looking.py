"""Looking at what stands in the stand-in Slack: channels, words, and what can be pressed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from bot.slack_standin.blocks import elements_in, texts_in
from bot.slack_standin.filling import CannotEnter, option, values_of
from bot.slack_standin.markup import shown
from bot.slack_standin.workspace import Place, Posted, View, Workspace

if TYPE_CHECKING:
    from bot.slack_standin.standin import StandInSlack


class Channel:
    """A conversation, looked at from outside."""

    def __init__(self, slack: StandInSlack, place: Place) -> None:
        self._slack = slack
        self.place = place

    @property
    def id(self) -> str:
        """Its id."""
        return self.place.id

    @property
    def messages(self) -> list[Posted]:
        """Everything everybody sees, oldest first, threads included."""
        return [one for one in self._slack.workspace.in_place(self.id) if one.only_for is None]

    def thread(self, ts: str) -> list[Posted]:
        """A message and what was answered in its thread, oldest first."""
        return [one for one in self.messages if ts in (one.ts, one.thread_ts)]


def words(where: Posted | View | Iterable[Posted]) -> str:
    """All the text of a message, a view, or several messages, as its reader sees it."""
    if isinstance(where, Posted):
        return shown("\n".join([*texts_in(where.blocks)] or [where.text]))
    if isinstance(where, View):
        return shown("\n".join(texts_in(where.content)))
    return "\n".join(map(words, where))


def _blocks(where: Posted | View, workspace: Workspace) -> list[dict[str, Any]]:
    if isinstance(where, Posted):
        return where.blocks
    blocks: list[dict[str, Any]] = where.as_json(workspace.team, workspace.app)["blocks"]
    return blocks


def find(
    where: Posted | View, action_id: str, value: str | None, workspace: Workspace
) -> list[dict[str, Any]]:
    """Every element with that `action_id`, and that value where one is named."""
    return [
        one
        for one in elements_in(_blocks(where, workspace))
        if one.get("action_id") == action_id and value in (None, one.get("value"))
    ]


def element(where: Posted | View, action_id: str, value: str | None, workspace: Workspace) -> dict[str, Any]:
    """The first element with that `action_id`.

    Raises:
        CannotEnter: there is none.
    """
    found = find(where, action_id, value, workspace)
    if not found:
        there = [one.get("action_id") for one in elements_in(_blocks(where, workspace))]
        raise CannotEnter(f"there is no {action_id}; there are {there}")
    return found[0]


def action(element: Mapping[str, Any], choose: Any, at: str) -> dict[str, Any]:
    """What Slack tells of an element that was used."""
    kind = element["type"]
    found: dict[str, Any] = {
        "type": kind,
        "action_id": element.get("action_id", ""),
        "block_id": element["block_id"],
        "action_ts": at,
    }
    if kind == "button":
        if "value" in element:
            found["value"] = element["value"]
        return {**found, "text": element["text"]}
    if kind == "overflow":
        return {**found, "selected_option": option(element, str(choose))}
    block = {"type": "actions", "block_id": element["block_id"], "elements": [element]}
    values = values_of([block], {str(element.get("action_id", "")): choose})
    return {**found, **values[element["block_id"]][str(element.get("action_id", ""))]}


def state(blocks: list[dict[str, Any]], action_id: str, choose: Any) -> dict[str, Any]:
    """The inputs of a view as they stand; what is required need not be there yet."""
    eased = [{**block, "optional": True} if block["type"] == "input" else block for block in blocks]
    known = [one.get("action_id") for one in elements_in(eased) if one["type"] not in ("button", "overflow")]
    return values_of(eased, {action_id: choose} if action_id in known else {})
