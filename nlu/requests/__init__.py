"""Requests: what a message asks for, and the words around it that ask for nothing."""
