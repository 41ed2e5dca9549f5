"""The support desk, and the assistant, in Slack."""
