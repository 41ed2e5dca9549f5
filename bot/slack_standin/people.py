"""What people do in the stand-in Slack, one verb each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.slack_standin import looking, payloads, views
from bot.slack_standin.blocks import check_view
from bot.slack_standin.deliveries import Delivery
from bot.slack_standin.filling import CannotEnter, values_of
from bot.slack_standin.workspace import Person, Posted, View

if TYPE_CHECKING:
    from bot.slack_standin.standin import StandInSlack


class NotAcknowledged(AssertionError):
    """The app did not take something within three seconds; the person sees Slack's warning triangle."""


@dataclass(frozen=True)
class Submitted:
    """What came of submitting a modal.

    Attributes:
        errors: by block id, what the person reads beside an input.
        view: the modal on top now, or None when none is open any more.
    """

    errors: dict[str, str] = field(default_factory=dict)
    view: View | None = None


class User:
    """Somebody at their Slack window."""

    def __init__(self, slack: StandInSlack, person: Person) -> None:
        self._slack = slack
        self._workspace = slack.workspace
        self.person = person

    @property
    def id(self) -> str:
        """Their id."""
        return self.person.id

    # --- Writing ---

    def message(
        self, channel: str, text: str, *, thread_ts: str | None = None, wait: bool = True, raw: bool = False
    ) -> Posted:
        """Write something in a conversation, or in a thread of it.

        Args:
            channel: a channel's id, or "" for direct messages with the app.
            text: as it is typed; with `raw`, in Slack's markup already.
            thread_ts: of the thread's first message.
            wait: until the app has taken it.
        """
        workspace = self._workspace
        place = workspace.places[channel] if channel else workspace.direct(self.id)
        if self.id not in place.members:
            raise CannotEnter(f"{self.id} is not in {place.id}")
        content = text if raw else payloads.typed(text)
        message = workspace.post(Posted(place.id, workspace.next_ts(), self.id, content, thread_ts=thread_ts))
        if workspace.bot_user in place.members:
            if f"<@{workspace.bot_user}>" in content and place.kind != "im":
                self._event(payloads.mention_event(message, place, self.person), wait=wait)
            self._event(payloads.message_event(message, place, self.person), wait=wait)
        return message

    def mentions(self, channel: str, text: str, *, thread_ts: str | None = None, wait: bool = True) -> Posted:
        """Speak to the app in a channel."""
        content = f"<@{self._workspace.bot_user}> {payloads.typed(text)}"
        return self.message(channel, content, thread_ts=thread_ts, wait=wait, raw=True)

    def says(self, text: str, *, wait: bool = True) -> Posted:
        """Write the app a direct message."""
        return self.message("", text, wait=wait)

    def edits(self, message: Posted, text: str, *, wait: bool = True) -> None:
        """Edit what they wrote."""
        before, place = message.as_json(), self._workspace.places[message.channel]
        message.text, message.edited_at = payloads.typed(text), self._workspace.edit_ts()
        self._event(payloads.changed_event(self._workspace, before, message, place), wait=wait)

    def deletes(self, message: Posted, *, wait: bool = True) -> None:
        """Delete what they wrote; of one with replies Slack keeps the place, and tells of it as a change."""
        workspace, place = self._workspace, self._workspace.places[message.channel]
        has_replies = any(
            one.thread_ts == message.ts and one is not message for one in workspace.in_place(place.id)
        )
        with workspace.lock:
            workspace.messages.remove(message)
        told = payloads.entombed_event if has_replies else payloads.deleted_event
        self._event(told(workspace, message, place), wait=wait)

    def command(self, name: str, text: str = "", *, channel: str = "", wait: bool = True) -> Delivery:
        """Type a slash command; what the app acknowledges it with is shown to them."""
        workspace = self._workspace
        place = workspace.places[channel] if channel else workspace.direct(self.id)
        base = self._slack.address
        payload = payloads.command(workspace, self.person, place, name, text, base)
        delivery = self._bring("slash_commands", payload, wait=wait)
        answer = {"text": delivery.answer} if isinstance(delivery.answer, str) else delivery.answer
        if answer:
            self._slack.shows(answer, place.id, self.id)
        return delivery

    # --- Pressing and filling in ---

    def opens_home(self, tab: str = "home", *, wait: bool = True) -> None:
        """Open the app's Home."""
        self._event(payloads.home_event(self._workspace, self.person, tab), wait=wait)

    def press(
        self,
        action_id: str,
        *,
        message: Posted | None = None,
        view: View | None = None,
        value: str | None = None,
        choose: Any = None,
        wait: bool = True,
    ) -> Delivery:
        """Press a button, or choose in a menu; a confirmation is confirmed.

        Args:
            action_id: of the element.
            message: where; without, the modal on top, else the newest message they see with it, else Home.
            view: where.
            value: of the button, where several have the same `action_id`.
            choose: the value of the option, the date, or the user that is chosen.
            wait: until the app has taken it.
        """
        where = message or view or self._where(action_id, value)
        element = looking.element(where, action_id, value, self._workspace)
        payload = payloads.interaction(self._workspace, self.person, "block_actions")
        if isinstance(where, Posted):
            payload |= payloads.in_message(self._workspace, where, self.person, self._slack.address)
        else:
            blocks = where.as_json(self._workspace.team, self._workspace.app)["blocks"]
            payload |= payloads.in_view(self._workspace, where, looking.state(blocks, action_id, choose))
        payload["actions"] = [looking.action(element, choose, self._workspace.next_ts())]
        return self._bring("interactive", payload, wait=wait)

    def submit(
        self, callback_id: str | None = None, values: Mapping[str, Any] | None = None, *, wait: bool = True
    ) -> Submitted:
        """Fill in and submit the modal on top.

        Args:
            callback_id: that it must be this one.
            values: by `action_id` or `block_id`; what is left out keeps what stands there.
            wait: until the app has taken it.
        """
        view = self._top(callback_id)
        if "submit" not in view.content:
            raise CannotEnter("this modal has nothing to submit")
        state = values_of(view.as_json(self._workspace.team, self._workspace.app)["blocks"], values or {})
        payload = payloads.interaction(self._workspace, self.person, "view_submission")
        payload |= payloads.in_view(self._workspace, view, state) | {"response_urls": []}
        del payload["container"]
        delivery = self._bring("interactive", payload, wait=wait)
        return self._after_submission(view, delivery.answer or {})

    def closes(self, callback_id: str | None = None) -> None:
        """Close the modal on top without submitting it."""
        view = self._top(callback_id)
        with self._workspace.lock:
            if view.content.get("clear_on_close"):
                self._workspace.modals[self.id] = []
            else:
                self._workspace.modals[self.id].remove(view)
        if view.content.get("notify_on_close"):
            payload = payloads.interaction(self._workspace, self.person, "view_closed")
            payload |= payloads.in_view(self._workspace, view, {}) | {"is_cleared": False}
            self._bring("interactive", payload)

    def shortcut(self, callback_id: str, message: Posted | None = None) -> Delivery:
        """Use a shortcut, on a message or anywhere."""
        kind = "message_action" if message else "shortcut"
        payload = payloads.interaction(self._workspace, self.person, kind)
        payload |= {"callback_id": callback_id, "action_ts": self._workspace.next_ts()}
        if message:
            place = self._workspace.places[message.channel]
            payload |= {
                "channel": {"id": place.id, "name": place.name},
                "message": message.as_json(),
                "message_ts": message.ts,
                "response_url": payloads.response_url(
                    self._workspace, message, place.id, self.id, self._slack.address
                ),
            }
        return self._bring("interactive", payload)

    # --- Looking ---

    @property
    def modal(self) -> View | None:
        """The modal on top, or None."""
        stack = self._workspace.modals.get(self.id)
        return stack[-1] if stack else None

    @property
    def home(self) -> View | None:
        """The app's Home as it was published last, or None."""
        return self._workspace.homes.get(self.id)

    @property
    def sees(self) -> list[Posted]:
        """Every message in their conversations, what only they can see included, oldest first."""
        with self._workspace.lock:
            mine = {place.id for place in self._workspace.places.values() if self.id in place.members}
            return [
                one
                for one in self._workspace.messages
                if one.channel in mine and one.only_for in (None, self.id)
            ]

    @property
    def direct_messages(self) -> list[Posted]:
        """Their direct messages with the app, oldest first."""
        place = self._workspace.direct(self.id)
        return [*self._workspace.in_place(place.id)]

    @property
    def private(self) -> list[Posted]:
        """What only they can see, oldest first."""
        return [one for one in self.sees if one.only_for == self.id]

    # --- Underneath ---

    def _event(self, content: dict[str, Any], *, wait: bool) -> Delivery:
        return self._bring(
            "events_api", payloads.event(self._workspace, content, team=self.person.team), wait=wait
        )

    def _bring(self, kind: Any, payload: dict[str, Any], *, wait: bool = True) -> Delivery:
        delivery = self._slack.deliveries.bring(kind, payload, wait=wait)
        if wait and not delivery.acknowledged:
            raise NotAcknowledged(f"{payload.get('type', kind)}: {delivery.attempts or 'no attempt'}")
        return delivery

    def _top(self, callback_id: str | None) -> View:
        view = self.modal
        if view is None:
            raise CannotEnter("no modal is open")
        if callback_id is not None and view.content.get("callback_id") != callback_id:
            raise CannotEnter(f"the modal on top is {view.content.get('callback_id')!r}")
        return view

    def _where(self, action_id: str, value: str | None) -> Posted | View:
        places: list[Posted | View | None] = [self.modal] if self.modal else [*reversed(self.sees), self.home]
        for where in places:
            if where is not None and looking.find(where, action_id, value, self._workspace):
                return where
        raise CannotEnter(f"{self.id} sees no {action_id}")

    def _after_submission(self, view: View, answer: Mapping[str, Any]) -> Submitted:
        action = answer.get("response_action")
        workspace = self._workspace
        if action == "errors":
            inputs = {one.get("block_id") for one in view.content["blocks"] if one["type"] == "input"}
            if not answer["errors"] or not answer["errors"].keys() <= inputs:
                raise NotAcknowledged(f"errors are about inputs only: {answer['errors']}")
            return Submitted(dict(answer["errors"]), view)
        with workspace.lock:
            stack = workspace.modals[self.id]
            if action == "clear":
                stack.clear()
            elif action == "update":
                check_view(answer["view"])
                views.replace(workspace, view, answer["view"])
            elif action == "push":
                check_view(answer["view"])
                views.put_on_top(workspace, self.id, answer["view"])
            elif view in stack:
                stack.remove(view)
        return Submitted(view=self.modal)
