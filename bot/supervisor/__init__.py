"""Keeping the parts running: started together, restarted when one dies, stopped together."""
