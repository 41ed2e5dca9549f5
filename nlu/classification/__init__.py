"""Classification: which intent a text is likeliest to carry, and how likely each is."""
