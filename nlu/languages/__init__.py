"""Languages: which one a message is written in, where it is surely not English."""
