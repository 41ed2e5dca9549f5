"""One case's evidence, for the regulator: what happened, when, why, and how anybody can check it."""
