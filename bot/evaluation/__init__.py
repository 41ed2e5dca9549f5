"""Measures the understanding on labelled text, and says what it found in figures, pictures and a page."""
