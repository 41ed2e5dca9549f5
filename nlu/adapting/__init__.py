"""Adapting the encoder: what it learns, once for all models, about how privacy requests are written.

Nothing here runs when the assistant does, or when its model is trained: `data/encoder` keeps the outcome.
"""
