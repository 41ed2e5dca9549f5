"""Understanding: what a contact means, read from text whose personal data has been replaced by placeholders."""
