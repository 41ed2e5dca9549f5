"""Handovers as threads: who wants a person on the website is answered from the support channel."""
