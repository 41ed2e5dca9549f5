"""Communication preferences and suppression: who must not be sent marketing, on file or not."""
