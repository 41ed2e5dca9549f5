"""`./rightline doctor`: one look at everything that has to be right, and how to mend what is not."""
