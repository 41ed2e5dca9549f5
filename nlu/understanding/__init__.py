"""Understanding: what is done about a message, decided with care for what cannot be undone."""
