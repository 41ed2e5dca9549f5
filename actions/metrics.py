"""What operators watch: counters and times of this process, for Prometheus, on a loopback port of its own.

Labels are routes, kinds and states of ours, never anything a contact wrote.
"""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram, start_http_server

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

ACTION_SECONDS = Histogram(
    "rightline_action_seconds", "Time the action server takes for a turn.", ["action"], buckets=SECONDS
)
STEPS = Counter("rightline_steps", "Attempts at steps of the journal, by how they went.", ["kind", "outcome"])
SLACK_CALLS = Counter(
    "rightline_slack_calls", "Attempts at calls to Slack, by how they went.", ["method", "outcome"]
)
SLACK_WAITING = Gauge("rightline_slack_calls_waiting", "Calls to Slack that wait to be made.")
SLACK_OLDEST = Gauge("rightline_slack_calls_oldest_seconds", "Age of the oldest call to Slack that waits.")
STEP_SECONDS = Histogram("rightline_step_seconds", "Time of an attempt at a step.", ["kind"], buckets=SECONDS)


def serve(port: int) -> None:
    """Serve `/metrics` on loopback from a thread of its own; nothing when the port is 0.

    Args:
        port: where, on 127.0.0.1.

    Raises:
        OSError: the port is taken.
    """
    if port:
        start_http_server(port, addr="127.0.0.1")
