"""Conversations: one message log each, and the turns that answer what a contact wrote."""
