"""Cases: every request on record, with its reference, state, due date and history."""
