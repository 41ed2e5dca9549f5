"""A person instead of the assistant: asked for, waited for, taken over, handed back."""
