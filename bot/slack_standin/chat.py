"""The methods of `chat.*` and `reactions.*`."""

from __future__ import annotations

from typing import Any

from bot.slack_standin.blocks import check_message_blocks
from bot.slack_standin.errors import ApiError
from bot.slack_standin.markup import problems_of_markup
from bot.slack_standin.workspace import Place, Posted, Workspace

CHARACTERS = 40_000
METADATA_BYTES = 3_000

Arguments = dict[str, Any]


def post_message(workspace: Workspace, given: Arguments) -> Arguments:
    """`chat.postMessage`."""
    place = _postable(workspace, given.get("channel"))
    text, blocks = _content(given)
    thread = given.get("thread_ts")
    if thread is not None:
        thread = _parent(workspace, place, thread)
    message = workspace.post(
        Posted(
            place.id,
            workspace.next_ts(),
            workspace.bot_user,
            text,
            blocks,
            thread,
            metadata=given.get("metadata"),
            by_app=True,
        )
    )
    return {"channel": place.id, "ts": message.ts, "message": message.as_json()}


def post_ephemeral(workspace: Workspace, given: Arguments) -> Arguments:
    """`chat.postEphemeral`."""
    place = _postable(workspace, given.get("channel"))
    user = workspace.person(given.get("user")).id
    if user not in place.members:
        raise ApiError("user_not_in_channel")
    text, blocks = _content(given)
    message = Posted(place.id, workspace.next_ts(), workspace.bot_user, text, blocks, by_app=True)
    message.only_for, message.thread_ts = user, given.get("thread_ts")
    workspace.post(message)
    return {"message_ts": message.ts}


def update(workspace: Workspace, given: Arguments) -> Arguments:
    """`chat.update`; without `blocks` the message keeps those it has, as with Slack."""
    place = workspace.place(_identifier(given.get("channel"), "CGD"))
    message = workspace.message(place.id, given.get("ts"))
    if not message.by_app:
        raise ApiError("cant_update_message")
    text, blocks = _content(given, updating=True)
    with workspace.lock:
        message.text = text or message.text
        message.blocks = blocks if "blocks" in given else message.blocks
        message.metadata = given.get("metadata", message.metadata)
        message.edited_at = workspace.edit_ts()
    return {"channel": place.id, "ts": message.ts, "text": message.text, "message": message.as_json()}


def delete(workspace: Workspace, given: Arguments) -> Arguments:
    """`chat.delete`."""
    place = workspace.place(given.get("channel"))
    message = workspace.message(place.id, given.get("ts"))
    if not message.by_app:
        raise ApiError("cant_delete_message")
    with workspace.lock:
        workspace.messages.remove(message)
        workspace.deleted.append(message)
    return {"channel": place.id, "ts": message.ts}


def permalink(workspace: Workspace, given: Arguments) -> Arguments:
    """`chat.getPermalink`."""
    message = workspace.message(workspace.place(given.get("channel")).id, given.get("message_ts"))
    address = f"https://standin.slack.com/archives/{message.channel}/p{message.ts.replace('.', '')}"
    return {"channel": message.channel, "permalink": address}


def add_reaction(workspace: Workspace, given: Arguments) -> Arguments:
    """`reactions.add`."""
    message, name = _reacted(workspace, given)
    if name in message.reactions:
        raise ApiError("already_reacted")
    message.reactions.add(name)
    return {}


def remove_reaction(workspace: Workspace, given: Arguments) -> Arguments:
    """`reactions.remove`."""
    message, name = _reacted(workspace, given)
    if name not in message.reactions:
        raise ApiError("no_reaction")
    message.reactions.remove(name)
    return {}


def respond(workspace: Workspace, key: str, given: Arguments) -> None:
    """What an app sends to a `response_url`: five times at most.

    Raises:
        ApiError: it was used too often, or its content would be refused.
    """
    with workspace.lock:
        if key not in workspace.response_urls:
            raise ApiError("expired_url")
        original, channel, user, left = workspace.response_urls[key]
        if left == 0:
            raise ApiError("used_url")
        workspace.response_urls[key] = (original, channel, user, left - 1)
        if given.get("delete_original") and original is not None:
            workspace.messages.remove(original)
            workspace.deleted.append(original)
            return
        text, blocks = _content(given)
        if given.get("replace_original") and original is not None:
            original.text, original.blocks, original.edited_at = text, blocks, workspace.edit_ts()
            return
        message = Posted(channel, workspace.next_ts(), workspace.bot_user, text, blocks, by_app=True)
        message.only_for = None if given.get("response_type") == "in_channel" else user
        message.thread_ts = given.get("thread_ts")
        workspace.post(message)


def _reacted(workspace: Workspace, given: Arguments) -> tuple[Posted, str]:
    message = workspace.message(workspace.place(given.get("channel")).id, given.get("timestamp"))
    name = given.get("name")
    if not isinstance(name, str) or not name.strip(":"):
        raise ApiError("invalid_name")
    return message, name


def _postable(workspace: Workspace, channel: Any) -> Place:
    if isinstance(channel, str) and channel[:1] in "UW" and channel in workspace.people:
        place = workspace.direct(channel)
    else:
        place = workspace.place(channel)
    if place.archived:
        raise ApiError("is_archived")
    if workspace.bot_user not in place.members:
        raise ApiError("not_in_channel")
    return place


def _parent(workspace: Workspace, place: Place, thread: Any) -> str:
    if not isinstance(thread, str):
        raise ApiError("invalid_arguments", "thread_ts: must be a string")
    message = next((one for one in workspace.in_place(place.id) if one.ts == thread), None)
    if message is None:
        # Slack posts into a thread of nothing; nobody wants to.
        raise ApiError("thread_not_found")
    if message.thread_ts not in (None, message.ts):
        raise ApiError("invalid_arguments", "thread_ts: must be the parent's, not a reply's")
    return thread


def _content(given: Arguments, *, updating: bool = False) -> tuple[str, list[dict[str, Any]]]:
    text, blocks = given.get("text") or "", given.get("blocks") or []
    if not isinstance(text, str):
        raise ApiError("invalid_arguments", "text: must be a string")
    if not text.strip() and not (updating and "blocks" in given and not blocks):
        # With blocks alone Slack takes it, and notifications and screen readers have nothing to say.
        raise ApiError("no_text", "give a text for notifications, beside blocks too")
    if len(text) > CHARACTERS:
        raise ApiError("msg_too_long")
    problems = [*problems_of_markup(text)] if given.get("mrkdwn", True) else []
    if problems:
        raise ApiError("invalid_arguments", *(f"text: {problem}" for problem in problems))
    check_message_blocks(blocks)
    _check_metadata(given.get("metadata"))
    return text, blocks


def _check_metadata(metadata: Any) -> None:
    if metadata is None:
        return
    fits = isinstance(metadata, dict) and {"event_type", "event_payload"} == metadata.keys()
    if not fits or not isinstance(metadata["event_payload"], dict):
        raise ApiError("invalid_metadata_format")
    if len(str(metadata)) > METADATA_BYTES:
        raise ApiError("metadata_too_large")


def _identifier(value: Any, kinds: str) -> str:
    if not isinstance(value, str) or value[:1] not in kinds:
        raise ApiError("channel_not_found")
    return value
