"""The audit trail: append-only, hash-chained, pseudonymous."""

from actions.audit.services import record, verify

__all__ = ["record", "verify"]
