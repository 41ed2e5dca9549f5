"""The rights, one module each: what a request for it says, asks, decides and sets in motion."""
