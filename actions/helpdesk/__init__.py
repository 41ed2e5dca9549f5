"""The helpdesk: a port, and the implementations behind it."""
