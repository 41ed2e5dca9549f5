"""Talking: the web gateway and its widget, Slack, the command line, and what keeps the parts running."""
