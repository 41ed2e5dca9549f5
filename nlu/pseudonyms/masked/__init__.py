"""Finds what nobody may keep: card numbers, passwords, identity papers, bank details and health data.

Other identifiers are put away and stand behind a placeholder. These are taken out of the message before it is
stored, and go neither to the vault nor to the engine.
"""
