"""Worked examples for docs/connectors.md."""
