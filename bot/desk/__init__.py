"""The support desk: what agents see of conversations and do in them, in a browser or elsewhere."""
