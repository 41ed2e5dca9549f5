"""How a connector, or any part, tells what is wrong with it: see `actions.health.interfaces`."""
