"""Understanding: what a contact means, read from text with placeholders in place of personal data."""
