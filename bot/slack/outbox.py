"""The queue of calls to Slack, by the name listeners use; its table is `actions.slack`'s."""

from __future__ import annotations

from actions.slack.outbox import by_key, cancel, channel_of, enqueue, ts_of

__all__ = ["by_key", "cancel", "channel_of", "enqueue", "ts_of"]
