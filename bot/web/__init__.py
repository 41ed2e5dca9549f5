"""What browsers get: the chat widget, the company page and the demo's mailbox."""
