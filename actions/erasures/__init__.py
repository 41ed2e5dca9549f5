"""Erasures: remembered so that they stay done, completed when a ground ends, replayed after a restore."""
