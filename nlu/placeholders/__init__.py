"""Placeholders: what stands in a message where personal data stood."""
