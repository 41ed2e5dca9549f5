"""Dialogue: which one action answers a turn."""
