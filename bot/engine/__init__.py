"""The gateway's side of the Rasa engine: speaking to it, and clearing away the sessions it has finished."""
