"""Tryton (8) as the CRM: contacts are its parties, reached over its JSON-RPC.

`client` speaks the protocol, `naming` says where in Tryton each of our ideas lives, `mapping` reads parties,
and `services` is the port.
"""
