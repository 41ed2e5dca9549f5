"""Spelling: what a mistyped word was meant to be, by the words of the training examples."""
