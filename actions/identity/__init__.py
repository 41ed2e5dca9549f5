"""Verification: codes to an address, and the proof a right code gives a conversation for a while."""
