"""Recipients: who was given a contact's data, and telling them of a change (UK GDPR Art. 19)."""
