"""The gateway: what contacts' browsers talk to, and what carries their messages to the engine."""
