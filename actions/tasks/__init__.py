"""The dialogue: what is being done for a contact now, what waits its turn, and what is asked next."""
