"""Slack: the support desk's queue, cases, handovers and alerts, and the assistant itself."""
