"""The CRM: a port, and the implementations behind it."""
