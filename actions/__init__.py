"""Doing: identity, rights, cases, the CRM, the helpdesk, mail, and the record of all of it."""
