"""The notice to every new contact: that we hold their details, and what they can do (UK GDPR Art. 14)."""
