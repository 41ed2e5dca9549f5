"""Policy retrieval: which sections of the privacy policy answer a message, or that none does."""
