"""Fulfilment: the journal of what is to be done, and its carrying out, each step once in effect."""
