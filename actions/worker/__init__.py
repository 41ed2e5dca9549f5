"""The worker: the process that carries out the journal, lets things expire, and shows that it is alive."""
