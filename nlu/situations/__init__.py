"""Situations: what else turns up in a message beside any request, such as danger, a child or an insult."""
