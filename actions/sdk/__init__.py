"""The action server: Rasa asks it what to do, and it does it in one transaction a turn."""
