"""`./rightline bench`: what a message costs, ours beside Rasa's default set-up in the same run."""
